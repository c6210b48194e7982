"""Undo asks for the rights that writing the former facts asks for (SEC-12, issue 4)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import NotAllowed
from projects.access import PlanRights
from projects.interchange.time_words import Length
from projects.models import Link, PlanChange, Project, Task
from projects.services.plan_changes import acts, steps, undoing
from tests import factories
from tests.projects.services.test_plan_undo import DAY, EVERYTHING, do, scene

pytestmark = pytest.mark.django_db

REPORTS_OWN = PlanRights(
    edits=False, deletes=False, records=False, records_own=True, prices=False, person_id=None
)


def back(project: Project, actor: User, step: steps.Step, rights: PlanRights) -> steps.Step:
    """Take a step back with some rights."""
    return undoing.undo_step(
        actor=actor,
        project=project,
        rights=rights,
        number=step.change or 0,
        key=f"u{step.change}{rights}"[:80],
    )


def of_member(task_uid: int) -> PlanRights:
    """Return the rights of the person who owns this row."""
    return replace(REPORTS_OWN, person_id=Task.objects.get(uid=task_uid).owner_id)


def refused(project: Project, actor: User, step: steps.Step, rights: PlanRights) -> None:
    """Undo is refused; nothing is changed, no step and no line of the trail is written."""
    before = (
        list(Task.objects.order_by("pk").values()),
        PlanChange.objects.count(),
        AuditEntry.objects.count(),
    )

    with pytest.raises(NotAllowed):
        back(project, actor, step, rights)

    assert before == (
        list(Task.objects.order_by("pk").values()),
        PlanChange.objects.count(),
        AuditEntry.objects.count(),
    )


def facts() -> list[dict[str, Any]]:
    """Return what the rows say, in their order; how often they were written aside."""
    written = ("version", "updated_at")
    rows = Task.objects.in_order().values()
    return [{name: value for name, value in row.items() if name not in written} for row in rows]


@pytest.mark.parametrize(
    ("fields", "rights"),
    [
        ({"name": "Other"}, replace(EVERYTHING, edits=False)),
        ({"duration": Length(9 * DAY)}, replace(EVERYTHING, edits=False)),
        ({"cost": Decimal(50)}, replace(EVERYTHING, prices=False)),
        ({"percent": Decimal(30), "actual_start": date(2026, 3, 3)}, replace(EVERYTHING, records=False)),
    ],
)
def test_step_is_taken_back_only_with_the_right_to_its_fields(
    fields: dict[str, Any], rights: PlanRights
) -> None:
    project, alice = scene()
    before = facts()
    step = do(project, alice, acts.SetFields(3, fields))

    refused(project, alice, step, rights)
    back(project, alice, step, EVERYTHING)

    assert facts() == before


def test_member_takes_back_progress_of_an_own_row_and_not_after_losing_it() -> None:
    project, alice = scene()
    Task.objects.filter(uid=3).update(owner=factories.person("Owner"))
    step = do(project, alice, acts.SetFields(3, {"percent": Decimal(30), "actual_start": date(2026, 3, 3)}))
    member = of_member(3)
    Task.objects.filter(uid=3).update(owner=None)

    refused(project, alice, step, member)
    Task.objects.filter(uid=3).update(owner=member.person_id)
    back(project, alice, step, member)

    assert Task.objects.get(uid=3).percent_complete == 0


def test_who_may_not_delete_takes_back_own_rows_but_deletes_nothing_again() -> None:
    """A row the step made may go; a deletion that was taken back is not done again without the right."""
    project, alice = scene()
    no_deletes = replace(EVERYTHING, deletes=False)
    added = do(project, alice, acts.AddRow("n", {"name": "New"}))
    deleted = do(project, alice, acts.DeleteRows([4]), key="k2")

    back(project, alice, added, no_deletes)
    restored = back(project, alice, deleted, no_deletes)

    assert not Task.objects.filter(name="New").exists()
    assert Task.objects.filter(uid=4).exists()
    refused(project, alice, restored, no_deletes)
    back(project, alice, restored, EVERYTHING)
    assert not Task.objects.filter(uid=4).exists()


def test_link_that_was_removed_is_not_removed_again_without_the_right() -> None:
    project, alice = scene()
    no_deletes = replace(EVERYTHING, deletes=False)
    first = Link.objects.order_by("pk")[0].pk
    removed = do(project, alice, acts.RemoveLink(first))

    restored = back(project, alice, removed, no_deletes)

    assert Link.objects.filter(pk=first).exists()
    refused(project, alice, restored, no_deletes)


def test_order_is_taken_back_only_by_who_edits() -> None:
    project, alice = scene()
    before = facts()
    step = do(project, alice, acts.MoveRows([5], None, None))

    refused(project, alice, step, replace(EVERYTHING, edits=False))
    back(project, alice, step, EVERYTHING)

    assert facts() == before
