"""What the roll-up knows of projects beyond their own figures: reports, leaders, former closes, home."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Q

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import EndedGrant, RoleGrant
from pmo_portal.common.among import Among
from portfolio.choices import SnapshotKind
from portfolio.models import ComponentAbsence, FormerComponent, PortfolioComponent, ProjectHealth
from portfolio.rollup.facts import Declaration, RecordRef
from portfolio.rollup.vocabulary import Color, Dimension, OverrideState
from portfolio.selectors.compliance_records import ComplianceFigure, compliance_figures
from portfolio.selectors.gate_conditions import NONE_OVERDUE, OverdueConditions, overdue_conditions
from portfolio.selectors.governance import load_governance
from projects.choices import Rag, ReportState
from projects.models import ActualCost, DeclaredRating, StatusReport, Task
from projects.selectors.former_values import task_labels
from projects.selectors.periods import last_closed_period
from projects.selectors.schedule_quality import schedule_scores

CLOSES_KEPT_DAYS = 430


@dataclass(frozen=True)
class FormerClose:
    """Score and color of a project at its newest period close, and how many closes in a row were RED."""

    as_of: date
    color: Color
    score: float | None
    red_closes: int


@dataclass(frozen=True)
class LastReport:
    """The last published status report known on the day."""

    period_end: date
    confidence: str
    declared: Mapping[Dimension, Declaration]


@dataclass(frozen=True)
class Home:
    """Place of a project in the tree of portfolios."""

    portfolio_id: int
    program_id: int | None


@dataclass(frozen=True)
class Surroundings:
    """All of it for a chunk, by project id (leaders by node id)."""

    homes: Mapping[int, Home]
    reports: Mapping[int, LastReport]
    closes: Mapping[int, FormerClose]
    nodes_with_leaders: frozenset[int]
    posted_last_period: frozenset[int]
    schedule_scores: Mapping[int, Decimal]
    compliance: Mapping[int, ComplianceFigure] = field(default_factory=dict)
    conditions: Mapping[int, OverdueConditions] = field(default_factory=dict)
    task_refs: Mapping[int, RecordRef] = field(default_factory=dict)


def load_surroundings(project_ids: Sequence[int], as_of: date) -> Surroundings:
    """
    Return everything around a chunk of projects but its tasks.

    Eleven queries whatever their number, and six more where a project follows a methodology.
    """
    known = load_governance(project_ids, as_of)
    late = overdue_conditions(list(known), as_of) if known else {}
    return Surroundings(
        homes=_homes(project_ids, as_of),
        reports=_last_reports(project_ids, as_of),
        closes=_former_closes(project_ids, as_of),
        nodes_with_leaders=_nodes_with_leaders(project_ids, as_of),
        posted_last_period=_posted_last_period(project_ids, as_of),
        schedule_scores=schedule_scores(project_ids, as_of),
        compliance=compliance_figures(known, as_of),
        conditions={pk: late.get(pk, NONE_OVERDUE) for pk in known},
    )


def _homes(project_ids: Sequence[int], as_of: date) -> dict[int, Home]:
    """
    Return where the projects were at the end of the day: where they are, unless they moved since.

    One that was away from its portfolio has no home on that day.
    """
    columns = ("project_id", "portfolio_id", "program_id")
    present = (
        PortfolioComponent.objects.present_on(as_of)
        .filter(Among("project_id", project_ids))
        .values_list(*columns)
    )
    former = (
        FormerComponent.objects.filter(Among("project_id", project_ids), known_until__gte=as_of)
        .exclude(project__component__in=ComponentAbsence.objects.covering(as_of).values("component_id"))
        .order_by("project_id", "-known_until")
        .values_list(*columns)
    )
    return {
        project_id: Home(portfolio_id, program_id)
        for project_id, portfolio_id, program_id in (*present, *former)
    }


def load_task_refs(task_ids: Sequence[int], as_of: date) -> dict[int, RecordRef]:
    """Return the tasks an explanation names, called as they were on the day. Two queries."""
    present = Task.objects.filter(Among("pk", task_ids)).values_list("pk", "uid", "wbs", "name")
    labels = {pk: (uid, wbs, name) for pk, uid, wbs, name in present} | task_labels(task_ids, as_of)
    return {
        pk: RecordRef("task", str(uid), f"{wbs} {name}".strip()) for pk, (uid, wbs, name) in labels.items()
    }


def _last_reports(project_ids: Sequence[int], as_of: date) -> dict[int, LastReport]:
    """
    Return the newest report per project, as it stood on the day.

    A later correction does not change what was known then; imported history counts by its period.
    """
    rows = (
        StatusReport.objects.filter(
            Among("project_id", project_ids),
            state__in=[ReportState.PUBLISHED, ReportState.SUPERSEDED],
            period_end__lte=as_of,
        )
        .filter(Q(published_at__isnull=True) | Q(published_at__date__lte=as_of) | ~Q(source=""))
        .order_by("period_end", "published_at", "pk")
        .values_list("pk", "project_id", "period_end", "confidence")
    )
    newest = {project_id: (pk, period_end, confidence) for pk, project_id, period_end, confidence in rows}
    declared: dict[int, dict[Dimension, Declaration]] = defaultdict(dict)
    ratings = DeclaredRating.objects.filter(report_id__in=[pk for pk, _end, _confidence in newest.values()])
    for report_id, dimension, color, state, until, reason in ratings.values_list(
        "report_id", "dimension", "declared", "override_state", "override_until", "override_reason"
    ):
        if color in {Rag.GREEN, Rag.AMBER, Rag.RED}:
            declared[report_id][Dimension(dimension)] = Declaration(
                Color(color), OverrideState(state), until, reason
            )
    return {
        project_id: LastReport(period_end, confidence, declared.get(pk, {}))
        for project_id, (pk, period_end, confidence) in newest.items()
    }


def _former_closes(project_ids: Sequence[int], as_of: date) -> dict[int, FormerClose]:
    rows = (
        ProjectHealth.objects.filter(
            Among("project_id", project_ids),
            kind=SnapshotKind.PERIOD_CLOSE,
            as_of__lt=as_of,
            as_of__gte=as_of - timedelta(days=CLOSES_KEPT_DAYS),
        )
        .order_by("project_id", "as_of")
        .values_list("project_id", "as_of", "color", "score")
    )
    found: dict[int, FormerClose] = {}
    for project_id, day, color, score in rows:
        former = found.get(project_id)
        in_a_row = (former.red_closes if former else 0) + 1 if color == Rag.RED else 0
        found[project_id] = FormerClose(day, Color(color), score, in_a_row)
    return found


def _nodes_with_leaders(project_ids: Sequence[int], as_of: date) -> frozenset[int]:
    """
    Return the nodes of projects that had both a sponsor and a project manager on the day. Two queries.

    A grant without a first day counts from the day it was given, one given with the project since ever.
    """
    began = Q(valid_from__lte=as_of) | Q(valid_from__isnull=True) & (
        Q(granted_at__date__lte=as_of) | Q(granted_at__date__lte=F("node__project__created_at__date"))
    )
    in_force = began & (Q(valid_to__isnull=True) | Q(valid_to__gte=as_of))
    among = Q(Among("node__project", project_ids), role__in=[Role.SPONSOR, Role.PROJECT_MANAGER])
    held = RoleGrant.objects.filter(among, in_force)
    ended = EndedGrant.objects.filter(among, in_force, ended_on__gt=as_of)
    leaders: dict[int, set[str]] = defaultdict(set)
    for grants in (held, ended):
        for node_id, role in grants.values_list("node_id", "role"):
            leaders[node_id].add(role)
    return frozenset(node_id for node_id, roles in leaders.items() if len(roles) == 2)


def _posted_last_period(project_ids: Sequence[int], as_of: date) -> frozenset[int]:
    """Return the projects with a posting in the last closed period (domain 11.1, data quality)."""
    period = last_closed_period(as_of)
    rows = ActualCost.objects.filter(
        Among("project_id", project_ids), posting_date__range=(period.start, period.end)
    )
    return frozenset(rows.order_by().values_list("project_id", flat=True).distinct())
