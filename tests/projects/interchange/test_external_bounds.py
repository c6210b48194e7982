"""Promises of other projects in files that know one plan: there and back (RAI-17)."""

from dataclasses import replace
from datetime import datetime

import pytest

from projects.interchange.document import Task
from projects.interchange.external_bounds import (
    FIELD,
    bound_as_constraint,
    with_bounds_of_rows,
    with_bounds_written,
)
from projects.interchange.java import java_runtime
from projects.interchange.vocabulary import Constraint, ScheduleFormat, TaskKind
from tests import needs
from tests.oracle.round_trip import mpxj
from tests.projects.services.plan_update import files

BOUND, EARLIER, LATER = datetime(2026, 4, 10, 17), datetime(2026, 4, 1, 8), datetime(2026, 5, 4, 8)
OWN = {
    "none": {},
    "earlier": {"constraint": Constraint.FNET, "constraint_date": EARLIER},
    "same": {"constraint": Constraint.SNET, "constraint_date": BOUND},
    "later": {"constraint": Constraint.SNET, "constraint_date": LATER},
    "cap": {"constraint": Constraint.FNLT, "constraint_date": LATER},
}
WRITTEN = {
    "none": (Constraint.FNET, BOUND),
    "earlier": (Constraint.FNET, BOUND),
    "same": (Constraint.SNET, BOUND),
    "later": (Constraint.SNET, LATER),
    "cap": (Constraint.FNLT, LATER),
}


def milestone(own: str, **facts: object) -> Task:
    row = files.row(1, "Ready", duration=0.0, kind=TaskKind.FINISH_MILESTONE, is_milestone=True)
    return replace(row, external_bound=BOUND, **OWN[own], **facts)


@pytest.mark.parametrize("has_second", [False, True])
@pytest.mark.parametrize("own", OWN)
def test_bound_and_own_constraint_come_back(own: str, has_second: bool) -> None:
    """The file holds the later one, or both where it has two places; the row comes back as it was."""
    plan = files.plan([milestone(own)])

    written = with_bounds_written(plan, has_second=has_second)

    row = written.tasks[0]
    assert (row.constraint, row.constraint_date) == WRITTEN[own]
    assert row.second_constraint_date == (BOUND if own == "cap" and has_second else None)
    as_read = replace(written, tasks=(replace(row, external_bound=None),))
    assert with_bounds_of_rows(as_read) == plan


@pytest.mark.parametrize(
    ("constraint", "day"), [(Constraint.ASAP, None), (Constraint.FNET, EARLIER)], ids=["removed", "moved"]
)
def test_constraint_changed_in_the_other_tool_counts(constraint: Constraint, day: datetime | None) -> None:
    row = with_bounds_written(files.plan([milestone("none")]), has_second=False).tasks[0]
    changed = replace(row, constraint=constraint, constraint_date=day, external_bound=None)

    found = with_bounds_of_rows(files.plan([changed])).tasks[0]

    assert (found.external_bound, found.constraint, found.constraint_date) == (None, constraint, day)
    assert FIELD not in found.extra


def test_unreadable_text_stays_an_own_field() -> None:
    row = files.row(1, "Ready", extra={FIELD: "soon"})

    assert with_bounds_of_rows(files.plan([row])).tasks == (row,)


def test_plan_without_the_other_project_starts_as_late() -> None:
    row = bound_as_constraint(milestone("none"))

    assert (row.constraint, row.constraint_date, row.external_bound) == (Constraint.FNET, BOUND, None)


def test_files_of_all_tools_carry_the_bound() -> None:
    if java_runtime() is None:
        needs.cannot_have("Java runtime")
    plan = files.plan([files.row(2, "Dig"), milestone("none"), milestone("cap", uid=3, name="Late", id=3)])

    with mpxj() as worker:
        found = {
            kind: {
                row.name: (row.external_bound, row.constraint, row.constraint_date)
                for row in worker.there_and_back(plan, kind).tasks
                if row.external_bound
            }
            for kind in (ScheduleFormat.MSPDI, ScheduleFormat.XER, ScheduleFormat.PMXML)
        }

    carried = {"Ready": (BOUND, Constraint.ASAP, None), "Late": (BOUND, Constraint.FNLT, LATER)}
    assert found == dict.fromkeys(found, carried)
