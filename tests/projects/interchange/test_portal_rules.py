"""The portal's own rules of scheduling as a text in files of other tools."""

import doctest
from dataclasses import replace
from datetime import date, datetime

import pytest

from projects.engine.scheduling.schedule import compute_schedule
from projects.interchange import plausible, portal_rules
from projects.interchange.document import ProjectDocument, ProjectOptions, Task
from projects.interchange.portal_rules import (
    FIELD,
    rules_problems,
    rules_text,
    with_project_row,
    with_rules,
    with_rules_of_row,
)
from projects.interchange.scheduled import moment_at, plan_of
from projects.interchange.vocabulary import Convention, FloatMode, LagCalendar, ProgressMode

pytestmark = pytest.mark.pure

OWN = ProjectOptions(
    name="Bridge",
    convention=Convention.PORTAL,
    float_mode=FloatMode.START,
    lag_calendar=LagCalendar.ALWAYS,
    progress_mode=ProgressMode.PROGRESS_OVERRIDE,
    planned_start=datetime(2026, 3, 2, 8),
    must_finish_by=datetime(2026, 5, 1),
)


def test_row_of_the_project_carries_the_rules() -> None:
    """They come back into the options, and are no own field of a row."""
    out = with_project_row(ProjectDocument(options=OWN, tasks=(Task(uid=1, name="Dig"),)))

    back = with_rules_of_row(ProjectDocument(options=ProjectOptions(name="Bridge"), tasks=out.tasks))

    assert (back.options, back.tasks[0].extra, back.tasks[0].name) == (OWN, {}, "Bridge")
    assert len(out.tasks[0].extra[FIELD]) < 255


@pytest.mark.parametrize(
    "text",
    [
        "",
        "convention",
        "convention=; float=x",
        "must finish by=soon",
        "name=Other; lags=MOON",
        "=;=;",
        "=x; lags",
        "must finish by=0001-01-01",
        "must finish by=9999-12-31T23:59",
        "start=2026-03-02T00:00:00+02:00",
    ],
)
def test_text_that_says_something_else_changes_nothing(text: str) -> None:
    """Anybody may have changed it in the other tool."""
    assert with_rules(OWN, text) == OWN


def test_status_date_of_the_other_tool_is_no_start_of_a_plan_of_the_portal() -> None:
    """Only plans of Primavera begin at their data date; the status date itself stays."""
    kept = ProjectOptions(scheduled_from=datetime(2026, 3, 9, 17))

    assert with_rules(kept, "convention=PORTAL").scheduled_from is None
    assert with_rules(kept, "convention=MICROSOFT").scheduled_from == kept.scheduled_from


@pytest.mark.parametrize(("is_day", "text"), [(True, "2026-03-02"), (False, "2026-03-02T00:00:00")])
def test_day_the_plan_starts_on_stays_a_day(is_day: bool, text: str) -> None:
    """A tool's moment and a day somebody gave the plan differ in what the data date means."""
    start = datetime(2026, 3, 2)
    options = replace(OWN, planned_start=start, has_start_day=is_day)

    assert f"; start={text}; " in rules_text(options)
    assert with_rules(ProjectOptions(name="Bridge"), rules_text(options)) == options


def test_start_moved_in_the_other_tool_counts_and_is_told() -> None:
    """The row still says the old one; another hour of the same day is no other start."""
    options = replace(OWN, planned_start=datetime(2026, 3, 2), has_start_day=True)
    out = with_project_row(ProjectDocument(options=options, tasks=(Task(uid=1, name="Dig"),)))
    same, moved = (replace(out, options=ProjectOptions(start=datetime(2026, 3, day, 8))) for day in (2, 9))

    days = [with_rules_of_row(item).options.planned_start for item in (same, moved)]

    assert days == [datetime(2026, 3, 2), datetime(2026, 3, 9)]
    assert with_rules_of_row(moved).options.has_start_day
    assert [(item.code, item.values) for item in rules_problems(moved)] == [
        ("START_MOVED", {"day": "2026-03-02"})
    ]
    assert rules_problems(same) == rules_problems(ProjectDocument(options=OWN)) == ()


def test_document_that_has_the_row_keeps_it() -> None:
    """And one without rows gets none: there is nothing to schedule."""
    own = ProjectDocument(options=OWN, tasks=(Task(uid=0, name="Own", is_project=True),))
    empty = ProjectDocument(options=OWN)

    assert (with_project_row(own), with_project_row(empty)) == (own, empty)
    assert with_rules_of_row(own) == own


def test_examples_in_docstrings_hold() -> None:
    """The examples people read are true."""
    assert doctest.testmod(portal_rules).failed == doctest.testmod(plausible).failed == 0
    assert rules_text(OWN).startswith("convention=PORTAL; ")


def test_plan_of_the_portal_goes_on_after_its_data_date_in_a_file() -> None:
    """SCH-21: begun on Mon 2 Mar, three days left at the end of Thu 5 Mar: it ends on Tue 10 Mar."""
    begun = Task(
        uid=1, name="Dig", duration=2400, remaining_duration=1440, actual_start=datetime(2026, 3, 2, 8)
    )
    options = replace(OWN, status_date=date(2026, 3, 5), scheduled_from=None)

    plan = plan_of(ProjectDocument(options=options, tasks=(begun,)))

    dated = compute_schedule(plan.network, plan.options)
    assert moment_at(int(dated.early_finish[0])) == datetime(2026, 3, 10, 17)
