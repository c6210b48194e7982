"""When interrupted rows of the plan are worked on, for the drawing."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from projects.choices import TaskKind, TimeKind
from projects.models import Project, Task
from projects.selectors.task_stretches import stretches_with_rests

TO_THE_MINUTE = len("2026-03-02T08:00")


def set_pieces(rows: Sequence[list[Any]], project: Project, *, columns: Sequence[str]) -> None:
    """
    Put beginning, end and work of each piece where interruptions are stored, and the days between them.

    Parameters
    ----------
    rows : sequence of list
        Packed in the order of ``columns``; ``pieces`` holds the interruptions as stored.

    As `stretches_with_rests`: no query where nothing is interrupted.
    """
    at = {name: place for place, name in enumerate(columns)}
    tasks = []
    for number, row in enumerate(rows):
        stored, row[at["pieces"]] = row[at["pieces"]], None
        if stored and row[at["kind"]] == TaskKind.TASK and row[at["start"]] and row[at["finish"]]:
            tasks.append(
                Task(
                    pk=number,
                    kind=TaskKind.TASK,
                    interruptions=json.loads(stored) if isinstance(stored, str) else stored,
                    planned_start=datetime.fromisoformat(row[at["start"]]),
                    planned_finish=datetime.fromisoformat(row[at["finish"]]),
                    calendar_id=row[at["calendar"]],
                    duration_kind=TimeKind.ELAPSED if row[at["elapsed"]] else TimeKind.WORK,
                )
            )
    for number, (pieces, rests) in stretches_with_rests(tasks, project).items():
        rows[number][at["interruptions"]] = [[day.isoformat() for day in days] for days in rests]
        rows[number][at["pieces"]] = [
            [
                *(moment.isoformat()[:TO_THE_MINUTE] for moment in (piece.start, piece.finish)),
                piece.work,
            ]
            for piece in pieces
        ]
