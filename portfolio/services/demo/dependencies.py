"""Projects of the demo that wait for each other: agreed, moved, too late, and not answered yet."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from pmo_portal.accounts.models import User
from projects.choices import MILESTONES
from projects.models import Project, ProjectDependency, Task
from projects.selectors.dependencies import forecast_of
from projects.selectors.members import leads_of
from projects.services.dependencies import add_dependency, agree, tell_moved, write_bounds

ACCEPTED, HANDED_OVER = 2, 1
"""The last milestone but one of a plan, and the last; shorter plans have fewer phases."""


@dataclass(frozen=True)
class Wait:
    """
    One project waits for a milestone of another.

    Attributes
    ----------
    milestone, given : int
        Which of its milestones that are still to be reached, counted from the end.
    room : int
        Calendar days from the giver's forecast to the day of need; negative is too late.
    slipped : int
        Calendar days by which the giver's date moved after it was promised.
    """

    receiver: str
    milestone: int
    giver: str
    given: int
    room: int
    slipped: int = 0
    is_agreed: bool = True


WAITS = (
    Wait("Harbour substation rebuild", ACCEPTED, "Transformer exchange lot 3", HANDED_OVER, room=14),
    Wait("Harbour substation rebuild", HANDED_OVER, "Meter data hub", HANDED_OVER, room=4, slipped=12),
    Wait("Outage map", HANDED_OVER, "Asset health index", ACCEPTED, room=-7, slipped=16),
    Wait("Customer self-service portal", ACCEPTED, "Outage map", HANDED_OVER, room=30),
    Wait(
        "Network model clean-up",
        HANDED_OVER,
        "Harbour substation rebuild",
        ACCEPTED,
        room=40,
        is_agreed=False,
    ),
)


def let_projects_wait(*, as_of: date) -> None:
    """Make the dependencies whose two projects are there; their managers asked and agreed three weeks ago."""
    known = {project.name: project for project in Project.objects.active().select_related("node", "calendar")}
    asked = datetime.combine(as_of - timedelta(days=21), datetime.min.time(), ZoneInfo(settings.TIME_ZONE))
    for wait in WAITS:
        receiver, giver = known.get(wait.receiver), known.get(wait.giver)
        if receiver is not None and giver is not None:
            _wait(wait, receiver, giver, asked=asked.replace(hour=10), as_of=as_of)


def _wait(wait: Wait, receiver: Project, giver: Project, *, asked: datetime, as_of: date) -> None:
    milestone, given = _milestone(receiver, wait.milestone), _milestone(giver, wait.given)
    forecast = forecast_of(given) if given else None
    if milestone is None or given is None or forecast is None:
        return
    made = add_dependency(
        actor=_manager(receiver, as_of),
        giver_milestone=given,
        milestone=milestone,
        need_by=forecast.date() + timedelta(days=wait.room),
        drives_schedule=True,
        is_agreed_by_giver=False,
        now=asked,
    )
    if wait.is_agreed:
        agree(actor=_manager(giver, as_of), dependency=made, now=asked, expected_version=None)
    if wait.slipped:
        promised = forecast - timedelta(days=wait.slipped)
        ProjectDependency.objects.filter(pk=made.pk).update(promised_at=promised, told_at=promised)
        write_bounds(receiver)
        tell_moved(project_id=giver.pk, today=as_of)


def _milestone(project: Project, place: int) -> Task | None:
    open_ones = Task.objects.filter(project=project, kind__in=MILESTONES, actual_finish=None)
    found = list(open_ones.select_related("project").order_by("-uid")[:place])
    return found[-1] if len(found) == place else None


def _manager(project: Project, day: date) -> User | None:
    return next(iter(leads_of(project, today=day).managers), None)
