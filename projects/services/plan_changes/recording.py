"""A step that is not done on the page of the plan: an import is recorded as one, and taken back like one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from projects.choices import ChangeSource
from projects.models import PlanChange, Project
from projects.selectors.owned_rows import differing_rows, read_owned
from projects.selectors.plan_snapshot import PlanSnapshot, read_hanging, read_snapshot
from projects.services.plan_changes import journal
from projects.services.tasks import next_uid


@contextmanager
def recorded(
    *, actor: User | None, project: Project, source: ChangeSource, file_name: str = ""
) -> Iterator[None]:
    """
    Record what happens inside to a locked project as a step of its plan, with everything that belongs to it.

    Who does it writes the trail and settles the plan. Nothing is recorded where nothing changed.
    """
    before, owned = _whole(project), read_owned(project)
    last_uid = next_uid(project) - 1
    yield
    after, owned_after = _whole(project), read_owned(project)
    found = journal.touched(project, before, after, moved=())
    found["owned"] = differing_rows(owned, owned_after)
    if journal.is_nothing(found) and not found["owned"]:
        return
    newest = AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    number = next_number(project)
    PlanChange.objects.create(
        project=project,
        number=number,
        key=f"-{number}",
        actor=actor,
        counts={str(source).lower(): 1},
        effect={"depth": 0, "undoes": None, "keys": {}, "trail": newest or 0},
        touched=found,
        last_uid=max(last_uid, next_uid(project) - 1),
        source=source,
        file_name=file_name[:200],
    )


def _whole(project: Project) -> PlanSnapshot:
    found = read_snapshot(project)
    return replace(found, hanging=read_hanging(found.tasks.keys()))


def next_number(project: Project) -> int:
    """Return the number of the next step of a plan."""
    last = PlanChange.objects.filter(project=project).order_by("-number").values_list("number", flat=True)
    return (last.first() or 0) + 1
