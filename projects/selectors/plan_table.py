"""The plan as a table for spreadsheets."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projects.choices import TimeKind
from projects.interchange.link_words import LinkWords, write_links
from projects.interchange.time_words import Length
from projects.models import Link, Project, Task
from projects.selectors.plan_dates import shown_constraint, shown_finish, shown_start
from projects.selectors.plan_grid import remaining_of, units_of
from projects.selectors.work_days import minutes_of_day

MONEY = "budget.view"


def plan_headings(rights: Collection[str]) -> list[str]:
    """Return the headings of `plan_cells`."""
    headings = [
        *(_("Number"), _("WBS"), _("Level"), _("Name"), _("Kind"), _("Duration (days)")),
        _("Kind of duration"),
        *(_("Start"), _("Finish"), _("Actual start"), _("Actual finish"), _("% complete")),
        *(_("Remaining (days)"), _("Predecessors"), _("Constraint"), _("Constraint date"), _("Deadline")),
        _("Promised by another project"),
        *(_("Calendar"), _("Owner"), _("Work (hours)"), _("Total float (days)"), _("Critical"), _("Notes")),
    ]
    return [*headings, _("Fixed cost")] if MONEY in rights else headings


def plan_cells(project: Project, *, rights: Collection[str]) -> Iterator[list[Any]]:
    """Yield a line of cells for each row of the plan, in its order. Two queries."""
    words = predecessor_words(project)
    tasks = Task.objects.filter(project=project).select_related("owner", "calendar").in_order()
    for task in tasks:
        cells = _cells(task, words.get(task.pk, ""), minutes_of_day(project, task.duration_kind))
        yield [*cells, task.fixed_cost] if MONEY in rights else cells


def predecessor_words(project: Project, *, name: str = "uid") -> dict[int, str]:
    """
    Return the predecessors of rows as text such as ``12FS+2d``, by key of the row. One query.

    Parameters
    ----------
    name : str
        The column that names a predecessor: its number, or ``wbs``.
    """
    units = units_of(project)
    words: dict[int, list[LinkWords]] = defaultdict(list)
    links = Link.objects.filter(project=project).order_by("predecessor__uid", "pk")
    read = ("successor_id", f"predecessor__{name}", "type", "lag", "lag_kind", "lag_percent")
    for successor_id, uid, kind, lag, lag_kind, percent in links.values_list(*read):
        length = Length(lag, lag_kind == TimeKind.ELAPSED)
        words[successor_id].append(LinkWords(str(uid), kind, length, percent))
    return {pk: write_links(found, units) for pk, found in words.items()}


def _cells(task: Task, predecessors: str, per_day: Decimal) -> list[Any]:
    left = remaining_of(task.kind, task.actual_start, task.duration, task.remaining_duration)
    return [
        task.uid,
        task.wbs,
        task.outline_level,
        task.name,
        task.get_kind_display(),
        _days(task.duration, per_day),
        task.get_duration_kind_display(),
        shown_start(task.planned_start),
        shown_finish(task.planned_finish),
        shown_start(task.actual_start),
        shown_finish(task.actual_finish),
        task.percent_complete,
        None if left is None else _days(left, per_day),
        predecessors,
        task.get_constraint_type_display(),
        shown_constraint(task.constraint_type, task.constraint_date),
        shown_finish(task.deadline),
        shown_finish(task.external_start),
        task.calendar.name if task.calendar else "",
        task.owner.name if task.owner else "",
        task.work_hours,
        None if task.total_float is None else _days(task.total_float, per_day),
        task.is_critical,
        task.notes,
    ]


def _days(minutes: int, per_day: Decimal) -> Decimal:
    return (Decimal(minutes) / per_day).quantize(Decimal("0.01"))
