"""Tell the two sides of a dependency what the other did; nobody is told a name they may not see."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import nearest_holders
from pmo_portal.notifications.services import notify, settle
from projects.choices import TaskKind
from projects.models import Project, ProjectDependency, Task
from projects.selectors.calendars import working_time
from projects.selectors.dependencies import forecast_of, moved_words, shown_moment

TO_GIVER: Mapping[str, Promise] = {
    "asked": gettext_lazy("%(other)s waits for “%(own)s” by %(need)s. Do you agree?"),
    "need": gettext_lazy("%(other)s needs “%(own)s” by another day: %(need)s."),
    "reopened": gettext_lazy("%(other)s asks for another date of “%(own)s”, by %(need)s."),
    "ended": gettext_lazy("%(other)s does not wait for “%(own)s” any more."),
}
TO_RECEIVER: Mapping[str, Promise] = {
    "agreed": gettext_lazy("%(other)s agreed: “%(own)s” may wait for “%(their)s”."),
    "declined": gettext_lazy("%(other)s does not agree that “%(own)s” waits for “%(their)s”."),
}
MANAGERS = (Role.PROJECT_MANAGER,)


def tell_giver(dependency: ProjectDependency, what: str) -> None:
    """Tell the managers of the giver what the receiver wants."""
    _tell(dependency, TO_GIVER[what], what, reader=dependency.giver, other=dependency.receiver)


def tell_receiver(dependency: ProjectDependency, what: str) -> None:
    """Tell the managers of the receiver what the giver answered."""
    _tell(dependency, TO_RECEIVER[what], what, reader=dependency.receiver, other=dependency.giver)


def tell_moved(
    dependency: ProjectDependency, given: Task | None, *, former: datetime | None, today: date
) -> None:
    """Tell the receiver's managers that the giver's date moved; both sides once it is too late (RAI-12)."""
    receiver, giver = dependency.receiver, dependency.giver
    kind = given.kind if given else TaskKind.FINISH_MILESTONE
    forecast = shown_moment(forecast_of(given), kind) if given else None
    hours = working_time(receiver.calendar)
    planned = shown_moment(dependency.promised_at, kind)
    days = None if planned is None or forecast is None else hours.working_days_between(planned, forecast)
    slack = None if forecast is None else hours.working_days_between(forecast, dependency.need_by)
    key = f"moved:{former}:{forecast}:{today}"
    for person in nearest_holders(receiver.node, MANAGERS):
        with override(person.spoken_language):
            values = _values(dependency, person, reader=receiver, other=giver)
            if forecast is None:
                title = _("“%(their)s” of %(other)s has no date any more.") % values
            else:
                values |= {"day": _day(forecast), "moved": moved_words(days)}
                title = _("“%(their)s” of %(other)s: %(moved)s, %(day)s.") % values
            _notify(dependency, person, receiver, title=title, body=_room(slack, values), key=key)
    if slack is not None and slack < 0:
        for person in nearest_holders(giver.node, MANAGERS):
            with override(person.spoken_language):
                values = _values(dependency, person, reader=giver, other=receiver)
                title = _("“%(own)s” comes too late for %(other)s.") % values
                _notify(dependency, person, giver, title=title, body=_room(slack, values), key=key)


def _room(slack: int | None, values: Mapping[str, Any]) -> str:
    """Return how much time is left between the forecast and the day of need."""
    if slack is None:
        return ""
    if slack < 0:
        words = _("It is needed by %(need)s: %(days)s working days too late.")
    else:
        words = _("It is needed by %(need)s: %(days)s working days of room.")
    return words % {"need": values["need"], "days": abs(slack)}


def _tell(
    dependency: ProjectDependency, title: Promise, what: str, *, reader: Project, other: Project
) -> None:
    for person in nearest_holders(reader.node, MANAGERS):
        with override(person.spoken_language):
            values = _values(dependency, person, reader=reader, other=other)
            _notify(
                dependency,
                person,
                reader,
                title=str(title) % values,
                body=dependency.note,
                key=f"{what}:{dependency.version}",
            )


def _values(
    dependency: ProjectDependency, person: User, *, reader: Project, other: Project
) -> dict[str, Any]:
    """Return the words of a message as this person may read them. Three queries."""
    is_visible = Project.objects.visible_to(person, "milestone.view").filter(pk=other.pk).exists()
    is_giver = reader.pk == dependency.giver_id
    own = dependency.giver_uid if is_giver else dependency.receiver_uid
    their = dependency.receiver_uid if is_giver else dependency.giver_uid
    return {
        "other": f"{other.code} {other.name}" if is_visible else _("Another project"),
        "own": _name(reader, own),
        "their": _name(other, their) if is_visible else _("A milestone"),
        "need": _day(dependency.need_by),
    }


def _name(project: Project, uid: int) -> str:
    found = Task.objects.filter(project=project, uid=uid).values_list("name", flat=True).first()
    return found or f"#{uid}"


def _notify(
    dependency: ProjectDependency, person: User, project: Project, *, title: str, body: str, key: str
) -> None:
    notify(
        users=[person],
        kind="project_dependency",
        title=title,
        body=body,
        url=reverse("projects:dependencies", args=[project.code]),
        dedupe_key=_key(dependency, key),
    )


def settle_asked(dependency: ProjectDependency, *what: str) -> None:
    """Let messages ask for nothing any more: those with these keys, or all about the dependency."""
    settle(keys=[_key(dependency, each) for each in what] or [f"dependency:{dependency.pk}"])


def _key(dependency: ProjectDependency, key: str) -> str:
    return f"dependency:{dependency.pk}:{key}"


def _day(day: date) -> str:
    return str(formats.date_format(day, "SHORT_DATE_FORMAT"))
