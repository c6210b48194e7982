"""The page of periods: each with its state and the roll-up that closed it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.models import Job
from portfolio.choices import RunState, SnapshotKind
from portfolio.models import RollupRun
from projects.models import Period

AHEAD, OPEN, ENDED, CLOSING, CLOSED, PARTIAL = "AHEAD", "OPEN", "ENDED", "CLOSING", "CLOSED", "PARTIAL"
STATE_TITLES: dict[str, str | Promise] = {
    AHEAD: _("To come"),
    OPEN: _("Open"),
    ENDED: _("Over, to be closed"),
    CLOSING: _("Closing"),
    CLOSED: _("Closed"),
    PARTIAL: _("Closed with errors"),
}
STATE_TONES = {AHEAD: "", OPEN: "accent", ENDED: "amber", CLOSING: "blue", CLOSED: "green", PARTIAL: "red"}
STATE_ICONS = {
    AHEAD: "clock",
    OPEN: "calendar-event",
    ENDED: "alert-triangle",
    CLOSING: "loader-2",
    CLOSED: "lock",
    PARTIAL: "alert-octagon",
}


@dataclass(frozen=True)
class CloseRun:
    """The roll-up that closed, or closes, a period; ``percent`` only while it runs."""

    pk: int
    state: str
    projects: int
    failed: int
    percent: int | None
    finished_at: datetime | None


@dataclass(frozen=True)
class PeriodRow:
    """A period in the list; ``closed_by`` is empty where the system or the shell closed it."""

    pk: int
    code: str
    start: date
    end: date
    state: str
    closed_at: datetime | None
    closed_by: str
    run: CloseRun | None
    is_next: bool
    is_last: bool

    @property
    def state_title(self) -> str:
        """State in words."""
        return str(STATE_TITLES[self.state])

    @property
    def tone(self) -> str:
        """Tone of the state's badge."""
        return STATE_TONES[self.state]

    @property
    def icon(self) -> str:
        """Icon of the state."""
        return STATE_ICONS[self.state]

    @property
    def can_close(self) -> bool:
        """Whether it is the next to close and over."""
        return self.is_next and self.state == ENDED

    @property
    def can_remove(self) -> bool:
        """Whether it may be taken back: the last one, still open."""
        return self.is_last and self.closed_at is None


@dataclass(frozen=True)
class PeriodBoard:
    """All periods, newest first, and the one to close next."""

    rows: tuple[PeriodRow, ...]

    @property
    def following(self) -> PeriodRow | None:
        """The first open period."""
        return next((row for row in self.rows if row.is_next), None)

    @property
    def newest_closed(self) -> PeriodRow | None:
        """The newest closed period."""
        return next((row for row in self.rows if row.closed_at is not None), None)

    @property
    def is_moving(self) -> bool:
        """Whether a close is being computed."""
        return any(row.state == CLOSING for row in self.rows)


def period_board(today: date) -> PeriodBoard:
    """Return the page of periods. Two queries, three while a close runs."""
    periods = list(Period.objects.select_related("closed_by").order_by("-start"))
    runs = close_runs([period.end for period in periods if period.is_closed])
    first_open = min((period.start for period in periods if not period.is_closed), default=None)
    return PeriodBoard(
        tuple(
            _row(period, runs.get(period.end), today, is_next=period.start == first_open, is_last=not number)
            for number, period in enumerate(periods)
        )
    )


def _row(period: Period, run: CloseRun | None, today: date, *, is_next: bool, is_last: bool) -> PeriodRow:
    return PeriodRow(
        pk=period.pk,
        code=period.code,
        start=period.start,
        end=period.end,
        state=_state(period, run, today),
        closed_at=period.closed_at,
        closed_by=period.closed_by.name if period.closed_by else "",
        run=run,
        is_next=is_next,
        is_last=is_last,
    )


def _state(period: Period, run: CloseRun | None, today: date) -> str:
    if not period.is_closed:
        return AHEAD if period.start > today else ENDED if period.end < today else OPEN
    if run is not None and run.state == RunState.RUNNING:
        return CLOSING
    return PARTIAL if run is None or run.state == RunState.PARTIAL else CLOSED


def close_runs(ends: Sequence[date]) -> dict[date, CloseRun]:
    """Return the newest closing roll-up by the last day of its period. One query, two while one runs."""
    rows = RollupRun.objects.filter(kind=SnapshotKind.PERIOD_CLOSE, as_of__in=ends).order_by("pk")
    newest = {run.as_of: run for run in rows}
    running = [run for run in newest.values() if run.state == RunState.RUNNING]
    waiting: Counter[str] = Counter()
    if running:
        groups = [run.job_group for run in running]
        waiting.update(Job.objects.filter(group__in=groups).unfinished().values_list("group", flat=True))
    return {
        day: CloseRun(
            pk=run.pk,
            state=run.state,
            projects=run.projects_total,
            failed=run.projects_failed,
            percent=_percent(run, waiting[run.job_group]) if run.state == RunState.RUNNING else None,
            finished_at=run.finished_at,
        )
        for day, run in newest.items()
    }


def _percent(run: RollupRun, waiting: int) -> int:
    parts = run.chunks_total + 1
    return 100 * max(0, parts - max(waiting, 1)) // parts
