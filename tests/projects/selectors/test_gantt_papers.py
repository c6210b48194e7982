"""The Gantt chart on paper: bars and scale as shares of the chart, words, fixed queries."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from pytest_django.fixtures import DjangoAssertNumQueries

from projects.choices import TaskKind
from projects.models import BaselineTask, Project, Task
from projects.selectors.gantt_papers import BASELINE, gantt_paper
from projects.services import baselines, links, progress, tasks
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db

MADE = datetime(2026, 3, 10, 9, tzinfo=UTC)
DAY = 480


def planned(count: int = 1) -> Project:
    """Return Dig (2 to 6 Mar) before Pour and a milestone, known up to Wed 4 Mar, with a baseline."""
    project = factories.project("NW-1", name="Bridge", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    for _number in range(count):
        dig = factories.task(project, "Dig *deep*", duration=5 * DAY, deadline=moment(5, 17))
        pour = factories.task(project, "Pour", duration=2 * DAY)
        links.add_link(actor=None, project=project, predecessor=dig, successor=pour)
    factories.task(project, "Open", kind=TaskKind.FINISH_MILESTONE, duration=0)
    baselines.set_baseline(actor=None, project=project, name="First", effective_from=date(2026, 3, 1))
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 4))
    progress.record_progress(
        actor=None,
        task=dig,
        data_date=date(2026, 3, 4),
        actual_start=moment(2),
        remaining_duration=2 * DAY,
    )
    return Project.objects.select_related("calendar").get()


def test_bars_are_shares_of_the_chart() -> None:
    """The chart reaches from a day before the first bar to two days after the last: 1 to 12 March."""
    paper = gantt_paper(planned(), rights={BASELINE}, made_at=MADE)

    dig, pour, gate = paper["rows"]
    assert (dig["wbs"], dig["name"], dig["start"], dig["finish"]) == (
        "1",
        "Dig *deep*",
        "2 Mar 2026",
        "6 Mar 2026",
    )
    assert dig["bar"] == {"start": round(32 / 264, 5), "end": round(137 / 264, 5)}
    assert (dig["done"], dig["is_critical"], dig["is_missed"]) == (0.6, True, True)
    assert dig["deadline"] == round(113 / 264, 5)
    assert (pour["before"], gate["kind"]) == ("1", "milestone")
    assert dig["baseline"] == dig["bar"]
    assert paper["known"] == round(96 / 264, 5)
    assert [tick["text"] for tick in paper["scale"]["above"]] == ["Mar 26"]
    assert [tick["text"] for tick in paper["scale"]["below"]] == [str(day) for day in range(1, 12)]
    assert paper["subtitle"] == "3 rows · status known up to 4 March 2026"
    assert [kind for kind, _words in paper["legend"]][-2:] == ["baseline", "known"]


def test_bar_of_interrupted_work_has_a_gap() -> None:
    """Two days of work, two of rest, two over a weekend, half of it done: the first piece, no weekend."""
    project = factories.project("NW-1", planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    task = tasks.create_task(
        actor=None, project=project, name="Dive", duration=4 * DAY, interruptions=[[2 * DAY, 2 * DAY]]
    )
    Task.objects.filter(pk=task.pk).update(percent_complete=50)
    project = Project.objects.select_related("calendar").get()

    paper = gantt_paper(project, rights=set(), made_at=MADE)

    hours = 10 * 24
    assert paper["rows"][0]["pieces"] == (
        {"start": round(32 / hours, 5), "end": round(65 / hours, 5), "done": 1.0},
        {"start": round(128 / hours, 5), "end": round(209 / hours, 5), "done": 0.0},
    )
    assert ["interrupted", "Interrupted task"] in paper["legend"]


def test_queries_do_not_grow_with_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """1 and 3 pairs of rows."""
    project = planned(3)

    with django_assert_num_queries(4):
        gantt_paper(project, rights={BASELINE}, made_at=MADE)


@pytest.mark.parametrize(
    ("days", "above", "below"),
    [(60, "Mar 26", "2"), (500, "2026", "Mar"), (2000, "2026", "Q1"), (5000, None, "2026")],
)
def test_scale_gets_coarser_with_the_span(days: int, above: str | None, below: str) -> None:
    """Weeks, months, quarters, years; what does not read on paper is not drawn."""
    project = factories.project("NW-1")
    finish = moment(2, 17).replace(year=2026 + days // 365)
    factories.task(
        project, "Long", planned_start=moment(2), planned_finish=finish if days > 365 else moment(1, month=5)
    )

    scale = gantt_paper(Project.objects.select_related("calendar").get(), rights={BASELINE}, made_at=MADE)[
        "scale"
    ]

    words = [tick["text"] for tick in scale["below"]]
    assert ([tick["text"] for tick in scale["above"]][:1], below in words) == ([above] if above else [], True)
    assert len(words) <= 40


def test_empty_plan_and_german() -> None:
    """A plan without rows says so, in the language of the reader."""
    project = factories.project("NW-1", planned_start=None)

    with override("de"):
        paper = gantt_paper(project, rights={BASELINE}, made_at=MADE)

    assert (paper["rows"], paper["known"]) == ([], None)
    assert paper["empty"] == "Der Plan hat noch keine Zeilen."
    assert paper["head"][1] == "Name"


def test_baseline_is_drawn_for_who_may_see_it() -> None:
    """SEC-13: neither bars nor their sign in the legend, and the axis does not tell either."""
    project = planned()
    Task.objects.filter(name__startswith="Dig").update(planned_start=moment(4))
    BaselineTask.objects.filter(task__name="Pour").update(finish=moment(30, 17))

    drawn = gantt_paper(project, rights={BASELINE}, made_at=MADE)
    bare = gantt_paper(project, rights={"task.view", "export.run"}, made_at=MADE)

    assert [row["baseline"] is not None for row in drawn["rows"]] == [True, True, True]
    assert [row["baseline"] for row in bare["rows"]] == [None, None, None]
    assert "baseline" not in {kind for kind, _words in bare["legend"]}
    assert len(bare["scale"]["below"]) < 14


def test_axis_leaves_out_a_date_of_other_centuries() -> None:
    """The plan stays readable, and the scale does not run for thousands of years."""
    project = planned()
    Task.objects.filter(name="Pour").update(deadline=datetime(9998, 3, 2, tzinfo=UTC))
    Task.objects.filter(name="Open").update(planned_start=datetime(101, 3, 2, tzinfo=UTC))

    paper = gantt_paper(project, rights={BASELINE}, made_at=MADE)

    assert [tick["text"] for tick in paper["scale"]["above"]] == ["Mar 26"]
    assert paper["rows"][1]["deadline"] == 1.0
