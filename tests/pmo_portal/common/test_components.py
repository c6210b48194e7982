"""The shell and its components, rendered."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation


def component(name: str, **values: object) -> str:
    return render_to_string(f"components/_{name}.html", values)


@pytest.fixture
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("color", "letter", "text"),
    [
        ("GREEN", ">G<", "Green"),
        ("AMBER", ">A<", "Amber"),
        ("RED", ">R<", "Red"),
        ("GREY", ">–<", "Not rated"),
    ],
)
def test_health_badge_has_letter_and_text(color: str, letter: str, text: str) -> None:
    """CON-10: color is always shown with a letter and a text."""
    for size in ("sm", "md", "lg"):
        html = component("health_badge", color=color, size=size)

        assert letter in html
        assert text in html


def test_health_badge_of_complete_work_has_a_check() -> None:
    html = component("health_badge", color="BLUE", url="/why/")

    assert "sprite.svg#check" in html
    assert "Complete" in html
    assert '<a class="health health-blue health-md" href="/why/"' in html


def test_metric_without_value_gives_the_reason() -> None:
    """CON-4: undefined is a dash with the reason, never 0."""
    html = component("metric", label="CPI", value=None, reason="NO_COST")

    assert html.count("No cost has been recorded yet.") == 3
    assert ">0<" not in html


def test_metric_shows_zero_as_a_value() -> None:
    assert "undefined" not in component("metric", label="Overdue", value=0)


def test_money_gives_the_reason_for_nothing() -> None:
    html = component("money", value=None, currency="EUR", reason="NO_BUDGET")

    assert "The planned work carries no budget." in html
    assert "EUR" not in html


def test_trend_says_its_direction() -> None:
    """HLT-7: direction is a word, not only an arrow."""
    assert "−12.2" in component("trend", direction="declining", delta=-12.2)
    assert "declining" in component("trend", direction="declining", delta=-12.2, hide_text=True)


@pytest.mark.usefixtures("german")
def test_distribution_bar_has_widths_a_browser_reads() -> None:
    """Widths keep the decimal point in languages that write a comma."""
    part = SimpleNamespace(color="RED", label="Red", value=1, share=16.5, offset=40.25, url=None)

    html = component("distribution_bar", segments=[part], label="Projects")

    assert 'x="40.25%"' in html
    assert 'width="16.5%"' in html


def test_chart_data_cannot_break_out() -> None:
    """SEC-25: data reaches scripts by json_script only."""
    data = {"points": [{"name": "</script><script>alert(1)</script>"}]}

    html = component("chart", id="c", kind="bubble", data=data, label="Risk", rows=[["<b>P1</b>", None]])

    assert html.count("<script") == 1
    assert "&lt;b&gt;P1&lt;/b&gt;" in html


def test_progress_asks_again_only_while_it_runs() -> None:
    running = component("progress", title="Roll-up", percent=62.4, state="running", poll_url="/jobs/1/")
    ended = component("progress", title="Roll-up", percent=100, state="succeeded", result_url="/x/")

    assert 'hx-get="/jobs/1/" hx-trigger="every 1s"' in running
    assert 'value="62"' in running
    assert "hx-" not in ended


def test_pagination_keeps_the_filters() -> None:
    request = RequestFactory().get("/list/?color=RED&page=2")
    page = Paginator(range(100), 10).get_page(2)
    template = Template('{% include "components/_pagination.html" with page=page only %}')

    html = template.render(RequestContext(request, {"page": page}))

    assert "11–20 of 100" in html
    assert 'href="?color=RED&amp;page=3"' in html


def test_as_of_keeps_the_other_parameters() -> None:
    request = RequestFactory().get("/dash/?view=mine&as_of=2026-01-31")
    template = Template('{% include "components/_as_of.html" with as_of=as_of only %}')

    html = template.render(RequestContext(request, {"as_of": date(2026, 1, 31)}))

    assert '<input type="hidden" name="view" value="mine">' in html
    assert 'value="2026-01-31"' in html
    assert 'href="?view=mine"' in html


def test_explanation_shows_reason_and_distance() -> None:
    """CON-4 and section 11.2: what decided, how far the next color is, and why a value is missing."""
    known = {"code": "HS1", "name": "Slip", "value": "22.0", "green": "≤ 5", "amber": "≤ 15", "color": "RED"}
    unknown = {"code": "HC2", "name": "CPI", "value": None, "color": "GREY", "reason": "NO_COST"}
    dimension = {
        "name": "Schedule",
        "weight": 25,
        "declared": "AMBER",
        "computed": "RED",
        "effective": "RED",
        "indicators": [known | {"distance": "2 more days turn this amber"}, unknown],
    }
    explanation = {"color": "RED", "computed": "RED", "rule": "Schedule is red.", "rated": [dimension]}

    html = component("explanation", explanation=explanation)

    assert "Schedule is red." in html
    assert "2 more days turn this amber" in html
    assert html.count("No cost has been recorded yet.") == 3
    assert "Nobody declared a color." in html


def test_shell_renders_for_a_stranger() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    html = render_to_string("base.html", request=request)

    assert 'href="#content"' in html
    assert "sign out" not in html.lower()


def test_shell_marks_the_present_page() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    entry = SimpleNamespace(title="Jobs", url="/jobs/", icon="player-play", is_active=True, group="")

    html = render_to_string("base.html", {"navigation": [entry]}, request=request)

    assert 'aria-current="page"' in html


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_error_page_needs_neither_request_nor_database(status: int) -> None:
    """An error page still comes when the database is what failed, and says what to do."""
    html = render_to_string(f"errors/{status}.html", {"status": status})

    assert f"Error {status}" in html
    assert "What you can do" in html
    assert "<script" not in html
