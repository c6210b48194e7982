"""Keep the health of programs, portfolios and the organization (HLT-1 to HLT-5)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models.functions import Now

from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.choices import Audience
from portfolio.models import GroupHealth, Portfolio, Program, RollupRun
from portfolio.rollup.codec import canonical_json
from portfolio.rollup.group import ProgramRow
from portfolio.selectors.groups import (
    ChildRows,
    ExchangeRates,
    Former,
    GroupFigures,
    GroupScope,
    add_up,
    load_exchange_rates,
    organization_scope,
    portfolio_scope,
    program_row,
    program_scope,
)
from portfolio.selectors.health_rows import (
    HealthRow,
    last_close_before,
    newest_health,
    rows_of_close,
    slim_rows,
)
from portfolio.selectors.policies import PolicyBook

_KEY_COLUMNS = ("node", "as_of", "audience")
_COLUMNS = [
    field.name
    for field in GroupHealth._meta.concrete_fields
    if field.name not in {"id", "node", "as_of", "audience", "is_locked"}
]


@dataclass(frozen=True)
class _Group:
    """Figures of one scope for one audience."""

    scope: GroupScope
    audience: str
    policy: str
    figures: GroupFigures


@dataclass(frozen=True)
class _Material:
    """Everything the groups of a date are made from."""

    as_of: date
    rows: Sequence[HealthRow]
    former: Sequence[HealthRow]
    former_as_of: date | None
    rates: ExchangeRates
    book: PolicyBook
    children: ChildRows


@transaction.atomic
def aggregate_groups(*, run: RollupRun, as_of: date, kind: str) -> int:
    """
    Add up every program, every portfolio with all below it and the organization; return rows written.

    Each is kept with and without confidential projects. Aggregations of the same organization wait for
    one another, so the last one has seen everything. Thirteen queries and one write.
    """
    root = organization_node()
    ScopeNode.objects.select_for_update(no_key=True).get(pk=root.pk)
    now = RollupRun.objects.filter(pk=run.pk).values_list(Now(), flat=True).get()
    close = last_close_before(as_of)
    rates = load_exchange_rates(as_of)
    material = _Material(
        as_of=as_of,
        rows=slim_rows(newest_health(as_of)),
        former=slim_rows(rows_of_close(close)),
        former_as_of=close,
        rates=rates,
        book=PolicyBook(as_of),
        children=ChildRows(rates),
    )
    scopes = [
        *(program_scope(item) for item in Program.objects.select_related("node", "portfolio").order_by("pk")),
        *(portfolio_scope(item) for item in Portfolio.objects.select_related("node").order_by("pk")),
        organization_scope(root),
    ]
    full = _add_up_all(scopes, material, Audience.FULL)
    secret = any(row.is_confidential for row in (*material.rows, *material.former))
    is_open = _add_up_all(scopes, material, Audience.OPEN) if secret else full
    groups = [
        *(_Group(scope, Audience.FULL, policy, figures) for scope, policy, figures in full),
        *(_Group(scope, Audience.OPEN, policy, figures) for scope, policy, figures in is_open),
    ]
    return _keep(groups, run=run, as_of=as_of, kind=kind, now=now)


def _by_ancestor(rows: Sequence[HealthRow], audience: str) -> dict[str, list[HealthRow]]:
    """Return the rows below each node id (as text) that the audience may see."""
    found: dict[str, list[HealthRow]] = defaultdict(list)
    for row in rows:
        if audience == Audience.OPEN and row.is_confidential:
            continue
        for node_id in row.home_path.rstrip("/").split("/"):
            found[node_id].append(row)
    return found


def _add_up_all(
    scopes: Sequence[GroupScope], material: _Material, audience: str
) -> list[tuple[GroupScope, str, GroupFigures]]:
    """Return the figures of every scope; programs first, because their color counts above."""
    rows = _by_ancestor(material.rows, audience)
    former = _by_ancestor(material.former, audience)
    programs: dict[str, ProgramRow] = {}
    found = []
    for scope in scopes:
        policy = material.book.of_portfolio(scope.portfolio_id)
        inside = [row for path, row in programs.items() if path.startswith(scope.path)]
        figures = add_up(
            rows.get(str(scope.node_id), []),
            scope=scope,
            as_of=material.as_of,
            policy=policy,
            rates=material.rates,
            former=Former(material.former_as_of, former.get(str(scope.node_id), [])),
            programs=inside,
            children=material.children,
        )
        if scope.kind == "PROGRAM":
            programs[scope.path] = program_row(scope, figures)
        found.append((scope, policy.label, figures))
    return found


def _keep(groups: Sequence[_Group], *, run: RollupRun, as_of: date, kind: str, now: datetime) -> int:
    """Write the groups whose figures changed; closed periods stay as they are."""
    known: Mapping[tuple[int, str], tuple[str, int, bool]] = {
        (node_id, audience): (stored, revision, is_locked)
        for node_id, audience, stored, revision, is_locked in GroupHealth.objects.filter(
            as_of=as_of
        ).values_list("node_id", "audience", "input_hash", "revision", "is_locked")
    }
    rows, same = [], []
    for group in groups:
        stored, revision, is_locked = known.get((group.scope.node_id, group.audience), ("", 0, False))
        digest = _fingerprint(group)
        if is_locked:
            continue
        if digest == stored:
            same.append(group.scope.node_id)
            continue
        rows.append(_row(group, digest, revision + 1, run=run, as_of=as_of, kind=kind, now=now))
    GroupHealth.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=_KEY_COLUMNS, update_fields=_COLUMNS
    )
    if same:
        GroupHealth.objects.filter(as_of=as_of, is_locked=False, node_id__in=same).update(computed_at=now)
    return len(rows)


def _fingerprint(group: _Group) -> str:
    figures = group.figures
    sums = [str(figures.budget), str(figures.actual), str(figures.forecast), figures.currency]
    text = canonical_json([group.policy, *sums, figures.projects_total, figures.document])
    return sha256(text.encode("ascii")).hexdigest()


def _row(
    group: _Group, digest: str, revision: int, *, run: RollupRun, as_of: date, kind: str, now: datetime
) -> GroupHealth:
    figures = group.figures
    score = figures.health.score
    return GroupHealth(
        scope=group.scope.kind,
        node_id=group.scope.node_id,
        run=run,
        audience=group.audience,
        as_of=as_of,
        kind=kind,
        revision=revision,
        policy_version=group.policy,
        input_hash=digest,
        color=figures.health.color.value,
        score=None if score is None else float(score),
        projects_total=figures.projects_total,
        currency=figures.currency,
        budget=figures.budget,
        actual=figures.actual,
        forecast=figures.forecast,
        document=figures.document,
        computed_at=now,
    )
