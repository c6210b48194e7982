"""How much of the work below a summary is done physically: EV/BAC (SCH-32)."""

from datetime import date

import numpy as np

from projects.choices import TaskKind
from projects.engine.measure import Measure, Reason
from projects.engine.value_report import physical_percent, row_values
from projects.models import Task
from projects.selectors.measures import load_projects


def physical_of(task: Task, *, as_of: date) -> Measure:
    """Return how much of a row is done physically: what was recorded, or `summary_physical`."""
    if task.kind == TaskKind.SUMMARY:
        return summary_physical(task, as_of=as_of)
    return Measure.of(task.percent_physical)


def summary_physical(task: Task, *, as_of: date) -> Measure:
    """
    Return the earned share (0-100) of what was budgeted below a summary, as known at the end of a day.

    Removed tasks belong to no summary any more. At most 30 queries. The project must be loaded.
    """
    project = task.project
    if project.data_date is None:
        return Measure.missing(Reason.NO_DATA_DATE)
    below = Task.objects.filter(project=project, sort_path__startswith=task.sort_path).values_list(
        "pk", flat=True
    )
    chunk = load_projects([project.pk], as_of, with_earlier=False).arrays
    if not chunk.baseline.task.size:
        return Measure.missing(Reason.NO_BASELINE)
    keys = list(below.order_by("pk").values_list("pk", flat=True))
    places = set(np.flatnonzero(np.isin(chunk.tasks.task_id, keys)).tolist())
    return physical_percent([row for row in row_values(chunk) if row.task in places])
