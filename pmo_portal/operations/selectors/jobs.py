"""What the pages show of jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.jobs import POISONED, REGISTRY, UNEXPECTED, WAITS_AGAIN
from pmo_portal.common.models import Job, JobState
from pmo_portal.operations.access import jobs_seen_by

COMPONENT_STATES = {
    JobState.QUEUED: "queued",
    JobState.RUNNING: "running",
    JobState.DONE: "succeeded",
    JobState.FAILED: "failed",
    JobState.CANCELED: "canceled",
}
STATE_TONES = {
    JobState.QUEUED: "grey",
    JobState.RUNNING: "blue",
    JobState.DONE: "green",
    JobState.FAILED: "red",
    JobState.CANCELED: "grey",
}
SECRET_WORDS = ("password", "token", "secret", "email", "origin", "key", "link")
SHOWN_LENGTH = 80
GROUPED_FROM = 4


@dataclass(frozen=True)
class JobRow:
    """One job as pages and API show it."""

    id: int
    name: str
    title: str
    label: str
    state: str
    state_title: str | Promise
    owner: str
    is_own: bool
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration: timedelta | None
    attempt: int
    worker: str
    percent: int | None
    progress_text: str
    error: str
    arguments: tuple[tuple[str, str], ...]
    result_url: str
    may_retry: bool
    may_cancel: bool

    @property
    def component_state(self) -> str:
        """State in the words of the progress component."""
        return COMPONENT_STATES[JobState(self.state)]

    @property
    def heading(self) -> str:
        """What this very job is about, as far as it may be shown."""
        return self.label or self.title

    @property
    def shown_percent(self) -> int | None:
        """Length of the bar: none for work that ended before its length was known."""
        return 0 if self.percent is None and self.is_finished else self.percent

    @property
    def tone(self) -> str:
        """Tone of the state."""
        return STATE_TONES[JobState(self.state)]

    @property
    def is_finished(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state not in {JobState.QUEUED, JobState.RUNNING}

    @property
    def seconds(self) -> float | None:
        """Duration in seconds; None while it has not ended."""
        return self.duration.total_seconds() if self.duration is not None else None


@dataclass(frozen=True)
class JobGroup:
    """Jobs of one kind that the portal ordered itself, as one line of the list."""

    name: str
    title: str
    done: int
    running: int
    waiting: int
    failed: int
    canceled: int
    newest: datetime

    @property
    def size(self) -> int:
        """How many lines the group saves."""
        return self.done + self.running + self.waiting + self.canceled

    @property
    def is_moving(self) -> bool:
        """Whether some still have to end."""
        return bool(self.running or self.waiting)


def jobs_found(
    user: Any,
    *,
    sees_all: bool,
    mine: bool,
    state: str = "",
    name: str = "",
    search: str = "",
    sort: str = "",
) -> QuerySet[Job]:
    """Return the jobs that fit, newest first unless sorted; unknown states and names fit nothing."""
    found = jobs_seen_by(user, sees_all=sees_all and not mine).select_related("owner")
    if state:
        found = found.filter(state=state)
    if name:
        found = found.filter(name=name)
    if search:
        names = [kind.name for kind in REGISTRY.values() if search.casefold() in str(kind.title).casefold()]
        words = Q(name__icontains=search) | Q(name__in=names)
        if search.isdigit() and len(search) < 18:
            words |= Q(pk=int(search))
        found = found.filter(words | Q(owner=user, label__icontains=search))
    orders = {"state": ("state", "-id"), "-state": ("-state", "-id"), "queued": ("id",), "-queued": ("-id",)}
    return found.order_by(*orders.get(sort, ("-id",)))


def job_groups(found: QuerySet[Job]) -> list[JobGroup]:
    """
    Return the kinds of which the portal itself ordered so many that they would bury all else. One query.

    What failed is counted here and listed one by one all the same.
    """
    counts = (
        found.order_by()
        .filter(owner__isnull=True)
        .values("name")
        .annotate(
            done=Count("pk", filter=Q(state=JobState.DONE)),
            running=Count("pk", filter=Q(state=JobState.RUNNING)),
            waiting=Count("pk", filter=Q(state=JobState.QUEUED)),
            failed=Count("pk", filter=Q(state=JobState.FAILED)),
            canceled=Count("pk", filter=Q(state=JobState.CANCELED)),
            newest=Max("queued_at"),
        )
        .order_by("-newest", "name")
    )
    groups = [
        JobGroup(title=str(REGISTRY[row["name"]].title) if row["name"] in REGISTRY else row["name"], **row)
        for row in counts
    ]
    return [group for group in groups if group.size >= GROUPED_FROM]


def outside_of(groups: Iterable[JobGroup], found: QuerySet[Job]) -> QuerySet[Job]:
    """Return the jobs that no group stands for: those of people, other kinds, and whatever failed."""
    names = [group.name for group in groups]
    return found.exclude(Q(owner__isnull=True) & Q(name__in=names) & ~Q(state=JobState.FAILED))


def job_row(job: Job, *, user: Any, reads_all: bool, may_manage: bool) -> JobRow:
    """
    Return what this person may see of the job; ``job.owner`` must be loaded.

    Of jobs of others only kind, state and times are shown unless ``reads_all``.
    """
    is_own = job.owner_id is not None and job.owner_id == user.pk
    reads = is_own or reads_all
    kind = REGISTRY.get(job.name)
    may_change = is_own or may_manage
    ended = job.finished_at if job.finished_at and job.started_at else None
    return JobRow(
        id=job.pk,
        name=job.name,
        title=str(kind.title) if kind else job.name,
        label=job.text if reads else "",
        state=job.state,
        state_title=JobState(job.state).label,
        owner=str(job.owner) if job.owner else gettext("The portal itself"),
        is_own=is_own,
        queued_at=job.queued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        duration=ended - job.started_at if ended and job.started_at else None,
        attempt=job.attempt,
        worker=job.worker,
        percent=job.percent_done,
        progress_text=job.progress_text if reads else "",
        error=_error_text(job.error, reads=reads),
        arguments=_safe_arguments(job.arguments) if reads else (),
        result_url=str((job.result or {}).get("url", "")) if is_own else "",
        may_retry=may_change and job.state in {JobState.FAILED, JobState.CANCELED},
        may_cancel=may_change and job.state == JobState.QUEUED,
    )


def name_choices() -> list[tuple[str, str]]:
    """Return the kinds of jobs for a filter."""
    return sorted(((kind.name, str(kind.title)) for kind in REGISTRY.values()), key=lambda pair: pair[1])


def _error_text(error: str, *, reads: bool) -> str:
    """Return the error in the reader's language; errors of others may name what they must not see."""
    if not error:
        return ""
    known = [text for text in (POISONED, UNEXPECTED, WAITS_AGAIN) if text in error]
    if not reads and not known:
        return gettext("The work was refused; its owner sees the reason.")
    for text in known:
        error = error.replace(text, gettext(text))
    return error


def _safe_arguments(arguments: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return names and shortened values without anything secret or nested."""
    shown = []
    for name, value in sorted(arguments.items()):
        if any(word in name.lower() for word in SECRET_WORDS) or isinstance(value, dict):
            continue
        text = ", ".join(map(str, value[:10])) if isinstance(value, list) else str(value)
        shown.append((name, text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"))
    return tuple(shown)


STATE_CHOICES = [(state.value, state.label) for state in JobState]
MINE_CHOICES = [("mine", _("Mine"))]
