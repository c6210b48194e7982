"""Write one row of a table: a project, its dated status, its dates and money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from pmo_portal.accounts.choices import OrgUnitKind
from pmo_portal.accounts.models import OrgUnit, User
from portfolio.interchange.mapping import TableMapping
from portfolio.models import Portfolio, PortfolioComponent
from portfolio.selectors.import_matches import Match
from portfolio.services.table_plan import act_of
from projects.choices import ProjectState, TaskKind
from projects.models import Project, Task
from projects.services import baselines, budgets, costs, progress, projects, reports, tasks
from projects.services.former_values import known_on
from projects.services.progress import ProgressDraft

DAY_START = time(8, 0)
DAY_END = time(17, 0)
BASELINE_REASON = "First reported status taken as the original baseline, as the mapping of the import says."
START = "Start"
COMPLETION = "Delivery complete"


@dataclass(frozen=True)
class Target:
    """Where rows are written: actor, home, meaning, source and the moment of the import."""

    actor: User | None
    portfolio: Portfolio
    mapping: TableMapping
    source: str
    now: datetime


def write_status(target: Target, match: Match) -> Project:
    """Write the row and return its project. The caller holds the transaction."""
    record = match.record
    if record.as_of is None:
        raise ValueError("a record without date is refused before it is written")
    act = act_of(match)
    if match.project is None:
        project = _create(target, match, record.as_of)
    else:
        project = Project.objects.select_related("node", "calendar").get(pk=match.project.id)
        if act == "UPDATE":
            with known_on(record.as_of):
                _update(target, project, match, record.as_of)
    _publish(target, project, match, record.as_of)
    return project


def _create(target: Target, match: Match, as_of: date) -> Project:
    """Make the project; its first dates and cost become the original baseline if the mapping says so."""
    record, values, mapping = match.record, match.record.values, target.mapping
    reference = str(values.get("code") or "")
    project = projects.create_project(
        actor=target.actor,
        parent_node=target.portfolio.node,
        name=record.name,
        code=_free_code(reference),
        description=str(values.get("description") or ""),
        category=str(values.get("category") or "")[:80],
        org_unit=_org_unit(values.get("org_unit")),
        state=ProjectState.EXECUTING,
        state_since=values.get("start") or as_of,
        report_cycle=mapping.report_cycle,
        currency=mapping.currency,
        planned_start=values.get("start"),
        planned_finish=values.get("finish"),
        source_reference=reference[:200],
        extra=dict(record.extra),
    )
    PortfolioComponent.objects.create(project=project, portfolio=target.portfolio, joined_on=as_of)
    progress.set_data_date(actor=target.actor, project=project, data_date=as_of)
    if values.get("finish"):
        _add_plan(target, project, values, as_of)
    _set_money(target, project, values.get("budget"), as_of)
    return project


def _add_plan(target: Target, project: Project, values: Mapping[str, Any], as_of: date) -> None:
    """Make the two milestones a status knows of, and the baseline if the mapping says so."""
    drafts: list[ProgressDraft] = []
    if values.get("start"):
        start = datetime.combine(values["start"], DAY_START, tzinfo=UTC)
        started = tasks.create_task(
            actor=target.actor,
            project=project,
            name=START,
            kind=TaskKind.START_MILESTONE,
            planned_start=start,
            planned_finish=start,
        )
        reached = start if values["start"] <= as_of else None
        drafts.append(ProgressDraft(task=started, actual_start=reached, actual_finish=reached))
    moment = finish_instant(values["finish"])
    task = tasks.create_task(
        actor=target.actor,
        project=project,
        name=COMPLETION,
        kind=TaskKind.FINISH_MILESTONE,
        is_key_milestone=True,
        planned_start=moment,
        planned_finish=moment,
    )
    if target.mapping.has_first_status_as_baseline:
        baselines.set_baseline(
            actor=target.actor,
            project=project,
            effective_from=as_of,
            name=target.source,
            reason=BASELINE_REASON,
        )
    drafts.append(ProgressDraft(task=task))
    progress.record_progress_of_many(actor=target.actor, project=project, data_date=as_of, drafts=drafts)


def _update(target: Target, project: Project, match: Match, as_of: date) -> None:
    """Move dates, data date and forecast of a known project to what the newer row says."""
    values = match.record.values
    reference = str(values.get("code") or "")
    changes: dict[str, Any] = {
        name: values[field]
        for name, field in (("planned_start", "start"), ("planned_finish", "finish"))
        if values.get(field)
    }
    if values.get("category"):
        changes["category"] = str(values["category"])[:80]
    if changes:
        projects.edit_project(actor=target.actor, project=project, changes=changes, expected_version=None)
    if reference and not project.source_reference:
        Project.objects.filter(pk=project.pk).update(source_reference=reference[:200])
    progress.set_data_date(actor=target.actor, project=project, data_date=as_of)
    completion = Task.objects.filter(project=project, is_key_milestone=True, name=COMPLETION).first()
    if values.get("finish") and completion is None:
        _add_plan(target, project, values, as_of)
    elif completion is not None:
        if values.get("finish"):
            moment = finish_instant(values["finish"])
            tasks.edit_task(
                actor=target.actor,
                task=completion,
                changes={"planned_start": moment, "planned_finish": moment},
                expected_version=None,
            )
        _note_forecast(target, project, completion, as_of)
    _set_money(target, project, values.get("budget"), as_of)


def _note_forecast(target: Target, project: Project, task: Task, as_of: date) -> None:
    """Keep the date of the milestone as it was known at the status, so that the past can be shown again."""
    task.refresh_from_db()
    progress.record_progress_of_many(
        actor=target.actor, project=project, data_date=as_of, drafts=[ProgressDraft(task=task)]
    )


def _set_money(target: Target, project: Project, amount: Any, as_of: date) -> None:
    """Take the first amount as the approved budget, every amount as the cost still expected."""
    if amount is None or amount < 0:
        return
    if not project.budget_lines.exists():
        budgets.add_budget_line(
            actor=target.actor,
            project=project,
            amount=amount,
            effective_from=as_of,
            name=f"Whole-life cost, {target.source}"[:150],
        )
    costs.set_forecast(actor=target.actor, project=project, etc_amount=amount, made_on=as_of)


def _publish(target: Target, project: Project, match: Match, as_of: date) -> None:
    values = match.record.values
    notes = {
        name: values[name] for name in ("schedule_note", "variance_note", "budget_note") if values.get(name)
    }
    reports.publish_status(
        actor=target.actor,
        project=project,
        period_end=as_of,
        published_at=target.now,
        confidence=values.get("confidence") or "",
        summary=str(values.get("confidence_note") or ""),
        source=target.source,
        reported_start=values.get("start"),
        reported_finish=values.get("finish"),
        reported_budget=values.get("budget"),
        reported_year_budget=values.get("year_budget"),
        reported_year_forecast=values.get("year_forecast"),
        currency=target.mapping.currency,
        extra={"row": match.record.row, **notes, **match.record.extra},
    )


def finish_instant(day: date) -> datetime:
    """Return the end of work on a day, as the plan stores it."""
    return datetime.combine(day, DAY_END, tzinfo=UTC)


def _free_code(reference: str) -> str:
    """Return the code made of the source's reference, or "" for the next number."""
    code = projects.suggest_code(reference)[:40] if reference else ""
    return "" if not code or Project.objects.filter(code=code).exists() else code


def _org_unit(name: Any) -> OrgUnit | None:
    """Return the department of this name, made when new; spellings that differ in case are one."""
    text = str(name or "").strip()
    if not text:
        return None
    code = "".join(sign if sign.isalnum() else "-" for sign in text.upper())[:30]
    found = OrgUnit.objects.filter(code=code).first()
    return found or OrgUnit.objects.create(code=code, name=text[:150], kind=OrgUnitKind.DEPARTMENT)
