"""What many entries of progress would lead to, before they are saved (SCH-22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pmo_portal.accounts.models import User
from projects.models import Link, Project, TaskProgress
from projects.services import schedules
from projects.services.progress import record_progress_of_many
from projects.services.progress_rules import ProgressDraft
from projects.services.task_dates import KnownHours


@dataclass(frozen=True)
class Foreseen:
    """
    Where an entry leads to: remaining working minutes, percent, finish.

    ``before`` names the unfinished tasks that should come first (SCH-26).
    """

    uid: int
    percent_complete: Decimal
    remaining_duration: int
    finish: datetime | None
    before: tuple[str, ...]


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
    found: list[Foreseen] = []

    def act() -> None:
        record_progress_of_many(
            actor=actor,
            project=project,
            data_date=data_date,
            drafts=drafts,
            expected_versions=expected_versions,
            hours=hours,
        )
        found.extend(_foreseen([draft.task.pk for draft in drafts], data_date or date.min))

    effects = schedules.try_out(act)
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
            finish=entry.forecast_finish,
            before=tuple(held.get(entry.task_id, ())),
        )
        for entry in entries.select_related("task").order_by("task__sort_path", "pk")
    ]
