"""Hypothesis strategies: any project the roll-up may meet."""

from datetime import timedelta

from hypothesis import strategies as st

from portfolio.rollup.facts import (
    BenefitFacts,
    CostFacts,
    Declaration,
    GovernanceFacts,
    ProjectFacts,
    QualityFacts,
    RecordRef,
    ReportFacts,
    ResourceFacts,
    RiskFacts,
    ScheduleFacts,
    ScopeFacts,
)
from portfolio.rollup.group import ChildRow
from portfolio.rollup.policy import QualityCheck
from portfolio.rollup.vocabulary import Color, Dimension, OverrideState, ProjectState, ReportCycle
from projects.engine.measure import Reason
from tests.portfolio.rollup.examples import AS_OF, POLICY

money = st.none() | st.decimals(0, 10_000, places=2)
ratios = st.none() | st.decimals(-1, 3, places=4)
counts = st.none() | st.integers(0, 20)
days = st.none() | st.integers(-30, 200).map(lambda age: AS_OF - timedelta(days=age))
declared_colors = st.sampled_from([Color.GREEN, Color.AMBER, Color.RED])
declarations = st.builds(
    Declaration, declared_colors, st.sampled_from(OverrideState), days, st.sampled_from(["", "Because."])
)
codes = st.sampled_from([rule.code for rule in POLICY.indicators])
records = st.lists(
    st.builds(RecordRef, st.sampled_from(["task", "risk"]), st.sampled_from("123"), st.sampled_from("AB")),
    max_size=3,
).map(tuple)

projects = st.builds(
    ProjectFacts,
    key=st.sampled_from(["P1", "P2"]),
    state=st.sampled_from(ProjectState),
    data_date=days,
    has_baseline=st.booleans(),
    schedule=st.builds(
        ScheduleFacts,
        forecast_slip_wd=ratios,
        baseline_duration_wd=money,
        original_slip_wd=ratios,
        original_duration_wd=money,
        spi_t=ratios,
        overdue_key_milestones=counts,
        is_finished=st.booleans(),
    ),
    cost=st.builds(CostFacts, money, money, money, money, money, money, money, money),
    scope=st.builds(ScopeFacts, money, money, counts),
    risk=st.builds(RiskFacts, st.booleans(), ratios, counts, counts),
    resources=st.builds(ResourceFacts, money, money, counts, counts),
    quality=st.builds(QualityFacts, st.booleans(), counts, counts, counts),
    benefits=st.builds(BenefitFacts, st.booleans(), ratios, ratios),
    governance=st.builds(GovernanceFacts, st.none() | st.decimals(0, 100, places=2), counts),
    report=st.builds(
        ReportFacts,
        st.sampled_from(ReportCycle),
        days,
        days,
        days,
        st.dictionaries(st.sampled_from(Dimension), declarations, max_size=3),
    ),
    missing=st.dictionaries(codes, st.sampled_from(Reason), max_size=3),
    records=st.dictionaries(codes, records, max_size=3),
    checks=st.dictionaries(st.sampled_from(QualityCheck), st.none() | st.booleans(), max_size=4),
)

children = st.lists(
    st.builds(
        ChildRow,
        key=st.integers(0, 999).map(str),
        state=st.sampled_from(ProjectState),
        color=st.sampled_from([Color.GREEN, Color.AMBER, Color.RED, Color.GREY]),
        score=st.none() | st.decimals(0, 100, places=3),
        weight=money,
        is_flagship=st.booleans(),
        dimensions=st.dictionaries(
            st.sampled_from(Dimension), st.sampled_from([Color.GREEN, Color.RED, Color.GREY]), max_size=3
        ),
        coverage=st.none() | st.decimals(0, 100, places=1),
        bac=money,
        pv=money,
        ev=money,
        ac=money,
        vac=ratios,
        spi_t=ratios,
    ),
    max_size=8,
    unique_by=lambda row: row.key,
)
