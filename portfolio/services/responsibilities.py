"""Who does what in a project: the matrix taken from the methodology, and changed (ORG-6, STD-19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from portfolio import actions
from portfolio.choices import RaciItem
from portfolio.models import ResponsibilityRow, ResponsibilityShare
from portfolio.rollup.methodology import Share
from portfolio.rollup.responsibility import letters_of, proposed_rows
from portfolio.selectors.governance import Governance
from portfolio.selectors.responsibilities import item_title
from portfolio.services.governance import bound, lock_project
from projects.models import Project, Task
from projects.selectors.members import in_force_on, memberships
from projects.services.changes import require_version, save_version


@dataclass(frozen=True)
class PartyKey:
    """A role of the methodology, or a person by name: exactly one of the two."""

    role: str = ""
    person_id: int | None = None


Shares = Mapping[PartyKey, Share]
LONGEST_TITLE = 250


@transaction.atomic
def fill_matrix(*, actor: User | None, project: Project, today: date) -> int:
    """
    Take over what the methodology proposes for items that are not there yet; return how many.

    Rows that are there stay as they are, those left out stay out.

    Raises
    ------
    Conflict
        If everything is there already.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    rows = ResponsibilityRow.objects.filter(project=project).exclude(code="")
    present = set(rows.values_list("kind", "code"))
    asked = [item.code for item in known.items(today)]
    missing = [row for row in proposed_rows(known.content, asked) if (row.kind, row.code) not in present]
    if not missing:
        raise Conflict(_("The matrix has everything the methodology proposes."), code="NOTHING_MISSING")
    made = [ResponsibilityRow(project=project, kind=row.kind, code=row.code) for row in missing]
    for row in made:
        row.title = item_title(known.content, row)[:LONGEST_TITLE]
    ResponsibilityRow.objects.bulk_create(made)
    ResponsibilityShare.objects.bulk_create(
        [
            ResponsibilityShare(row=row, role=role, share=share.value)
            for row, proposed in zip(made, missing, strict=True)
            for role, share in proposed.shares.items()
        ]
    )
    audit.record(
        actor=actor,
        action=actions.RACI_FILLED,
        target=project,
        node=project.node,
        after={"rows": len(made), "version": str(known.version)},
    )
    return len(made)


@transaction.atomic
def add_row(
    *, actor: User | None, project: Project, today: date, title: str = "", task: Task | None = None
) -> ResponsibilityRow:
    """
    Add work of the plan, or a row in one's own words.

    Raises
    ------
    DomainError
        If there is neither, or the task is of another project.
    Conflict
        If the work is in the matrix already.
    """
    project = lock_project(actor, project)
    bound(project, today)
    if task is None and not title.strip():
        raise DomainError(_("Choose work of the plan, or say what it is."), code="NO_ITEM", field="title")
    if task is not None and task.project_id != project.pk:
        raise DomainError(_("This work is of another project."), code="OTHER_PROJECT", field="task")
    if task is not None and ResponsibilityRow.objects.filter(project=project, task=task).exists():
        raise Conflict(_("This work is in the matrix already."), code="IN_THE_MATRIX")
    made = ResponsibilityRow(
        project=project,
        kind=RaciItem.PROCESS if task is None else RaciItem.WORK,
        title=title.strip() if task is None else task.name,
        task=task,
    )
    made.full_clean()
    made.save()
    _record(actor, actions.RACI_ADDED, made, after={"title": made.title, "task": task.wbs if task else None})
    return made


@transaction.atomic
def set_shares(
    *, actor: User | None, row: ResponsibilityRow, shares: Shares, expected_version: int | None, today: date
) -> ResponsibilityRow:
    """
    Give each party of a row its letter; parties that are not named lose theirs.

    A row may be saved with a fault: it is shown until it is mended, and it does not count as complete.

    Raises
    ------
    DomainError
        If a party or a letter is not one of this project.
    """
    project = lock_project(actor, row.project)
    locked = _lock(row, expected_version)
    known = bound(project, today)
    present = {PartyKey(each.role, each.person_id): each for each in locked.shares.order_by("pk")}
    _require_parties(known, project, shares, frozenset(present), today)
    before = {str(key.role or key.person_id): each.share for key, each in present.items()}
    after = {str(key.role or key.person_id): share.value for key, share in shares.items()}
    locked.shares.all().delete()
    ResponsibilityShare.objects.bulk_create(
        [
            ResponsibilityShare(row=locked, role=key.role, person_id=key.person_id, share=share.value)
            for key, share in shares.items()
        ]
    )
    save_version(locked)
    _record(actor, actions.RACI_CHANGED, locked, before=before, after=after)
    return locked


@transaction.atomic
def remove_row(*, actor: User | None, row: ResponsibilityRow, expected_version: int | None) -> None:
    """Remove a row of one's own; leave out one the methodology proposes, so that it does not come back."""
    lock_project(actor, row.project)
    locked = _lock(row, expected_version)
    if locked.code:
        _leave_out(actor, locked, True)
        return
    _record(actor, actions.RACI_REMOVED, locked, before={"title": locked.title})
    locked.delete()


@transaction.atomic
def put_back(
    *, actor: User | None, row: ResponsibilityRow, expected_version: int | None
) -> ResponsibilityRow:
    """Take a row that was left out into the matrix again, with the letters it had."""
    lock_project(actor, row.project)
    return _leave_out(actor, _lock(row, expected_version), False)


def _leave_out(actor: User | None, row: ResponsibilityRow, is_left_out: bool) -> ResponsibilityRow:
    if row.is_left_out == is_left_out:
        raise Conflict(_("The row is as you want it already."), code="NOTHING_TO_DO")
    row.is_left_out = is_left_out
    save_version(row)
    action = actions.RACI_LEFT_OUT if is_left_out else actions.RACI_ADDED
    _record(actor, action, row, before={"is_left_out": not is_left_out}, after={"is_left_out": is_left_out})
    return row


def _lock(row: ResponsibilityRow, expected_version: int | None) -> ResponsibilityRow:
    locked = ResponsibilityRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    require_version(locked.version, expected=expected_version)
    return locked


def _require_parties(
    known: Governance, project: Project, shares: Shares, present: frozenset[PartyKey], today: date
) -> None:
    letters = letters_of(known.content, known.version.methodology.family)
    new = [key for key in shares if key not in present]
    members = memberships(project).filter(in_force_on(today), user__is_active=True)
    people = set(members.values_list("user_id", flat=True)) if new else set()
    for key, share in shares.items():
        if share not in letters:
            raise DomainError(
                _("The letter %(letter)s is not used in this methodology.") % {"letter": share.value},
                code="NO_SUCH_LETTER",
                field="shares",
            )
        if key.role and known.content.role(key.role) is None and key not in present:
            raise DomainError(
                _("There is no such role in this version."), code="NO_SUCH_ROLE", field="shares"
            )
        if key.person_id is not None and key not in present and key.person_id not in people:
            raise DomainError(
                _("Choose people with a role in the project."), code="NOT_IN_THE_PROJECT", field="shares"
            )


def _record(actor: User | None, action: str, row: ResponsibilityRow, **values: Any) -> None:
    audit.record(actor=actor, action=action, target=row, node=row.project.node, **values)
