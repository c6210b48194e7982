"""Money released at gates: what each decision gave free for the phase after it (domain 2.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolio.models import GateReview
from portfolio.selectors.gate_page import gate_url
from portfolio.selectors.governance import Governance
from portfolio.selectors.methodologies import said
from projects.models import Project
from projects.selectors.money import MoneyTotals, money_totals

ZERO = Decimal(0)


@dataclass(frozen=True)
class Release:
    """
    An amount released at a gate, in project currency; ``total`` is the sum up to it.

    One whose decision has lapsed (STD-17) is in no sum.
    """

    gate: str
    phase: str
    decided_on: date
    amount: Decimal
    total: Decimal
    is_lapsed: bool
    url: str


@dataclass(frozen=True)
class Funds:
    """
    What the gates released, against what the project may spend and has spent.

    ``left`` is the part of the budget no gate released yet, ``free`` what is released and neither spent nor
    promised; None where they mean nothing: without a budget, or without a release.
    """

    money: MoneyTotals
    releases: tuple[Release, ...]

    @property
    def released(self) -> Decimal | None:
        """What is released and holds; None while no gate released anything."""
        return (
            sum((row.amount for row in self.releases if not row.is_lapsed), ZERO) if self.releases else None
        )

    @property
    def left(self) -> Decimal | None:
        """The part of the budget that is not released; below 0 when the budget was cut since."""
        return None if self.money.budget is None else self.money.budget - (self.released or ZERO)

    @property
    def free(self) -> Decimal | None:
        """What is released and neither spent nor promised; below 0 when more went out than was released."""
        return None if self.released is None else self.released - self.money.spoken_for

    @property
    def is_overspent(self) -> bool:
        """Whether more is spent or promised than the gates released."""
        return self.free is not None and self.free < 0

    @property
    def is_above_budget(self) -> bool:
        """Whether more is released than the budget holds."""
        return self.released is not None and self.left is not None and self.left < 0


def funds_of(project: Project, known: Governance | None, today: date) -> Funds:
    """Return what the gates of a project released. Five queries, and those for foreign currencies."""
    rows = GateReview.objects.with_use().filter(project=project, released_amount__isnull=False)
    ordered = rows.defer("evidence").order_by("decided_on", "pk")
    return Funds(money=money_totals(project), releases=tuple(_releases(ordered, project, known, today)))


def phase_after(known: Governance, gate: str) -> str:
    """
    Return the phase the money of a gate is for, in words; nothing where none follows.

    A gate that is held again and again gives free the next round of its own phase.
    """
    rule = known.content.gate(gate)
    phases = [row for row in known.content.phases if not row.is_continuous]
    place = next((at for at, row in enumerate(phases) if rule and row.code == rule.closes_phase), None)
    if rule is None or place is None:
        return ""
    following = phases[place:] if rule.is_repeatable else phases[place + 1 :]
    return f"{following[0].code} {said(following[0].title)}" if following else ""


def _releases(
    rows: Iterable[GateReview], project: Project, known: Governance | None, today: date
) -> Iterable[Release]:
    total = ZERO
    for row in rows:
        is_lapsed = row.has_lapsed(today, is_used=row.is_used)  # type: ignore[attr-defined]
        amount = row.released_amount or ZERO
        total += ZERO if is_lapsed else amount
        assert row.decided_on is not None
        yield Release(
            gate=row.label,
            phase=phase_after(known, row.gate) if known else "",
            decided_on=row.decided_on,
            amount=amount,
            total=total,
            is_lapsed=is_lapsed,
            url=gate_url(project.code, row.gate, row.occurrence),
        )
