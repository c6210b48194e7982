"""The progress list as a table that is changed offline: its headings in all languages, its cells."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from projects.choices import MILESTONES
from projects.interchange.progress_sheet import COLUMNS, Taken, Values, write_taken
from projects.models import Project, Task
from projects.selectors.plan_dates import shown_finish, shown_start
from projects.selectors.plan_grid import plan_revision
from projects.selectors.work_days import CENT, in_days

HEADINGS: Mapping[str, Any] = {
    "project": _("Project"),
    "row": _("Row"),
    "wbs": _("WBS"),
    "name": _("Name"),
    "owner": _("Owner"),
    "plan_start": _("Plan start"),
    "plan_finish": _("Plan finish"),
    "actual_start": _("Actual start"),
    "actual_finish": _("Actual finish"),
    "days_left": _("Days left"),
    "percent_complete": _("% complete"),
    "percent_physical": _("% physically done"),
    "quantity_done": _("Units or points done"),
    "steps_reached": _("Steps reached"),
    "note": _("Note"),
    "taken": _("State at export (do not change)"),
}


def sheet_headings() -> list[str]:
    """Return the headings in the language of the moment."""
    return [str(HEADINGS[name]) for name in COLUMNS]


def known_headings() -> dict[str, tuple[str, ...]]:
    """Return the headings of each column in every language, so that a file may come from another person."""
    found: dict[str, list[str]] = {name: [] for name in COLUMNS}
    for language, _title in settings.LANGUAGES:
        with override(language):
            for name in COLUMNS:
                found[name].append(str(HEADINGS[name]))
    return {name: tuple(titles) for name, titles in found.items()}


def sheet_values(task: Task, *, project: Project) -> Values:
    """Return what a row says of a task as it is now; the project's calendar must be loaded."""
    is_milestone = task.kind in MILESTONES
    is_started = task.actual_start is not None and not is_milestone
    counted = task.ev_progress or {}
    left = task.duration if task.remaining_duration is None else task.remaining_duration
    return {
        "actual_start": None if is_milestone else shown_start(task.actual_start),
        "actual_finish": shown_finish(task.actual_finish),
        "days_left": None if is_milestone else in_days(left, project, task.duration_kind),
        "percent_complete": task.percent_complete if is_started else None,
        "percent_physical": task.percent_physical if is_started else None,
        "quantity_done": Decimal(counted["done"]).quantize(CENT) if counted.get("done") else None,
        "steps_reached": tuple(counted.get("reached", ())),
    }


def sheet_cells(tasks: Iterable[Task], *, project: Project) -> Iterator[list[Any]]:
    """Yield a line of cells for each task. No query but that of the tasks."""
    plan = plan_revision(project)
    for task in tasks:
        values = sheet_values(task, project=project)
        steps = ", ".join(str(number) for number in values["steps_reached"] or ())  # type: ignore[union-attr]
        yield [
            project.code,
            task.uid,
            task.wbs,
            task.name,
            task.owner.name if task.owner else "",
            shown_start(task.planned_start),
            shown_finish(task.planned_finish),
            *(value for name, value in values.items() if name != "steps_reached"),
            steps,
            "",
            write_taken(Taken(plan, project.data_date, values)),
        ]
