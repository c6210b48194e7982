"""Parts of the dashboard that are read beside the sums; each says its number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from pmo_portal.accounts.models import ScopeNode
from portfolio.choices import Audience
from portfolio.models import GroupHealth, Portfolio, Program, ProjectHealth, RollupRun
from portfolio.rollup.group import GroupHealth as GroupResult
from portfolio.rollup.vocabulary import Color
from portfolio.selectors.audiences import Grants, Viewer
from portfolio.selectors.dashboard_page import (
    Bubble,
    Changes,
    ExceptionRow,
    GroupRow,
    MilestoneRow,
    ProjectRef,
)
from portfolio.selectors.groups import ExchangeRates, GroupScope
from projects.choices import MILESTONES
from projects.models import Project, Task

BUBBLES_SHOWN = 200
EXCEPTIONS_SHOWN = 50
MILESTONES_SHOWN = 20
MILESTONE_DAYS = 90


def named_parts(user: Any, document: Mapping[str, Any], result: GroupResult) -> dict[str, Any]:
    """Return the parts that name projects, as far as the person may see them. One query."""
    stored = document["changes"]
    since = document["trend"]["former_as_of"]
    newly_green = (
        [item["key"] for item in stored["color_changes"] if item["after"] == Color.GREEN] if stored else []
    )
    codes = {result.worst_child or ""}
    if stored:
        codes |= {*stored["newly_red"], *newly_green, *stored["joined"], *stored["left"]}
    names = dict(
        Project.objects.visible_to(user, "rollup.view").filter(code__in=codes).values_list("code", "name")
    )

    def refs(keys: Iterable[str]) -> tuple[ProjectRef, ...]:
        return tuple(ProjectRef(key, names[key]) for key in keys if key in names)

    worst = refs([result.worst_child] if result.worst_child else [])
    changes = None
    if stored and since:
        changes = Changes(
            since=date.fromisoformat(since),
            newly_red=refs(stored["newly_red"]),
            newly_green=refs(newly_green),
            joined=refs(stored["joined"]),
            left=refs(stored["left"]),
            score_change=number_of(stored["score"]["total"]),
        )
    return {"worst_child": worst[0] if worst else None, "changes": changes}


def number_of(text: str | None) -> float | None:
    """Return an exact text as a number for display."""
    return None if text is None else float(text)


def exception_rows(rows: QuerySet[ProjectHealth]) -> tuple[ExceptionRow, ...]:
    """Return the exceptions of the largest projects first. One query."""
    found = (
        rows.exclude(exceptions=[])
        .order_by(F("weight").desc(nulls_last=True), "project_id")
        .values_list("project__code", "project__name", "color", "exceptions")[:EXCEPTIONS_SHOWN]
    )
    lines = [
        ExceptionRow(item["code"], ProjectRef(code, name), color, item.get("params", {}))
        for code, name, color, items in found
        for item in items
    ]
    return tuple(lines[:EXCEPTIONS_SHOWN])


def bubbles_of(
    rows: QuerySet[ProjectHealth], scope: GroupScope, viewer: Viewer, rates: ExchangeRates
) -> tuple[Bubble, ...]:
    """Return the largest projects. One query."""
    found = rows.order_by(F("weight").desc(nulls_last=True), "project_id").values_list(
        "project__code",
        "project__name",
        "color",
        "score",
        "weight",
        "currency",
        "spi_t",
        "cpi",
        "slip_wd",
        "portfolio__name",
        "program__name",
        "is_flagship",
    )[:BUBBLES_SHOWN]
    bubbles = []
    for code, name, color, score, weight, currency, spi_t, cpi, slip, home, program, flagship in found:
        rate = rates.to(scope.currency, currency)
        budget = None if weight is None or rate is None or not viewer.sees_money else round(weight * rate, 2)
        bubbles.append(
            Bubble(
                project=ProjectRef(code, name),
                color=color,
                score=score,
                budget=budget,
                spi_t=spi_t,
                cpi=cpi,
                slip_wd=slip,
                group=program or home,
                is_flagship=flagship,
            )
        )
    return tuple(bubbles)


def next_milestones(
    user: Any, scope: GroupScope, rows: QuerySet[ProjectHealth], as_of: date
) -> tuple[MilestoneRow, ...]:
    """Return the key milestones of the next 90 days. Two queries."""
    found = list(
        Task.objects.visible_to(user, "milestone.view")
        .filter(
            project__node__path__startswith=scope.path,
            is_active=True,
            is_key_milestone=True,
            kind__in=MILESTONES,
            actual_finish__isnull=True,
            planned_finish__date__gte=as_of,
            planned_finish__date__lte=as_of + timedelta(days=MILESTONE_DAYS),
        )
        .order_by("planned_finish", "pk")
        .values_list("project_id", "project__code", "project__name", "uid", "name", "planned_finish")[
            :MILESTONES_SHOWN
        ]
    )
    colors = dict(rows.filter(project_id__in={item[0] for item in found}).values_list("project_id", "color"))
    return tuple(
        MilestoneRow(ProjectRef(code, name), colors.get(project_id, Color.GREY), uid, title, planned.date())
        for project_id, code, name, uid, title, planned in found
        if planned is not None
    )


def groups_below(user: Any, grants: Grants, portfolio: Portfolio | None, as_of: date) -> tuple[GroupRow, ...]:
    """
    Return the programs and portfolios directly below, each with the sum that is the person's.

    Groups the person sees in part only are listed without figures. Four queries.
    """
    parts: list[tuple[str, Any]] = [
        *(("PORTFOLIO", item) for item in _below(Portfolio.objects.filter(parent=portfolio), user)),
        *(("PROGRAM", item) for item in _below(Program.objects.filter(portfolio=portfolio), user)),
    ]
    node_ids = [item.node_id for _kind, item in parts]
    found = {
        (row.node_id, row.audience): row
        for audience in Audience.values
        for row in _newest_groups(node_ids, audience, as_of)
    }
    rows = []
    for kind, item in parts:
        audience = grants.viewer_of(str(item.node.path)).audience
        row = found.get((item.node_id, audience))
        color, score, total = (row.color, row.score, row.projects_total) if row else (Color.GREY, None, 0)
        rows.append(GroupRow(kind, item.code, item.name, color, score, total))
    return tuple(rows)


def _newest_groups(node_ids: Sequence[int], audience: str, as_of: date) -> QuerySet[GroupHealth]:
    newest = (
        GroupHealth.objects.filter(node_id=OuterRef("pk"), audience=audience, as_of__lte=as_of)
        .order_by("-as_of")
        .values("pk")[:1]
    )
    nodes = ScopeNode.objects.filter(pk__in=node_ids).values(newest=Subquery(newest))
    return GroupHealth.objects.filter(pk__in=nodes).only(
        "node_id", "audience", "color", "score", "projects_total"
    )


def _below(groups: Any, user: Any) -> list[Any]:
    return list(groups.visible_to(user, "rollup.view").select_related("node").order_by("name", "pk"))


def newest_run_state(as_of: date) -> str:
    """Return how the newest run up to the day ended. One query."""
    state = (
        RollupRun.objects.filter(as_of__lte=as_of).order_by("-as_of", "-pk").values_list("state", flat=True)
    )
    return state.first() or ""
