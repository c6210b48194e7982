"""Numbers as people read them, icons and addresses that keep their filters."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from pmo_portal.common.templatetags import common


def rendered(source: str, address: str = "/list/", **values: object) -> str:
    request = RequestFactory().get(address)
    return Template("{% load common %}" + source).render(RequestContext(request, values))


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("0.945"), "0.95"), (Decimal("0.9449"), "0.94"), (Decimal("-0.125"), "−0.13"), (None, "—")],
)
def test_index2_rounds_half_up(value: Decimal | None, text: str) -> None:
    """CON-1: indices have two decimals, rounded half up; CON-4: undefined is a dash."""
    assert common.index2(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("42.25"), "42.3\u00a0%"), (0, "0.0\u00a0%"), (None, "—"), ("", "—"), ("n/a", "—")],
)
def test_percent1_has_one_decimal(value: object, text: str) -> None:
    """CON-1: percentages have one decimal; zero is a value, nothing is a dash."""
    assert common.percent1(value) == text


def test_money_is_grouped_and_carries_its_currency() -> None:
    """CON-1: money has 0 or 2 decimals and its currency next to it."""
    amount = Decimal("1250000.50")

    assert common.money(amount, "EUR") == "1,250,001\u00a0EUR"
    assert common.money2(amount, "EUR") == "1,250,000.50\u00a0EUR"
    assert common.money(None, "EUR") == "—"


def test_money_follows_the_language() -> None:
    with translation.override("de"):
        assert common.money2(Decimal("-1234.5"), "EUR") == "−1.234,50\u00a0EUR"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1250000"), "1.3\u00a0M"),
        (Decimal("516960200000"), "517.0\u00a0bn"),
        (Decimal("-48250"), "−48.3\u00a0k"),
        (Decimal("999"), "999"),
        (None, "—"),
    ],
)
def test_money_short_picks_its_size(value: Decimal | None, text: str) -> None:
    assert common.money_short(value) == text


def test_a_column_of_money_has_one_unit() -> None:
    """CON-3: lines that are compared are written alike; the exact amount is in the export."""
    amounts = [Decimal("800000"), Decimal("1800000"), Decimal("-41234.5")]
    amounts += [Decimal("171400000"), Decimal("12131500000"), None]

    written = [common.money_thousands(amount, "EUR").replace("\xa0", " ") for amount in amounts]

    assert written == ["800 k EUR", "1,800 k EUR", "−41 k EUR", "171.4 M EUR", "12.1 bn EUR", "—"]


def test_signed0_shows_the_sign() -> None:
    """A movement in days."""
    assert [common.signed0(value) for value in (5, -12, 0)] == ["+5", "−12", "0"]


def test_signed1_shows_the_sign() -> None:
    """HLT-7: a trend is read with its sign."""
    assert [common.signed1(value) for value in (5, Decimal("-12.25"), 0)] == ["+5.0", "−12.3", "0.0"]


def test_dash_keeps_zero() -> None:
    """CON-4: zero is a value and is never hidden."""
    assert [common.dash(value) for value in (0, "", None, "x")] == [0, "—", "—", "x"]


def test_reason_text_has_every_code() -> None:
    """CON-4: each reason code has a sentence; a sentence stays as it is."""
    assert len(common.REASONS) == 19
    assert common.reason_text("NO_BASELINE") == "No baseline has been set yet."
    assert common.reason_text("The rate of May is missing.") == "The rate of May is missing."


def test_icon_is_hidden_from_screen_readers() -> None:
    svg = rendered('{% icon "flag" "spin" %}')

    assert 'aria-hidden="true"' in svg
    assert 'sprite.svg#flag"' in svg
    assert 'class="icon spin"' in svg


def test_icon_escapes_its_name() -> None:
    """SEC-25: a name that came as data cannot break out of its attribute."""
    assert "<script>" not in rendered("{% icon name %}", name='"><script>alert(1)</script>')


def test_query_transform_keeps_the_other_filters() -> None:
    text = rendered("{% query_transform page=2 sort=None %}", "/list/?q=a%26b&sort=name&page=9")

    assert text == "?q=a%26b&amp;page=2"


def test_kept_parameters_leaves_names_out() -> None:
    source = (
        '{% kept_parameters "page" as kept %}{% for name, value in kept %}{{ name }}={{ value }};{% endfor %}'
    )

    assert rendered(source, "/list/?color=RED&color=AMBER&page=2") == "color=RED;color=AMBER;"


def test_sort_link_turns_round_on_the_second_click() -> None:
    assert 'href="?sort=-name"' in rendered('{% sort_link "name" "Name" %}', "/list/?sort=name&page=3")
    assert 'href="?sort=name"' in rendered('{% sort_link "name" "Name" %}', "/list/?sort=-name")


def test_elided_pages_shows_the_neighborhood() -> None:
    page = Paginator(range(1000), 10).get_page(50)

    assert common.elided_pages(page) == [1, Paginator.ELLIPSIS, 48, 49, 50, 51, 52, Paginator.ELLIPSIS, 100]


@pytest.mark.parametrize(
    ("tags", "address"),
    [
        ("undo:/tasks/7/restore/", "/tasks/7/restore/"),
        ("undo://evil.example/", ""),
        ("undo:https://x", ""),
        ("", ""),
    ],
)
def test_undo_address_stays_on_this_site(tags: str, address: str) -> None:
    assert common.undo_address(SimpleNamespace(extra_tags=tags)) == address


def test_initials_of_names_and_addresses() -> None:
    assert [common.initials(name) for name in ("Alice Archer", "bob", "", "dana.drew@x.org")] == [
        "AA",
        "B",
        "?",
        "DD",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a minute"),
        (59, "less than a minute"),
        (60, "1\u00a0minute"),
        (4140, "1\u00a0hour, 9\u00a0minutes"),
    ],
)
def test_what_is_new_is_not_zero_minutes_old(seconds: int, text: str) -> None:
    """Figures computed a moment ago are less than a minute old."""
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert common.age(now - timedelta(seconds=seconds), now) == text
