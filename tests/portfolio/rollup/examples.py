"""EX-HLT as facts: five projects, budgets in thousands, policy version 1 (domain 11.5)."""

from datetime import date
from decimal import Decimal

from portfolio.rollup.comparison import ComparedRow
from portfolio.rollup.facts import (
    BenefitFacts,
    CostFacts,
    Declaration,
    GovernanceFacts,
    ProjectFacts,
    QualityFacts,
    ReportFacts,
    ResourceFacts,
    RiskFacts,
    ScheduleFacts,
    ScopeFacts,
)
from portfolio.rollup.group import ChildRow
from portfolio.rollup.health import ProjectHealth
from portfolio.rollup.policy import QualityCheck
from portfolio.rollup.policy_version_1 import default_policy
from portfolio.rollup.project import rate_project
from portfolio.rollup.vocabulary import Color, Dimension, ProjectState

AS_OF = date(2026, 3, 31)
POLICY = default_policy()
ALL_CHECKS_PASS: dict[QualityCheck, bool | None] = {
    QualityCheck.COSTS_POSTED: True,
    QualityCheck.SCHEDULE_QUALITY: True,
    QualityCheck.RISKS_REVIEWED: True,
    QualityCheck.TASKS_OWNED: True,
    QualityCheck.TIMESHEETS_APPROVED: True,
    QualityCheck.LEADERS_SET: True,
    QualityCheck.BENEFITS_OWNED: True,
}


def dec(text: str | int) -> Decimal:
    return Decimal(text)


def facts(
    key: str = "P1",
    *,
    bac: str = "2000",
    slip: str = "3",
    spi_t: str = "0.97",
    milestones: int = 0,
    eac: str = "2060",
    ev: str = "970",
    ac: str = "1000",
    changes: str = "40",
    exposure: str = "0.50",
    unfilled: str = "0",
    findings: int = 0,
    benefit: str = "1.00",
    compliance: str = "95",
    declared: dict[Dimension, Declaration] | None = None,
) -> ProjectFacts:
    """A project with a baseline of 100 working days that reported for February; P1 unless told otherwise."""
    return ProjectFacts(
        key=key,
        state=ProjectState.EXECUTING,
        data_date=AS_OF,
        has_baseline=True,
        schedule=ScheduleFacts(
            forecast_slip_wd=dec(slip),
            baseline_duration_wd=dec(100),
            spi_t=dec(spi_t),
            overdue_key_milestones=milestones,
        ),
        cost=CostFacts(
            budget=dec(bac),
            bac=dec(bac),
            pv=dec(bac) / 2,
            ev=dec(ev),
            ac=dec(ac),
            eac=dec(eac),
            fac=dec(eac),
            open_commitments=dec(0),
        ),
        scope=ScopeFacts(approved_change_cost=dec(changes), original_bac=dec(bac), undecided_changes=0),
        risk=RiskFacts(
            is_register_reviewed=True,
            exposure_ratio=dec(exposure),
            unanswered_very_high_risks=0,
            overdue_critical_issues=0,
        ),
        resources=ResourceFacts(
            demand_hours=dec(100), unfilled_hours=dec(unfilled), team_size=10, overloaded_people=0
        ),
        quality=QualityFacts(is_any_review_done=True, overdue_findings=findings),
        benefits=BenefitFacts(are_benefits_set=True, forecast_ratio=dec(benefit)),
        governance=GovernanceFacts(compliance_percent=dec(compliance), oldest_condition_overdue_days=0),
        report=ReportFacts(
            last_period_end=date(2026, 2, 28), executing_since=date(2025, 9, 1), declared=declared or {}
        ),
        checks=ALL_CHECKS_PASS,
    )


def p1() -> ProjectFacts:
    """ERP."""
    return facts()


def p2() -> ProjectFacts:
    """Data center."""
    return facts(
        "P2",
        bac="1200",
        slip="12",
        spi_t="0.90",
        milestones=1,
        eac="1237.2",
        ev="582",
        ac="600",
        changes="0",
        exposure="1.00",
        unfilled="4",
        benefit="0.97",
        compliance="92",
    )


def p3() -> ProjectFacts:
    """Portal; its manager declares schedule AMBER and nobody accepted that."""
    return facts(
        "P3",
        bac="800",
        slip="22",
        spi_t="0.78",
        milestones=3,
        eac="976",
        ev="410",
        ac="500",
        changes="96",
        exposure="1.50",
        unfilled="18",
        findings=2,
        benefit="0.90",
        compliance="80",
        declared={Dimension.SCHEDULE: Declaration(Color.AMBER)},
    )


def p4() -> ProjectFacts:
    """HR policy: no baseline, stale report."""
    return ProjectFacts(
        key="P4",
        state=ProjectState.EXECUTING,
        data_date=date(2026, 1, 31),
        has_baseline=False,
        cost=CostFacts(budget=dec(400), ac=dec(100), fac=dec(408), open_commitments=dec(50)),
        scope=ScopeFacts(undecided_changes=0),
        risk=RiskFacts(True, dec("0.40"), 0, 0),
        resources=ResourceFacts(dec(100), dec(2), 3, 0),
        benefits=BenefitFacts(True, dec("1.00")),
        governance=GovernanceFacts(dec(70), 0),
        report=ReportFacts(last_period_end=date(2026, 1, 31), executing_since=date(2026, 3, 10)),
        checks={**ALL_CHECKS_PASS, QualityCheck.SCHEDULE_QUALITY: None},
    )


def p5() -> ProjectFacts:
    """Fit-out; its manager declares schedule AMBER although it computes GREEN."""
    return facts(
        "P5",
        bac="600",
        slip="0",
        spi_t="1.00",
        eac="606",
        ev="297",
        ac="300",
        changes="6",
        exposure="0.30",
        findings=1,
        compliance="96",
        declared={Dimension.SCHEDULE: Declaration(Color.AMBER)},
    )


def five() -> list[ProjectFacts]:
    return [p1(), p2(), p3(), p4(), p5()]


def rate(given: ProjectFacts) -> ProjectHealth:
    return rate_project(given, POLICY, AS_OF)


def child(given: ProjectFacts, *, is_flagship: bool = False) -> ChildRow:
    """The slim row a snapshot of this project would give."""
    health = rate(given)
    cost = given.cost
    return ChildRow(
        key=given.key,
        state=given.state,
        color=health.color,
        score=health.score,
        weight=cost.bac if given.has_baseline else cost.budget,
        is_flagship=is_flagship,
        dimensions={item.code: item.effective for item in health.dimensions},
        coverage=health.coverage,
        freshness=health.freshness,
        data_quality=health.data_quality.value,
        data_quality_band=health.data_quality.band,
        bac=cost.bac,
        pv=cost.pv,
        ev=cost.ev,
        ac=cost.ac,
        vac=None if cost.bac is None or cost.eac is None else cost.bac - cost.eac,
        spi_t=given.schedule.spi_t,
    )


def former_close() -> list[ComparedRow]:
    """The former period close of EX-HLT; P4 is new since."""
    scores = {"P1": "100", "P2": "100", "P3": "50", "P5": "97.5"}
    colors = {"P1": Color.GREEN, "P2": Color.GREEN, "P3": Color.AMBER, "P5": Color.GREEN}
    weights = {"P1": 2000, "P2": 1200, "P3": 800, "P5": 600}
    return [ComparedRow(key, colors[key], dec(scores[key]), dec(weights[key])) for key in scores]


def this_close() -> list[ComparedRow]:
    """The five projects as the comparison reads them."""
    rows = [child(given) for given in five()]
    return [ComparedRow(row.key, row.color, row.score, row.weight) for row in rows]
