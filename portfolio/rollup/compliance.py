"""What a project has to show on a day, and how far it does (STD-3, STD-5, STD-6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from portfolio.rollup.methodology import Cadence, Content, RequirementRule, TierRule
from portfolio.rollup.numbers import percent

GRACE_DAYS = 7
"""Days a recurring control may come late."""
CADENCE_DAYS = {Cadence.TWO_WEEKLY: 14, Cadence.MONTHLY: 31, Cadence.QUARTERLY: 92, Cadence.YEARLY: 366}
WAIVER_ALARM = Decimal(20)
"""Percent of waived among due requirements above which the PMO is alerted."""


class Choice(StrEnum):
    """What a project chose about a requirement, beside its tier."""

    KEEP = "KEEP"
    DROP = "DROP"
    ADD = "ADD"


OPEN_CHOICES: Mapping[TierRule, tuple[Choice, ...]] = {
    TierRule.RECOMMENDED: (Choice.KEEP, Choice.DROP),
    TierRule.NOT_NEEDED: (Choice.ADD,),
    TierRule.MANDATORY: (),
}


class StepState(StrEnum):
    """States of an artefact; `DONE` is a control that was carried out."""

    IN_WORK = "IN_WORK"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    DONE = "DONE"


class ItemStatus(StrEnum):
    """How a requirement counts on a day."""

    MET = "MET"
    PARTLY = "PARTLY"
    NOT_MET = "NOT_MET"
    WAIVED = "WAIVED"
    NOT_DUE = "NOT_DUE"
    UNDATED = "UNDATED"


SCORES = {ItemStatus.MET: Decimal(1), ItemStatus.PARTLY: Decimal("0.5"), ItemStatus.NOT_MET: Decimal(0)}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to an artefact on a day."""

    state: StepState
    on: date


@dataclass(frozen=True, slots=True)
class WaiverSpan:
    """The days a waiver holds, both included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether it holds on a day; after the last one the requirement counts again (STD-7)."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Window:
    """The days a control is done on, both included; it has not begun while ``first`` is not known."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Records:
    """
    What a project did about its methodology, known on a day; by code of requirement or gate.

    ``windows`` holds the controls that are done during a phase only; ``own`` the requirements the project
    made itself.
    """

    bound_on: date
    tier: str
    choices: Mapping[str, Choice] = field(default_factory=dict)
    steps: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    waivers: Mapping[str, tuple[WaiverSpan, ...]] = field(default_factory=dict)
    gate_dates: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    windows: Mapping[str, Window] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

    def choice(self, code: str) -> Choice | None:
        """Return what the project chose about a requirement; its own ones it has added."""
        return Choice.ADD if code in self.own else self.choices.get(code)


@dataclass(frozen=True, slots=True)
class Item:
    """A requirement that applies to a project, and how it counts on a day; ``is_own``: the project's own."""

    code: str
    weight: int
    status: ItemStatus
    due_on: date | None = None
    is_late: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Compliance:
    """
    The sum over items.

    ``percent`` is null when nothing is due; ``waiver_rate`` is a percentage of what is due,
    waived items included.
    """

    percent: Decimal | None
    waiver_rate: Decimal | None
    due: int
    waived: int
    late: int

    @property
    def is_waived_too_often(self) -> bool:
        """Whether the PMO is alerted: above, not at, the limit (STD-6)."""
        return self.waiver_rate is not None and self.waiver_rate > WAIVER_ALARM


def compliance_of(items: Sequence[Item]) -> Compliance:
    """
    Return the compliance of items.

    What a project asks of itself is summed apart: it must not lift what the methodology asks.

    Examples
    --------
    >>> found = compliance_of([Item("A", 3, ItemStatus.MET), Item("B", 1, ItemStatus.NOT_MET)])
    >>> found.percent
    Decimal('75')
    """
    counted = [item for item in items if item.status in SCORES]
    weight = sum(item.weight for item in counted)
    reached = sum((item.weight * SCORES[item.status] for item in counted), Decimal(0))
    waived = sum(item.status == ItemStatus.WAIVED for item in items)
    due = len(counted) + waived
    return Compliance(
        percent=percent(reached, Decimal(weight)) if weight else None,
        waiver_rate=percent(Decimal(waived), Decimal(due)) if due else None,
        due=due,
        waived=waived,
        late=sum(item.is_late for item in counted),
    )


def applies(rule: TierRule, choice: Choice | None) -> bool:
    """
    Whether a requirement counts for a project (STD-3).

    Mandatory always: dropping it needs a waiver. Recommended when the project chose to
    keep it. Anything may be added.
    """
    if rule == TierRule.MANDATORY:
        return True
    if rule == TierRule.RECOMMENDED:
        return choice in (Choice.KEEP, Choice.ADD)
    return choice == Choice.ADD


def items_on(content: Content, records: Records, day: date) -> list[Item]:
    """Return the requirements that apply to a project with their status on a day, in order of the version."""
    return [
        replace(_item(content, row, records, day), is_own=row.code in records.own)
        for row in content.requirements
        if applies(row.rule_for(records.tier), records.choice(row.code))
    ]


def _item(content: Content, row: RequirementRule, records: Records, day: date) -> Item:
    if row.cadence:
        return _control(row, records, day)
    dates = sorted(on for gate in content.gates_of(row) for on in records.gate_dates.get(gate, ()))
    past = [on for on in dates if on <= day]
    if not past:
        status = ItemStatus.NOT_DUE if dates else ItemStatus.UNDATED
        return Item(row.code, row.weight, status, dates[0] if dates else None)
    due, former = past[-1], past[-2] if len(past) > 1 else None
    if _is_waived(records, row.code, day):
        return Item(row.code, row.weight, ItemStatus.WAIVED, due)
    steps = [step for step in records.steps.get(row.code, ()) if step.on <= day]
    approved = [step.on for step in steps if step.state == StepState.APPROVED]
    fresh = [on for on in approved if former is None or on > former]
    if fresh:
        return Item(row.code, row.weight, ItemStatus.MET, due, is_late=min(fresh) > due)
    is_waiting = bool(steps) and steps[-1].state == StepState.SUBMITTED
    status = ItemStatus.PARTLY if approved or is_waiting else ItemStatus.NOT_MET
    return Item(row.code, row.weight, status, due)


def _control(row: RequirementRule, records: Records, day: date) -> Item:
    """
    Return a recurring control: met while it was done within its rhythm and the days of grace.

    One with a window keeps, once that is over, the status of its last day.
    """
    cadence = row.cadence.get(records.tier)
    if cadence is None:
        return Item(row.code, row.weight, ItemStatus.UNDATED)
    days = timedelta(days=CADENCE_DAYS[cadence])
    window = records.windows.get(row.code, Window(records.bound_on, None))
    if window.first is None:
        return Item(row.code, row.weight, ItemStatus.UNDATED)
    if day < window.first:
        return Item(row.code, row.weight, ItemStatus.NOT_DUE, window.first + days)
    day = min(day, window.last) if window.last else day
    done = [
        step.on for step in records.steps.get(row.code, ()) if step.on <= day and step.state == StepState.DONE
    ]
    due = (max(done) if done else window.first) + days
    if _is_waived(records, row.code, day):
        return Item(row.code, row.weight, ItemStatus.WAIVED, due)
    if day <= due + timedelta(days=GRACE_DAYS):
        return Item(row.code, row.weight, ItemStatus.MET if done else ItemStatus.NOT_DUE, due)
    return Item(row.code, row.weight, ItemStatus.NOT_MET, due)


def _is_waived(records: Records, code: str, day: date) -> bool:
    return any(span.covers(day) for span in records.waivers.get(code, ()))
