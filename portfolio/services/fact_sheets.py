"""From measures and surroundings of a project to the facts the rules rate."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from portfolio.rollup.facts import (
    CostFacts,
    GovernanceFacts,
    ProjectFacts,
    RecordRef,
    ReportFacts,
    ScheduleFacts,
    ScopeFacts,
)
from portfolio.rollup.policy import QualityCheck
from portfolio.rollup.vocabulary import ProjectState, ReportCycle
from portfolio.selectors.facts import Surroundings
from projects.choices import ProjectState as StateChoice
from projects.engine.measure import Measure, Reason
from projects.engine.project_measures import ProjectMeasures
from projects.selectors.measures import ProjectHeader

LISTED_RECORDS = 5
OWNED_PERCENT = 95
SPENDING = frozenset({StateChoice.EXECUTING, StateChoice.CLOSING})


def listed_task_ids(measures: ProjectMeasures) -> list[int]:
    """Return the tasks an explanation may name."""
    return first_of_each(measures.overdue_milestone_ids, measures.finish_task_ids, measures.late_task_ids)


def first_of_each(overdue: Sequence[int], finishing: Sequence[int], late: Sequence[int]) -> list[int]:
    """Return of overdue milestones, of last and of late tasks as many as an explanation names."""
    return [*overdue[:LISTED_RECORDS], *finishing[:LISTED_RECORDS], *late[:LISTED_RECORDS]]


def project_state(state: str) -> ProjectState:
    """Return the state in the words of the rules."""
    return ProjectState.CANCELLED if state == StateChoice.CANCELED else ProjectState(state)


def build_facts(header: ProjectHeader, measures: ProjectMeasures, around: Surroundings) -> ProjectFacts:
    """
    Return the facts of one project.

    What no part of the portal records yet (risks, demand, deliverables, benefits, change requests) stays
    unknown and is rated GREY, never guessed.
    """
    value, time, budget = measures.value, measures.time, measures.budget
    return ProjectFacts(
        key=header.code,
        state=project_state(header.state),
        data_date=header.data_date,
        has_baseline=measures.has_baseline,
        schedule=ScheduleFacts(
            forecast_slip_wd=time.slip_wd.value,
            baseline_duration_wd=time.baseline_duration_wd.value,
            original_slip_wd=time.original_slip_wd.value,
            spi_t=time.spi_t.value,
            overdue_key_milestones=_whole(measures.milestones_overdue),
            is_finished=measures.is_finished,
            quality_score=around.schedule_scores.get(header.id),
        ),
        cost=CostFacts(
            budget=budget.project_budget.value,
            bac=value.bac.value,
            pv=value.pv.value,
            ev=value.ev.value,
            ac=value.ac.value,
            eac=value.eac.value,
            fac=budget.fac.value,
            open_commitments=budget.open_commitments.value,
        ),
        scope=ScopeFacts(original_bac=budget.original_bac.value),
        governance=_governance(header, around),
        report=_report(header, around),
        missing=_reasons(measures),
        records=_records(measures, around, header.id),
        checks=_checks(header, around),
    )


def _whole(measure: Measure) -> int | None:
    return None if measure.value is None else int(measure.value)


def _report(header: ProjectHeader, around: Surroundings) -> ReportFacts:
    last = around.reports.get(header.id)
    is_executing = header.state == StateChoice.EXECUTING
    is_reopened = header.reopen_count > 0 and header.state == StateChoice.CLOSING
    return ReportFacts(
        cycle=ReportCycle(header.report_cycle),
        last_period_end=last.period_end if last else None,
        executing_since=header.state_since if is_executing else None,
        cycle_restarted_on=header.state_since if is_reopened else None,
        declared=last.declared if last else {},
    )


def _governance(header: ProjectHeader, around: Surroundings) -> GovernanceFacts:
    """Return compliance and overdue conditions; both unknown while the project follows no methodology."""
    late, met = around.conditions.get(header.id), around.compliance.get(header.id)
    return GovernanceFacts(
        compliance_percent=met.percent if met else None,
        oldest_condition_overdue_days=late.days if late else None,
    )


def _reasons(measures: ProjectMeasures) -> dict[str, Reason]:
    """Return why an indicator has no value, by its code."""
    cost = measures.value.vac_percent if measures.has_baseline else measures.budget.fac_variance_percent
    found = {
        "HS1": measures.time.slip_percent.reason,
        "HS2": measures.time.spi_t.reason,
        "HS3": measures.milestones_overdue.reason,
        "HC1": cost.reason,
        "HC2": measures.value.cpi.reason,
        "HC3": measures.budget.budget_use.reason,
    }
    return {code: Reason(reason) for code, reason in found.items() if reason is not None}


def _records(
    measures: ProjectMeasures, around: Surroundings, project_id: int
) -> dict[str, tuple[RecordRef, ...]]:
    def named(task_ids: Iterable[int]) -> tuple[RecordRef, ...]:
        return tuple(around.task_refs[pk] for pk in task_ids if pk in around.task_refs)

    slipping = [*measures.finish_task_ids[:LISTED_RECORDS], *measures.late_task_ids[:LISTED_RECORDS]]
    found = {"HS1": named(slipping), "HS3": named(measures.overdue_milestone_ids[:LISTED_RECORDS])}
    for code, behind in (("HG1", around.compliance), ("HG2", around.conditions)):
        figure = behind.get(project_id)
        found[code] = figure.records if figure else ()
    return {code: records for code, records in found.items() if records}


def _checks(header: ProjectHeader, around: Surroundings) -> dict[QualityCheck, bool | None]:
    """Return the data quality checks that can be made; the others do not apply yet."""
    money = header.money
    spends = header.state in SPENDING and (money.has_budget or money.actual_cost != 0)
    owned = None
    if header.tasks_active:
        owned = 100 * header.tasks_owned >= OWNED_PERCENT * header.tasks_active
    return {
        QualityCheck.COSTS_POSTED: header.id in around.posted_last_period if spends else None,
        QualityCheck.TASKS_OWNED: owned,
        QualityCheck.LEADERS_SET: header.node_id in around.nodes_with_leaders,
    }


def weight_of(facts: ProjectFacts) -> Decimal | None:
    """Return b of HLT-1 in project currency: BAC, without a baseline the approved budget."""
    return facts.cost.bac if facts.has_baseline and facts.cost.bac is not None else facts.cost.budget
