"""What projects added to their methodology: increments inside a phase, requirements of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.models import OwnRequirement, PhasePlacement
from portfolio.rollup.compliance import Window
from portfolio.rollup.methodology import Cadence, Content
from portfolio.rollup.tailored import (
    Increments,
    OwnRule,
    gate_before,
    holds_phase,
    increment_rows,
    tailored,
)


@dataclass(frozen=True)
class Additions:
    """
    What a project added, known on a day.

    ``placed_on`` is when the increments came into their phase, ``placed`` the codes of their controls.
    """

    own: Mapping[str, OwnRequirement]
    placement: PhasePlacement | None = None
    increments: Increments | None = None
    placed_on: date | None = None
    placed: frozenset[str] = frozenset()

    def within(self, version: Content) -> Content:
        """Return what a version says together with what the project added."""
        return tailored(version, increments=self.increments, own=[_rule(row) for row in self.own.values()])

    def windows(self, version: Content, gate_dates: Mapping[str, Sequence[date]]) -> dict[str, Window]:
        """
        Return the days the controls of the increments are done on: while their phase lasts.

        It begins on the day of the gate before it, and ends on the day of its own.
        """
        placed, start = self.increments, self.placed_on
        if placed is None or start is None or not holds_phase(version, placed.inside):
            return {}
        before, closing = gate_before(version, placed.inside), version.gate_of(placed.inside)
        begun: date | None = start
        if before is not None:
            days = gate_dates.get(before.code, ())
            begun = max(start, *days) if days else None
        ends = gate_dates.get(closing.code, ()) if closing else ()
        window = Window(begun, max(ends) if ends else None)
        return dict.fromkeys(self.placed, window)


def additions_of(
    placements: Sequence[PhasePlacement], own: Sequence[OwnRequirement], contents: Mapping[int, Content]
) -> Additions:
    """Return what a project added from its lines, oldest first; ``contents`` by key of their version."""
    newest = {row.code: row for row in own}
    kept = {code: row for code, row in newest.items() if not row.is_ended}
    last = placements[-1] if placements else None
    if last is None or not last.inside:
        return Additions(own=kept)
    since = last.made_on
    for row in reversed(placements):
        if row.inside != last.inside:
            break
        since = row.made_on
    increments = Increments(contents[last.version_id], last.phase, last.inside, Cadence(last.cadence))
    codes = frozenset(row.code for row in increment_rows(increments))
    return Additions(own=kept, placement=last, increments=increments, placed_on=since, placed=codes)


def _rule(row: OwnRequirement) -> OwnRule:
    return OwnRule(
        code=row.code,
        title=row.title,
        reason=row.reason,
        gate=row.gate,
        cadence=Cadence(row.cadence) if row.cadence else None,
        approver=row.approver,
        weight=row.weight,
    )
