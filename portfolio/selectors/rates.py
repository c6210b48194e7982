"""Exchange rates as a list, and the pairs that miss one (CST-19, CST-20)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from portfolio.models import Portfolio
from portfolio.selectors.groups import organization_currency
from projects.models import BudgetLine, Commitment, FxRate, Project
from projects.selectors.currency import trimmed
from projects.selectors.ledgers import load_rates
from projects.selectors.periods import ONE_DAY, closed_through

NAMED = 5
Pair = tuple[str, str]


@dataclass(frozen=True)
class RateRow:
    """A rate in the list; ``is_in_force`` is the one used today, ``is_locked`` one of closed periods."""

    pk: int
    source: str
    target: str
    valid_from: date
    kind: str
    kind_title: str
    rate: Decimal
    is_in_force: bool
    is_locked: bool


@dataclass(frozen=True)
class MissingRate:
    """A pair without a budget rate today: what needs it, and some of the projects by code."""

    source: str
    target: str
    projects: int
    codes: tuple[str, ...]


def rates_found(*, pair: str = "", kind: str = "") -> QuerySet[FxRate]:
    """Return the rates that fit, newest first; ``pair`` is written ``GBP-EUR``."""
    found = FxRate.objects.order_by("-date", "source", "target", "kind", "pk")
    if pair:
        source, _dash, target = pair.partition("-")
        found = found.filter(source=source, target=target)
    return found.filter(kind=kind) if kind else found


def pair_choices() -> list[tuple[str, str]]:
    """Return the pairs that have a rate. One query."""
    pairs = FxRate.objects.order_by("source", "target").values_list("source", "target").distinct()
    return [(f"{source}-{target}", f"{source} → {target}") for source, target in pairs]


def rate_rows(rates: list[FxRate], *, today: date) -> list[RateRow]:
    """Return the rows of a page of the list. Two queries."""
    closed = closed_through()
    newest = {
        (source, target, kind): pk
        for source, target, kind, pk in FxRate.objects.filter(date__lte=today)
        .order_by("date", "pk")
        .values_list("source", "target", "kind", "pk")
    }
    return [
        RateRow(
            pk=rate.pk,
            source=rate.source,
            target=rate.target,
            valid_from=rate.date,
            kind=rate.kind,
            kind_title=rate.get_kind_display(),
            rate=trimmed(rate.rate),
            is_in_force=newest.get((rate.source, rate.target, rate.kind)) == rate.pk,
            is_locked=closed is not None and rate.date <= closed,
        )
        for rate in rates
    ]


def open_from(day: date, *, source: str, target: str) -> date:
    """Return the day, or the first open one where a rate of the pair is locked by then. Two queries."""
    closed = closed_through()
    is_kept = FxRate.objects.filter(source__in=(source, target), target__in=(source, target)).exists()
    return closed + ONE_DAY if closed and is_kept and day <= closed else day


def missing_rates(user: Any, *, today: date) -> list[MissingRate]:
    """
    Return the pairs that roll-ups of today need and that have no budget rate, most needed first.

    Only projects whose rates the person may see count (SEC-13). Six queries.
    """
    known = load_rates(today)
    needing: dict[Pair, set[str]] = defaultdict(set)
    for pair, code in _needed(user):
        if pair[0] != pair[1] and pair not in known:
            needing[pair].add(code)
    rows = [
        MissingRate(source, target, len(codes), tuple(sorted(codes)[:NAMED]))
        for (source, target), codes in needing.items()
    ]
    return sorted(rows, key=lambda row: (-row.projects, row.source, row.target))


def _needed(user: Any) -> Iterator[tuple[Pair, str]]:
    """Yield each pair a project needs, with its code: up the tree, and inside of its ledger."""
    visible = Project.objects.visible_to(user, "rate.view")
    places = list(Portfolio.objects.values_list("node__path", "reporting_currency"))
    top = organization_currency()
    for code, currency, path in visible.values_list("code", "currency", "node__path"):
        yield (currency, top), code
        for above, reporting in places:
            if str(path).startswith(str(above)):
                yield (currency, reporting), code
    for model in (BudgetLine, Commitment):
        rows = model.objects.filter(project__in=visible).order_by()
        yield from (
            ((spent, own), code)
            for spent, own, code in rows.values_list(
                "currency", "project__currency", "project__code"
            ).distinct()
        )
