"""What the variable parts of the addresses of projects stand for in the permission matrix."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pmo_portal.accounts.choices import Role
from projects.models import PlanChange, Project, Resource, Task
from projects.services import (
    assignments,
    baselines,
    budgets,
    calendars,
    check_waivers,
    commitments,
    costs,
    dependencies,
    links,
    schedule_quality,
)
from tests import factories

DAY = date(2026, 3, 2)
Maker = Callable[[Project], Any]


def _task(project: Project) -> Task:
    return factories.task(project, "Task", planned_start=factories.moment(2))


def _uid(project: Project) -> int:
    return _task(project).uid


def _link(project: Project) -> int:
    first, second = _task(project), _task(project)
    return links.add_link(actor=None, project=project, predecessor=first, successor=second).pk


def _assignment(project: Project) -> int:
    resource = Resource.objects.create(project=project, name="Ann", kind="PERSON")
    task = _task(project)
    return assignments.assign_resource(actor=None, task=task, resource=resource, expected_version=None).pk


def _calendar(project: Project) -> int:
    return calendars.create_calendar(actor=None, project=project, name="Own").pk


def _budget_line(project: Project) -> int:
    return budgets.add_budget_line(actor=None, project=project, amount=Decimal(100), effective_from=DAY).pk


def _commitment(project: Project) -> int:
    return commitments.add_commitment(
        actor=None, project=project, number="1", amount=Decimal(10), date=DAY
    ).pk


def _cost(project: Project) -> int:
    return costs.post_actual_cost(actor=None, project=project, posting_date=DAY, amount=Decimal(5)).pk


def _frozen(project: Project) -> None:
    _task(project)
    baselines.set_baseline(actor=None, project=project, effective_from=DAY)


def _member(project: Project) -> int:
    return factories.grant(factories.user(), Role.TEAM_MEMBER, project.node).pk


def _baseline(project: Project) -> int:
    _task(project)
    return baselines.set_baseline(actor=None, project=project, effective_from=DAY).number


def _change(project: Project) -> int:
    key = f"k{PlanChange.objects.count()}"
    return PlanChange.objects.create(project=project, number=1, key=key).number


def _import(project: Project) -> int:
    key = f"k{PlanChange.objects.count()}"
    nothing: dict[str, object] = {name: {} for name in ("tasks", "links", "hanging", "orders", "owned")}
    return PlanChange.objects.create(
        project=project, number=1, key=key, source="PLAN_FILE", touched={**nothing, "moved": []}
    ).number


def _waiver(project: Project) -> int:
    today = timezone.localdate()
    reason = "Agreed with the board of the supplier."
    return check_waivers.waive_check(
        actor=None, project=project, check_code="LEADS", reason=reason, valid_until=today, today=today
    ).pk


def _dependency(project: Project, *, is_giver: bool = False) -> int:
    """A dependency of the project and one of its own for each role."""
    ends = [factories.task(each, kind="FINISH_MILESTONE", planned_start=factories.moment(2))
            for each in (project, factories.project())]  # fmt: skip
    milestone, giver_milestone = reversed(ends) if is_giver else ends
    return dependencies.add_dependency(
        actor=None,
        giver_milestone=giver_milestone,
        milestone=milestone,
        need_by=DAY,
        drives_schedule=True,
        is_agreed_by_giver=False,
        now=timezone.now(),
    ).pk


def _awaited(project: Project) -> int:
    return _dependency(project, is_giver=True)


# Beginning of the name of an address -> what its number stands for. The first that fits counts.
ROWS: dict[str, tuple[str, Maker]] = {
    "projects:task_new": ("", _uid),
    "projects:task_": ("uid", _uid),
    "projects:card_move": ("uid", _uid),
    "my_work_task": ("uid", _uid),
    "projects:assignment_add": ("uid", _uid),
    "projects:assignment_": ("pk", _assignment),
    "projects:link_add": ("uid", _uid),
    "projects:link_delete": ("pk", _link),
    "projects:calendar_": ("pk", _calendar),
    "projects:budget_line_": ("pk", _budget_line),
    "projects:commitment_": ("pk", _commitment),
    "projects:actual_cost_": ("pk", _cost),
    "projects:member_remove": ("pk", _member),
    "projects:import_take_back": ("number", _import),
    "projects:waiver_end": ("pk", _waiver),
    "api-check-waiver-end": ("pk", _waiver),
    "api-check-waivers": ("", _waiver),
    "projects:dependencies": ("", _dependency),
    "projects:dependency_new": ("", _dependency),
    "projects:dependency_agree": ("pk", _awaited),
    "projects:dependency_decline": ("pk", _awaited),
    "projects:dependency_": ("pk", _dependency),
    "api-dependencies": ("", _dependency),
    "api-dependency-agree": ("pk", _awaited),
    "api-dependency-decline": ("pk", _awaited),
    "api-dependency": ("pk", _dependency),
    "api-plan-baseline": ("number", _baseline),
    "api-plan-changes": ("", _uid),
    "api-plan-change-undo": ("number", _change),
    "api-plan": ("", _uid),
    "api-tasks": ("", _uid),
    "api-task": ("uid", _uid),
    "api-assignments": ("uid", _uid),
    "api-assignment": ("pk", _assignment),
    "api-links": ("", _link),
    "api-link": ("pk", _link),
    "api-budget-lines": ("", _budget_line),
    "api-budget-line": ("pk", _budget_line),
    "api-commitments": ("", _commitment),
    "api-commitment": ("pk", _commitment),
    "api-actual-costs": ("", _cost),
    "api-actual-cost": ("pk", _cost),
    "api-members": ("", _member),
    "api-member": ("pk", _member),
    "api-calendars": ("", _calendar),
    "api-calendar": ("pk", _calendar),
}
OF_PROJECT = (
    *("projects:", "api-project", "api-baselines", "api-money", "api-forecast", "api-schedule-quality"),
    *("api-earned-value", "api-board-limits", "api-baseline-grade", "api-progress"),
    *("api-plan-exports", "api-plan-file"),
    *ROWS,
)


def numbers_of(name: str, own: Project, foreign: Project) -> dict[str, tuple[Any, Any, Any]] | None:
    """Return part → (own, foreign, missing) of an address below a project; None for other addresses."""
    others = (
        *("projects:import_", "projects:calendar_feed", "api-project-health"),
        *("api-project-template", "api-project-document", "api-project-compliance", "api-project-waiver"),
        "api-project-gate",
    )
    is_other = name.startswith(others) and name != "projects:import_take_back"
    if is_other or not name.startswith(OF_PROJECT):
        return None
    parts: dict[str, tuple[Any, Any, Any]] = {"code": (own.code, foreign.code, "NONE-1")}
    if name == "projects:earned_value_export":
        parts |= {"table": ("periods", "periods", "others"), "kind": ("csv", "csv", "doc")}
    part, make = next((row for start, row in ROWS.items() if name.startswith(start)), ("", None))
    if make is not None and part:
        parts[part] = (make(own), make(foreign), 987_654_321)
    of_kind = {"plan_export_file", "progress_sheet_file"} | {"api-plan-file", "api-progress-sheet-file"}
    if name.removeprefix("projects:") in of_kind:
        parts["kind"] = ("csv", "csv", "pdf")
    if name == "projects:baselines_export":
        parts["kind"] = ("csv", "csv", "pdf")
    if name in {"projects:baselines_export", "api-baselines-compare"}:
        _frozen(own)
    if name == "projects:quality_export":
        schedule_quality.check_plan(actor=None, project=own, as_of=DAY)
        parts["kind"] = ("csv", None, "pdf")
    return parts
