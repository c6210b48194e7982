"""Create and edit projects."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.accounts.services import scopes
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from projects import actions
from projects.models import Project
from projects.services.calendars import ensure_default_calendar
from projects.services.changes import (
    lock_open_project,
    require_version,
    save_version,
    touch_project,
    write_changes,
)
from projects.services.former_values import PROJECT_FACTS, remember_project
from projects.services.schedules import settle_plan

CODE_PREFIX = "PRJ-"
RESERVED_CODES = frozenset({"import", "calendars", "new"})
EDITABLE = frozenset(
    {
        "name",
        "description",
        "org_unit",
        "category",
        "is_flagship",
        "report_cycle",
        "currency",
        "calendar",
        "planned_start",
        "planned_finish",
        "must_finish_by",
        "convention",
        "progress_mode",
        "honor_hard_dates",
        "deadline_bounds_float",
        "critical_threshold",
        "near_critical_threshold",
        "default_lag_calendar",
        "float_kind",
        "eac_method",
        "extra",
    }
)
SCHEDULING = frozenset(
    {
        *("calendar", "planned_start", "must_finish_by", "convention", "progress_mode", "honor_hard_dates"),
        *("deadline_bounds_float", "critical_threshold", "near_critical_threshold"),
        *("default_lag_calendar", "float_kind"),
    }
)
"""Columns that dates or float follow from."""
SETTABLE_AT_START = EDITABLE | {
    "tier",
    *("state", "state_since", "data_date", "source_reference"),
    *("is_auto_scheduled", "schedule_start"),
}


@transaction.atomic
def create_project(
    *,
    actor: User | None,
    parent_node: ScopeNode,
    name: str,
    code: str = "",
    is_confidential: bool = False,
    **facts: Any,
) -> Project:
    """
    Return a new project below a portfolio or program.

    Parameters
    ----------
    parent_node : ScopeNode
        Node of the portfolio or program that is the project's home.
    code : str
        Made from the next free number when empty.
    **facts
        Further columns, those of ``SETTABLE_AT_START``. ``state`` is for imports that take over the
        state of their source; people start with a proposal.

    Raises
    ------
    DomainError
        If the code is reserved, or the home is no portfolio or program.
    """
    require_home(parent_node)
    facts["calendar"] = facts.get("calendar") or ensure_default_calendar()
    project = draft_project(code=code or f"{CODE_PREFIX}{next_number():04d}", name=name, **facts)
    project.full_clean(exclude=["node", "created_at", "updated_at"])
    project.node = scopes.create_node(
        kind=ScopeKind.PROJECT, parent=parent_node, title=project.name, is_confidential=is_confidential
    )
    project.save()
    audit.record_many(actor=actor, changes=[creation_of(project, home=parent_node.title)])
    touch_project(project)
    return project


def draft_project(*, code: str, name: str, **facts: Any) -> Project:
    """Return a project that is not saved yet, its code checked; the caller cleans the other fields."""
    if set(facts) - SETTABLE_AT_START:
        raise ValueError(f"not to be set here: {sorted(set(facts) - SETTABLE_AT_START)}")
    if code.lower() in RESERVED_CODES:
        raise DomainError(_("This code is used by the portal itself. Choose another one."), field="code")
    return Project(code=code, name=name, **facts)


def creation_of(project: Project, *, home: str) -> audit.Change:
    """Return what the audit trail says of a new project."""
    return audit.Change(
        action=actions.PROJECT_CREATED,
        target=project,
        node=project.node,
        after={"code": project.code, "name": project.name, "state": project.state, "home": home},
    )


def require_home(node: ScopeNode) -> None:
    """Refuse a home that is no portfolio or program (ORG-2)."""
    if node.kind not in {ScopeKind.PORTFOLIO, ScopeKind.PROGRAM}:
        raise DomainError(_("A project belongs to a portfolio or a program."), code="NO_HOME", field="parent")


def next_number(*, is_locking: bool = True) -> int:
    """
    Return the number of the next code.

    The root of the tree is locked so that two people get two; without the lock it is a forecast.
    """
    if is_locking:
        ScopeNode.objects.select_for_update().filter(kind=ScopeKind.ORGANIZATION).first()
    taken = Project.objects.filter(code__startswith=CODE_PREFIX).values_list("code", flat=True)
    numbers = [int(code[len(CODE_PREFIX) :]) for code in taken if code[len(CODE_PREFIX) :].isdecimal()]
    return max(numbers, default=0) + 1


@transaction.atomic
def edit_project(
    *, actor: User | None, project: Project, changes: Mapping[str, Any], expected_version: int | None
) -> Project:
    """
    Save new values of the project's header.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    Conflict
        If the project is closed.
    """
    locked = lock_open_project(project)
    require_version(locked.version, expected=expected_version)
    before, after = write_changes(locked, changes=changes, allowed=EDITABLE)
    if not after:
        return locked
    if PROJECT_FACTS & after.keys():
        remember_project(locked)
    if "planned_start" in after:
        locked.schedule_start = None
    save_version(locked)
    if SCHEDULING & after.keys():
        settle_plan(locked)
    if "name" in after:
        scopes.rename_node(locked.node, title=locked.name)
    audit.record(
        actor=actor,
        action=actions.PROJECT_CHANGED,
        target=locked,
        node=locked.node,
        before=before,
        after=after,
    )
    touch_project(locked)
    return locked


def keep_tier(*, actor: User | None, project: Project, tier: str) -> bool:
    """
    Keep the tier its governance found for a project, and return whether it differs; the row is locked.

    People estimate it when they make the project. Afterwards the complexity score says it (STD-4): nobody
    types it in beside.
    """
    if project.tier == tier:
        return False
    before, project.tier = {"tier": project.tier}, tier
    save_version(project)
    after = {"tier": tier}
    audit.record(
        actor=actor,
        action=actions.PROJECT_CHANGED,
        target=project,
        node=project.node,
        before=before,
        after=after,
    )
    touch_project(project)
    return True


def suggest_code(text: str) -> str:
    """
    Return a code made of the reference of a source, letters as they are, at most 40 characters.

    Examples
    --------
    >>> suggest_code("A-1"), suggest_code(" Brücke / 7 ")
    ('A-1', 'Brucke-7')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^\w\s-]", "", plain)
    return re.sub(r"[-\s]+", "-", words).strip("-_")[:40].strip("-_")
