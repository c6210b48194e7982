"""What changed between two versions of a plan, said in sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.engine.plan_comparison import ItemChange, PlanDifference
from projects.selectors.plan_versions import Comparison

NAMED = 3
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class ChangeLine:
    """A sentence; ``tone`` is bad, good or empty, ``names`` what it is about, at most three."""

    text: str
    tone: str = ""
    names: tuple[str, ...] = ()
    more: int = 0


def change_lines(comparison: Comparison) -> list[ChangeLine]:
    """Return the sentences, the finish first; one that says so when nothing changed."""
    difference = comparison.difference
    lines = [
        _finish_line(difference),
        _moved_line(difference, late=True),
        _moved_line(difference, late=False),
        _key_line(difference),
        _length_line(difference, longer=True),
        _length_line(difference, longer=False),
        _scope_line(difference.added, is_added=True),
        _scope_line(difference.removed, is_added=False),
    ]
    found = [line for line in lines if line is not None]
    return found or [ChangeLine(_("Nothing changed: the same tasks with the same dates and durations."))]


def growth_percent(comparison: Comparison) -> Decimal | None:
    """Return how much the budget grew, in percent of the earlier version (RAI-22); None without a budget."""
    if not comparison.budget_before:
        return None
    return HUNDRED * (comparison.budget_after - comparison.budget_before) / comparison.budget_before


def _finish_line(difference: PlanDifference) -> ChangeLine | None:
    first, second = difference.finish_before, difference.finish_after
    if first is None or second is None or first == second:
        return None
    days = difference.finish_wd or 0
    dates = {
        "before": date_format(first, "SHORT_DATE_FORMAT"),
        "after": date_format(second, "SHORT_DATE_FORMAT"),
    }
    if second > first:
        text = ngettext(
            "The plan finishes %(count)s working day later: %(after)s instead of %(before)s.",
            "The plan finishes %(count)s working days later: %(after)s instead of %(before)s.",
            days,
        )
        return ChangeLine(text % {"count": days, **dates}, "bad")
    text = ngettext(
        "The plan finishes %(count)s working day earlier: %(after)s instead of %(before)s.",
        "The plan finishes %(count)s working days earlier: %(after)s instead of %(before)s.",
        -days,
    )
    return ChangeLine(text % {"count": -days, **dates}, "good")


def _moved_line(difference: PlanDifference, *, late: bool) -> ChangeLine | None:
    sign = 1 if late else -1
    moved = [change for change in difference.kept if (change.finish_wd or 0) * sign > 0]
    if not moved:
        return None
    moved.sort(key=lambda change: (-abs(change.finish_wd or 0), change.uid))
    values = {"count": len(moved), "total": len(difference.kept)}
    if late:
        text = ngettext(
            "%(count)s of %(total)s tasks finishes later.",
            "%(count)s of %(total)s tasks finish later.",
            len(moved),
        )
        return ChangeLine(text % values, "bad", *_named(moved, _days_text))
    text = ngettext(
        "%(count)s of %(total)s tasks finishes earlier.",
        "%(count)s of %(total)s tasks finish earlier.",
        len(moved),
    )
    return ChangeLine(text % values, "good", *_named(moved, _days_text))


def _key_line(difference: PlanDifference) -> ChangeLine | None:
    key = [change for change in difference.kept if change.after and change.after.is_key_milestone]
    late = [change for change in key if (change.finish_wd or 0) > 0]
    if not late:
        return None
    text = ngettext(
        "%(count)s of %(total)s key milestones is later.",
        "%(count)s of %(total)s key milestones are later.",
        len(late),
    )
    return ChangeLine(text % {"count": len(late), "total": len(key)}, "bad", *_named(late, _days_text))


def _length_line(difference: PlanDifference, *, longer: bool) -> ChangeLine | None:
    sign = 1 if longer else -1
    found = [change for change in difference.kept if (change.duration or 0) * sign > 0]
    if not found:
        return None
    found.sort(key=lambda change: (-abs(change.duration or 0), change.uid))
    if longer:
        text = ngettext("%(count)s task takes longer.", "%(count)s tasks take longer.", len(found))
    else:
        text = ngettext("%(count)s task is shorter.", "%(count)s tasks are shorter.", len(found))
    return ChangeLine(text % {"count": len(found)}, "", *_named(found, _plain_text))


def _scope_line(changes: Sequence[ItemChange], *, is_added: bool) -> ChangeLine | None:
    if not changes:
        return None
    if is_added:
        text = ngettext("%(count)s task was added.", "%(count)s tasks were added.", len(changes))
    else:
        text = ngettext("%(count)s task was removed.", "%(count)s tasks were removed.", len(changes))
    return ChangeLine(text % {"count": len(changes)}, "", *_named(changes, _plain_text))


def _named(changes: Sequence[ItemChange], words: Callable[[ItemChange], str]) -> tuple[tuple[str, ...], int]:
    """Return the names of the first few changes, and how many there are more."""
    return tuple(words(change) for change in changes[:NAMED]), max(len(changes) - NAMED, 0)


def _plain_text(change: ItemChange) -> str:
    return change.name


def _days_text(change: ItemChange) -> str:
    days = change.finish_wd or 0
    return _("%(name)s (%(days)s d)") % {"name": change.name, "days": f"{days:+d}".replace("-", "−")}
