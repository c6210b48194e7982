"""Two versions of a plan as a table to take away."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from projects.selectors.plan_versions import ComparedRow, Comparison


def compared_headings(comparison: Comparison, *, with_cost: bool) -> list[str]:
    """Return the headings."""
    before, after = comparison.before.title, comparison.after.title
    headings = [
        _("Number"),
        _("WBS"),
        _("Name"),
        _("Change"),
        _("Start: %(version)s") % {"version": before},
        _("Start: %(version)s") % {"version": after},
        _("Start variance (wd)"),
        _("Finish: %(version)s") % {"version": before},
        _("Finish: %(version)s") % {"version": after},
        _("Finish variance (wd)"),
        _("Duration variance (days)"),
    ]
    return [*headings, _("Cost variance")] if with_cost else headings


def compared_cells(comparison: Comparison, *, with_cost: bool) -> Iterator[list[Any]]:
    """Return the cells of each leaf."""
    for row in comparison.rows:
        change = row.change
        before, after = change.before, change.after
        cells = [
            change.uid,
            row.wbs,
            change.name,
            change_title(row),
            before.start if before else None,
            after.start if after else None,
            change.start_wd,
            before.finish if before else None,
            after.finish if after else None,
            change.finish_wd,
            row.duration_days,
        ]
        yield [*cells, change.cost] if with_cost else cells


def change_title(row: ComparedRow) -> str:
    """Return what happened to a leaf, in a word; empty where nothing did."""
    if row.change.is_added:
        return _("added")
    if row.change.is_removed:
        return _("removed")
    return _("changed") if row.change.is_changed else ""
