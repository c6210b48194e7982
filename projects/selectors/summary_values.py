"""How much of the work below summaries is done physically: EV/BAC (SCH-32)."""

from collections import defaultdict
from datetime import date
from typing import Any

from projects.choices import TaskKind
from projects.engine.measure import Measure, Reason
from projects.engine.value_report import earned_by_task, physical_percent
from projects.models import Project, Task
from projects.selectors.measures import load_projects


def physical_of(task: Task, *, as_of: date) -> Measure:
    """Return how much of a row is done physically: what was recorded, of summaries `summaries_physical`."""
    if task.kind == TaskKind.SUMMARY:
        return summaries_physical(task.project, as_of=as_of)[task.pk]
    return Measure.of(task.percent_physical)


def summaries_physical(project: Project, *, as_of: date) -> dict[int, Measure]:
    """
    Return by key of each summary the earned share (0-100) of what was budgeted below it.

    As known at the end of a day. Removed tasks belong to no summary any more. At most 30 queries.
    """
    above: dict[int, int | None] = {}
    summaries = []
    rows = Task.objects.filter(project=project).order_by("pk").values_list("pk", "parent", "kind")
    for key, parent, kind in rows:
        above[key] = parent
        if kind == TaskKind.SUMMARY:
            summaries.append(key)
    if not summaries or project.data_date is None:
        return dict.fromkeys(summaries, Measure.missing(Reason.NO_DATA_DATE))
    chunk = load_projects([project.pk], as_of, with_earlier=False).arrays
    if not chunk.baseline.task.size:
        return dict.fromkeys(summaries, Measure.missing(Reason.NO_BASELINE))
    budgets: dict[int, int] = defaultdict(int)
    earned: dict[int, int] = defaultdict(int)
    for task, budget, value in zip(*(column.tolist() for column in earned_by_task(chunk)), strict=True):
        parent = above.get(task)
        while parent is not None:
            budgets[parent] += budget
            earned[parent] += value
            parent = above[parent]
    return {key: physical_percent(ev=earned[key], bac=budgets[key]) for key in summaries}


def summaries_grid(project: Project, *, as_of: date) -> dict[str, Any]:
    """Return the physical percentage of each summary by number of the row, or the code of its reason."""
    found = summaries_physical(project, as_of=as_of)
    uids = Task.objects.filter(project=project, kind=TaskKind.SUMMARY).order_by("sort_path", "pk")
    return {
        "columns": ["uid", "physical", "reason"],
        "rows": [
            [uid, None if measure.value is None else round(float(measure.value), 2), measure.reason]
            for uid, measure in ((uid, found[key]) for key, uid in uids.values_list("pk", "uid"))
        ],
    }
