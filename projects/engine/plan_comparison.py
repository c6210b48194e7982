"""What differs between two versions of a plan: frozen baselines, or the plan as it stands (SCH-37)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WorkingDays = Callable[[date, date], int]


@dataclass(frozen=True, slots=True)
class PlanItem:
    """
    A leaf of one version of a plan.

    ``start`` and ``finish`` are the days people see, ``duration`` and ``total_float`` working minutes,
    ``budget`` an amount in project currency; None where unknown.
    """

    uid: int
    name: str
    is_milestone: bool
    is_key_milestone: bool
    start: date | None
    finish: date | None
    duration: int
    total_float: int | None
    budget: Decimal


@dataclass(frozen=True, slots=True)
class ItemChange:
    """
    A leaf in both versions; None where a version does not have it.

    Differences are the later version less the earlier: ``start_wd`` and ``finish_wd`` signed working days,
    positive is late; ``duration`` working minutes; ``cost`` project currency. All None where the leaf is in
    one version only.
    """

    uid: int
    before: PlanItem | None
    after: PlanItem | None
    start_wd: int | None = None
    finish_wd: int | None = None
    duration: int | None = None
    cost: Decimal | None = None

    @property
    def name(self) -> str:
        """Name in the later version, else in the earlier."""
        item = self.after or self.before
        return item.name if item else ""

    @property
    def is_added(self) -> bool:
        """Whether only the later version has it."""
        return self.before is None

    @property
    def is_removed(self) -> bool:
        """Whether only the earlier version has it."""
        return self.after is None

    @property
    def is_changed(self) -> bool:
        """Whether anything people agreed on differs: existence, name, dates, duration or cost."""
        if self.before is None or self.after is None:
            return True
        moved = (self.before.start, self.before.finish) != (self.after.start, self.after.finish)
        return moved or bool(self.duration) or bool(self.cost) or self.before.name != self.after.name


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """
    Two versions of a plan compared leaf by leaf, in the order of ``compare_plans``.

    ``finish_wd`` is how many working days the last finish moved, None where a version has no dates;
    ``cost`` the difference of the sums of budgets.
    """

    changes: tuple[ItemChange, ...]
    finish_before: date | None
    finish_after: date | None
    finish_wd: int | None
    cost: Decimal

    @property
    def added(self) -> tuple[ItemChange, ...]:
        """Leaves of the later version only."""
        return tuple(change for change in self.changes if change.is_added)

    @property
    def removed(self) -> tuple[ItemChange, ...]:
        """Leaves of the earlier version only."""
        return tuple(change for change in self.changes if change.is_removed)

    @property
    def kept(self) -> tuple[ItemChange, ...]:
        """Leaves of both versions."""
        return tuple(change for change in self.changes if change.before and change.after)


def compare_plans(
    before: Mapping[int, PlanItem], after: Mapping[int, PlanItem], *, working_days: WorkingDays
) -> PlanDifference:
    """
    Return what differs between two versions of a plan.

    Parameters
    ----------
    before, after : mapping of int to PlanItem
        Leaves by the number of the task, in the order to list them.
    working_days : callable
        Signed working days of the project calendar from one day to another.

    Returns
    -------
    PlanDifference
        Leaves of the later version in their order, then those that only the earlier one has.
    """
    changes = [_change(uid, before.get(uid), item, working_days) for uid, item in after.items()]
    changes += [_change(uid, item, None, working_days) for uid, item in before.items() if uid not in after]
    first, second = _last_finish(before), _last_finish(after)
    return PlanDifference(
        changes=tuple(changes),
        finish_before=first,
        finish_after=second,
        finish_wd=_days(first, second, working_days),
        cost=_total(after) - _total(before),
    )


def _change(
    uid: int, before: PlanItem | None, after: PlanItem | None, working_days: WorkingDays
) -> ItemChange:
    if before is None or after is None:
        return ItemChange(uid, before, after)
    return ItemChange(
        uid,
        before,
        after,
        start_wd=_days(before.start, after.start, working_days),
        finish_wd=_days(before.finish, after.finish, working_days),
        duration=after.duration - before.duration,
        cost=after.budget - before.budget,
    )


def _days(first: date | None, second: date | None, working_days: WorkingDays) -> int | None:
    return None if first is None or second is None else working_days(first, second)


def _last_finish(items: Mapping[int, PlanItem]) -> date | None:
    return max((item.finish for item in items.values() if item.finish), default=None)


def _total(items: Mapping[int, PlanItem]) -> Decimal:
    return sum((item.budget for item in items.values()), Decimal(0))
