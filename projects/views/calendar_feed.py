"""The calendar of one person, for calendar programs."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo_portal.accounts.services.feeds import reader_of
from pmo_portal.api.throttling import FeedThrottle
from pmo_portal.common.export import download
from projects.interchange.icalendar import CALENDAR_TYPE, write_icalendar
from projects.models import Task
from projects.selectors.calendar_days import days_of_person


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Milestones and open tasks of the person whose secret this is; nobody signs in here (SEC-8)."""
    if wait := FeedThrottle().seconds_to_wait(request):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    now = timezone.now()
    person = reader_of(secret, now=now)
    if person is None:
        raise Http404

    def address_of(task: Task) -> str:
        return request.build_absolute_uri(reverse("projects:task_detail", args=[task.project.code, task.uid]))

    with translation.override(person.spoken_language):
        days = days_of_person(person, today=timezone.localdate(), address_of=address_of)
        content = write_icalendar(_("My dates"), days, made_at=now)
    return download("my-dates.ics", content, CALENDAR_TYPE)
