"""Dates a measure may rest on: a typing error in one project must not break or slow its whole chunk."""

from dataclasses import replace
from datetime import date

import numpy as np

from projects.engine.instants import NO_INSTANT, Instants, start_of_day
from projects.engine.project_arrays import ProjectArrays

FIRST_DATE = date(1900, 1, 1)
END_DATE = date(2200, 1, 1)


def plausible_dates(chunk: ProjectArrays) -> ProjectArrays:
    """Return the chunk with dates outside the years 1900 to 2199 taken as not given."""
    projects, tasks, baseline = chunk.projects, chunk.tasks, chunk.baseline
    return replace(
        chunk,
        projects=replace(
            projects,
            data_date=tuple(_plausible_day(day) for day in projects.data_date),
            original_start=_plausible(projects.original_start),
            original_finish=_plausible(projects.original_finish),
        ),
        tasks=replace(
            tasks,
            planned_start=_plausible(tasks.planned_start),
            planned_finish=_plausible(tasks.planned_finish),
            early_start=_plausible(tasks.early_start),
            early_finish=_plausible(tasks.early_finish),
            actual_start=_plausible(tasks.actual_start),
            actual_finish=_plausible(tasks.actual_finish),
            suspend_on=None if tasks.suspend_on is None else _plausible(tasks.suspend_on),
            resume_on=None if tasks.resume_on is None else _plausible(tasks.resume_on),
        ),
        baseline=replace(baseline, start=_plausible(baseline.start), finish=_plausible(baseline.finish)),
    )


def _plausible(instants: Instants) -> Instants:
    low, high = start_of_day(FIRST_DATE), start_of_day(END_DATE)
    return np.where((instants >= low) & (instants < high), instants, NO_INSTANT)


def _plausible_day(day: date | None) -> date | None:
    return day if day is not None and FIRST_DATE <= day < END_DATE else None
