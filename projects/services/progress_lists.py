"""What entries of progress would lead to, before they are saved (SCH-22)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pmo_portal.accounts.models import User
from projects.models import Link, Project, Task, TaskProgress
from projects.services import schedules
from projects.services.progress import record_progress, record_progress_of_many
from projects.services.progress_rules import ProgressDraft
from projects.services.task_dates import KnownHours


@dataclass(frozen=True)
class Foreseen:
    """
    Where an entry leads to: remaining minutes of the kind of its duration, percent, finish.

    ``before`` names the unfinished tasks that should come first (SCH-26). ``is_open_end`` says that no work
    is left of a task that is not finished (SCH-23).
    """

    uid: int
    percent_complete: Decimal
    remaining_duration: int
    duration_kind: str
    finish: datetime | None
    before: tuple[str, ...]
    is_open_end: bool


@dataclass(frozen=True)
class ProgressTrial:
    """The entries as they would be, and what they move."""

    rows: tuple[Foreseen, ...]
    effect: schedules.Effect


def try_progress_of_many(
    *,
    actor: User | None,
    project: Project,
    data_date: date | None,
    drafts: Sequence[ProgressDraft],
    expected_versions: Mapping[int, int | None] | None = None,
    hours: KnownHours | None = None,
) -> ProgressTrial:
    """Return where entries lead to; refuses what `record_progress_of_many` refuses, and keeps nothing."""

    def act() -> None:
        record_progress_of_many(
            actor=actor,
            project=project,
            data_date=data_date,
            drafts=drafts,
            expected_versions=expected_versions,
            hours=hours,
        )

    return _tried(act, [draft.task.pk for draft in drafts], data_date)


def try_progress(
    *,
    actor: User | None,
    task: Task,
    data_date: date | None,
    expected_version: int | None = None,
    **said: Any,
) -> ProgressTrial:
    """Return where one entry leads to; refuses what `record_progress` refuses, and keeps nothing."""

    def act() -> None:
        record_progress(
            actor=actor, task=task, data_date=data_date, expected_version=expected_version, **said
        )

    return _tried(act, [task.pk], data_date)


def _tried(act: Callable[[], None], task_ids: list[int], data_date: date | None) -> ProgressTrial:
    """Return what the entries of an act look like after it, and what it moves; nothing of it stays."""
    found: list[Foreseen] = []

    def look() -> None:
        act()
        found.extend(_foreseen(task_ids, data_date or date.min))

    effects = schedules.try_out(look)
    return ProgressTrial(tuple(found), effects[-1] if effects else schedules.NOTHING)


def _foreseen(task_ids: Sequence[int], data_date: date) -> list[Foreseen]:
    """Return the entries of a day as they stand after the dating. Two queries."""
    held: dict[int, list[str]] = {}
    links = Link.objects.filter(successor_id__in=task_ids, is_out_of_sequence=True)
    for successor, wbs, name in links.order_by("predecessor__sort_path", "pk").values_list(
        "successor_id", "predecessor__wbs", "predecessor__name"
    ):
        held.setdefault(successor, []).append(f"{wbs} {name}".strip())
    entries = TaskProgress.objects.filter(task_id__in=task_ids, data_date=data_date)
    return [
        Foreseen(
            uid=entry.task.uid,
            percent_complete=entry.percent_complete,
            remaining_duration=entry.remaining_duration or 0,
            duration_kind=entry.task.duration_kind,
            finish=entry.forecast_finish,
            before=tuple(held.get(entry.task_id, ())),
            is_open_end=entry.remaining_duration == 0 and entry.actual_finish is None,
        )
        for entry in entries.select_related("task").order_by("task__sort_path", "pk")
    ]
