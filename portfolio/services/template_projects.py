"""From a template to a living project in one step (STD-8 to STD-10, STD-12)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pmo_portal.accounts.choices import Role, ScopeKind
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from portfolio import actions
from portfolio.choices import TemplateState
from portfolio.models import Portfolio, Program, TemplateUse, TemplateVersion
from portfolio.rollup.project_template import (
    RowKind,
    Technique,
    TemplateContent,
    TemplateRow,
    line_amounts,
    scaled_days,
)
from portfolio.services.components import create_project
from portfolio.services.template_governance import follow_methodology
from projects.models import Project, Task
from projects.selectors.calendars import working_time
from projects.selectors.plan_dates import shown_finish, to_instant, to_moment
from projects.services.budgets import add_budget_lines
from projects.services.links import LinkDraft, add_links
from projects.services.members import add_member
from projects.services.projects import edit_project
from projects.services.role_assignments import RoleDraft, assign_roles
from projects.services.schedules import set_auto_scheduling
from projects.services.tasks import create_tasks
from projects.services.techniques import set_technique

MINUTES_PER_HOUR = 60
FACTORS = (Decimal("0.10"), Decimal("10.00"))
SMALLEST_STEP = 1


@dataclass(frozen=True)
class Order:
    """
    What somebody wants made from a template.

    Parameters
    ----------
    start : date
        First day work may be planned on.
    total : Decimal, optional
        Budget at completion in the project's currency, for lines that are shares of it.
    duration_factor, cost_factor : Decimal
        From 0.1 to 10; 1 leaves durations and fixed amounts as they are.
    manager : User, optional
        Becomes project manager.
    request_key : str
        A repeated request with the same key gets the project it made (STD-10).
    facts : mapping
        Further arguments of `components.create_project`: ``code``, ``currency``, ``org_unit`` …
    """

    name: str
    start: date
    portfolio: Portfolio | None = None
    program: Program | None = None
    manager: User | None = None
    duration_factor: Decimal = Decimal(1)
    cost_factor: Decimal = Decimal(1)
    total: Decimal | None = None
    language: str = "en"
    request_key: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Milestone:
    """A milestone of a project that would be made: its key in the template, its name, its day."""

    key: str
    name: str
    day: date | None


@dataclass(frozen=True)
class Forecast:
    """What an order would make: last day, milestones, number of rows and links."""

    finish: date | None
    milestones: tuple[Milestone, ...]
    rows: int
    links: int


class _Undo(Exception):
    """Ends a trial: what it made is rolled back."""


@transaction.atomic
def create_from_template(
    *, actor: User | None, version: TemplateVersion, order: Order, today: date
) -> Project:
    """
    Return the project a published version makes: plan with links, dates, roles, techniques, budget, manager.

    It follows the methodology of the template, its gates on the days of their milestones. All or nothing. The
    dates come from the engine, which keeps computing them.

    Raises
    ------
    DomainError
        ``NOT_PUBLISHED``; ``FACTOR`` on the factor; ``TOTAL_NEEDED`` on the total; what creating a project,
        its plan and its members refuses.
    """
    ScopeNode.objects.select_for_update().filter(kind=ScopeKind.ORGANIZATION).first()
    made = _made_before(actor, order.request_key)
    if made is not None:
        return made
    content = version.content
    _require_sense(version, content, order)
    with override(order.language):
        project = _open_project(actor, content, order)
        tasks = _write_plan(actor, project, content, order)
        _write_money(actor, project, content, order)
    _set_steps(actor, content, tasks, order.language)
    if order.manager is not None:
        add_member(actor=actor, project=project, user=order.manager, role=Role.PROJECT_MANAGER, today=today)
    rows = {key: task.uid for key, task in tasks.items()}
    follow_methodology(
        actor=actor, project=project, content=content, rows=rows, language=order.language, today=today
    )
    TemplateUse.objects.create(
        project=project,
        version=version,
        start=order.start,
        duration_factor=order.duration_factor,
        cost_factor=order.cost_factor,
        language=order.language,
        rows=rows,
        request_key=order.request_key or None,
        used_by=actor,
    )
    audit.record(
        actor=actor,
        action=actions.TEMPLATE_USED,
        target=project,
        node=project.node,
        after={"template": str(version), "start": order.start, "rows": len(tasks)},
    )
    project.refresh_from_db()
    return project


def try_template(*, actor: User | None, version: TemplateVersion, order: Order, today: date) -> Forecast:
    """
    Return what an order would make; nothing of it is kept.

    Raises
    ------
    DomainError
        As `create_from_template`.
    """
    with _rolled_back() as found:
        project = create_from_template(actor=actor, version=version, order=order, today=today)
        found.append(_forecast(project))
    return found[0]


@contextmanager
def _rolled_back() -> Iterator[list[Forecast]]:
    found: list[Forecast] = []
    try:
        with transaction.atomic():
            yield found
            raise _Undo
    except _Undo:
        return


def _made_before(actor: User | None, request_key: str) -> Project | None:
    """Return the project the same request made already; somebody else's key is another key."""
    if not request_key:
        return None
    use = TemplateUse.objects.filter(used_by=actor, request_key=request_key).select_related("project").first()
    return None if use is None else use.project


def _require_sense(version: TemplateVersion, content: TemplateContent, order: Order) -> None:
    if version.state != TemplateState.PUBLISHED:
        raise DomainError(
            _("Only a published version makes projects. %(version)s is not published.")
            % {"version": version},
            code="NOT_PUBLISHED",
        )
    for name in ("duration_factor", "cost_factor"):
        if not FACTORS[0] <= getattr(order, name) <= FACTORS[1]:
            raise DomainError(_("Give a factor from 0.1 to 10."), code="FACTOR", field=name)
    if order.total is not None and order.total < 0:
        raise DomainError(_("A budget cannot be negative."), code="NEGATIVE_AMOUNT", field="total")
    if order.total is None and content.needs_total:
        raise DomainError(
            _("The budget lines are shares of the total. Give the budget at completion, or 0 for none."),
            code="TOTAL_NEEDED",
            field="total",
        )


def _open_project(actor: User | None, content: TemplateContent, order: Order) -> Project:
    facts = {"category": content.category, **order.facts}
    if content.tier:
        facts.setdefault("tier", content.tier)
    return create_project(
        actor=actor,
        name=order.name,
        portfolio=order.portfolio,
        program=order.program,
        planned_start=order.start,
        **facts,
    )


def _write_plan(
    actor: User | None, project: Project, content: TemplateContent, order: Order
) -> dict[str, Task]:
    """Store rows, links and roles, then let the engine date them; return the rows by key."""
    day = int(project.calendar.hours_per_day * MINUTES_PER_HOUR)
    drafts = [_draft(row, order, day=day) for row in content.rows]
    tasks = create_tasks(actor=actor, project=project, drafts=drafts)
    links = [
        LinkDraft(
            tasks[link.predecessor],
            tasks[link.successor],
            link.kind.value,
            int(link.lag * order.duration_factor * day),
        )
        for link in content.links
    ]
    if links:
        add_links(actor=actor, project=project, drafts=links)
    roles = {role.code: role.title.text(order.language) for role in content.roles}
    workers = [RoleDraft(tasks[row.key], roles[row.role], row.units) for row in content.rows if row.role]
    if workers:
        assign_roles(actor=actor, project=project, drafts=workers)
    project.refresh_from_db()
    dated = set_auto_scheduling(actor=actor, project=project, is_auto=True, expected_version=None)
    tasks = dict(zip(tasks, _fresh(tasks), strict=True))
    finish = max((task.planned_finish for task in tasks.values() if task.planned_finish), default=None)
    edit_project(
        actor=actor,
        project=dated,
        changes={"planned_finish": shown_finish(finish)},
        expected_version=None,
    )
    return tasks


def _fresh(tasks: Mapping[str, Task]) -> list[Task]:
    rows = Task.objects.in_bulk([task.pk for task in tasks.values()])
    return [rows[task.pk] for task in tasks.values()]


def _draft(row: TemplateRow, order: Order, *, day: int) -> dict[str, Any]:
    draft: dict[str, Any] = {
        "key": row.key,
        "name": row.title.text(order.language),
        "kind": row.kind.value,
        "parent_key": row.parent or None,
    }
    if row.notes:
        draft["notes"] = row.notes.text(order.language)
    if row.is_key:
        draft["is_key_milestone"] = True
    if row.is_work:
        draft["duration"] = int(scaled_days(row.days, order.duration_factor) * day)
        if row.technique is not Technique.WEIGHTED_MILESTONES:
            draft["ev_technique"] = row.technique.value
    if row.kind is RowKind.SUMMARY:
        del draft["kind"]
    return draft


def _write_money(actor: User | None, project: Project, content: TemplateContent, order: Order) -> None:
    amounts = line_amounts(content.lines, total=order.total, cost_factor=order.cost_factor)
    drafts = [
        {
            "name": line.title.text(order.language)[:150],
            "category": line.category,
            "cost_type": line.cost_type,
            "amount": amount,
            "effective_from": order.start,
        }
        for line, amount in zip(content.lines, amounts, strict=True)
        if amount
    ]
    if drafts:
        add_budget_lines(actor=actor, project=project, drafts=drafts)


def _set_steps(
    actor: User | None, content: TemplateContent, tasks: Mapping[str, Task], language: str
) -> None:
    """Give the steps of weighted milestones their days: where their weights end along the row."""
    for row in content.rows:
        task = tasks[row.key]
        if not row.steps or task.planned_start is None:
            continue
        hours = working_time(task.calendar or task.project.calendar)
        start, done, steps = to_instant(task.planned_start), Decimal(0), []
        for step in row.steps:
            done += step.weight
            end = hours.add(start, max(SMALLEST_STEP, int(task.duration * done / 100)))
            on = shown_finish(to_moment(end))
            steps.append({"name": step.title.text(language), "weight": str(step.weight), "on": on})
        set_technique(
            actor=actor,
            task=task,
            technique=row.technique.value,
            details={"milestones": steps},
            expected_version=None,
        )


def _forecast(project: Project) -> Forecast:
    keys = {uid: key for key, uid in TemplateUse.objects.get(project=project).rows.items()}
    tasks = list(project.tasks.in_order())
    milestones = [task for task in tasks if task.is_milestone]
    return Forecast(
        finish=project.planned_finish,
        milestones=tuple(
            Milestone(keys[task.uid], task.name, shown_finish(task.planned_finish)) for task in milestones
        ),
        rows=len(tasks),
        links=project.links.count(),
    )
