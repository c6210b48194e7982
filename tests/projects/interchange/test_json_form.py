"""The neutral document survives its JSON form unchanged (issue section 4, one neutral document)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from projects.interchange.document import (
    Assignment,
    Baseline,
    BaselineRow,
    Calendar,
    CalendarException,
    Interval,
    Link,
    ProjectDocument,
    ProjectOptions,
    Resource,
    Split,
    Task,
    Weekdays,
    WorkWeek,
)
from projects.interchange.json_form import from_data, from_json, to_data, to_json
from projects.interchange.problems import Place, Problem
from projects.interchange.vocabulary import (
    Constraint,
    Convention,
    DurationKind,
    LagCalendar,
    LagUnit,
    LinkType,
    Severity,
    TaskKind,
)

MORNING = Interval(480, 720)


def full_document() -> ProjectDocument:
    """Return a document that uses every kind of value."""
    return ProjectDocument(
        options=ProjectOptions(
            name="Bridge",
            convention=Convention.PRIMAVERA,
            start=datetime(2026, 3, 2, 8),
            status_date=date(2026, 3, 8),
            minutes_per_day=450,
        ),
        calendars=(
            Calendar(
                uid=1,
                name="Standard",
                weekdays=Weekdays(monday=(MORNING, Interval(780, 1020)), sunday=()),
                exceptions=(CalendarException(date(2026, 3, 9), date(2026, 3, 9), "Holiday"),),
                work_weeks=(WorkWeek(date(2026, 4, 1), date(2026, 4, 7), "Easter", Weekdays(monday=())),),
            ),
        ),
        tasks=(
            Task(uid=0, name="Bridge", kind=TaskKind.SUMMARY, is_project=True),
            Task(
                uid=1,
                name="Füße – 足",
                parent_uid=0,
                duration=480.5,
                duration_kind=DurationKind.ELAPSED,
                constraint=Constraint.SNET,
                constraint_date=datetime(2026, 3, 2, 8),
                is_critical=False,
                cost=Decimal("1234567890.12"),
                splits=(Split(datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 9)),),
                extra={"Text1": "a", "Zone": "b"},
            ),
        ),
        links=(Link(0, 1, LinkType.SF, -25.0, LagUnit.PERCENT, lag_calendar=LagCalendar.ALWAYS),),
        resources=(Resource(uid=5, name="Ann", max_units=0.5, rate=Decimal("80.00")),),
        assignments=(Assignment(task_uid=1, resource_uid=None, units=1.0),),
        baselines=(Baseline(0, (BaselineRow(1, cost=Decimal("0.00")),)),),
        blank_rows=2,
        problems=(Problem(Severity.WARNING, "NO_NAME", Place.TASK, "1", {"tasks": "1"}, more=2),),
    )


def test_document_through_json_is_equal() -> None:
    """Nothing is lost: neither an inherited weekday (None) nor a day off ()."""
    document = full_document()

    again = from_json(to_json(document))

    assert again == document
    assert again.calendars[0].weekdays.days() == ((MORNING, Interval(780, 1020)), *[None] * 5, ())


def test_to_data_leaves_defaults_out() -> None:
    """The form is small: only what differs from the default is written."""
    assert to_data(ProjectDocument(options=ProjectOptions(name="A"), links=(Link(1, 2),))) == {
        "form": 1,
        "options": {"name": "A"},
        "links": [{"pred": 1, "succ": 2}],
    }


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"form": 2}, {"form": 1, "options": {"nme": "A"}}, {"form": 1, "tasks": [{"uid": 1}]}],
)
def test_from_data_of_another_form_is_refused(data: object) -> None:
    """A foreign or older form is an error, not an empty document."""
    with pytest.raises(ValueError, match=r"not a "):
        from_data(data)
