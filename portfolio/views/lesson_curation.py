"""All lessons: the list, a lesson with what became of it, and what the PMO does with them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import may, permissions_on, require_permission
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.accounts.views.paging import page_number
from portfolio.access import lesson_for, standard_change_for
from portfolio.choices import LessonKind, LessonPhase, LessonState
from portfolio.forms.lessons import LessonForm, MergeForm, VersionForm, lesson_values, read_lesson_query
from portfolio.models import Lesson, StandardChange
from portfolio.selectors.lessons import change_rows, find_lessons, lesson_page, lesson_rows
from portfolio.services import lessons, standard_changes
from portfolio.views.page import Refusal, act_small, posted, typed
from portfolio.views.structure import Words, run_form

VIEW, CURATE = "library.view", "lesson.curate"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 30
FORMS = {
    lessons.reject_lesson: "reject",
    lessons.retire_lesson: "retire",
    lessons.merge_lesson: "merge",
}


@require_permission(VIEW)
@require_safe
def all_lessons(request: HttpRequest) -> HttpResponse:
    """Lessons the person sees; to the PMO first those that wait, and the changes asked of standards."""
    is_curator = holds(request.user, CURATE)
    asked = read_lesson_query(request.GET)
    found = find_lessons(request.user, asked, is_curator=is_curator)
    waiting = StandardChange.objects.shown(request.user).waiting()
    page = Paginator(found, PER_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": lesson_rows(request.user, page.object_list),
        "changes": change_rows(waiting.order_by("opened_on", "pk")) if is_curator else (),
        "asked": asked,
        "states": LessonState.choices,
        "kinds": LessonKind.choices,
        "phases": LessonPhase.choices,
        "is_curator": is_curator,
        "may_change": is_curator and may(request.user, CURATE, organization_node()),
    }
    return render(request, "portfolio/lessons/list.html", context)


@require_permission(VIEW)
@require_safe
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """A lesson: story, effect, who used it, and the change it asked for."""
    return _page(request, lesson_for(request.user, pk))


def _page(request: HttpRequest, found: Lesson, refusal: Refusal | None = None) -> HttpResponse:
    """Show a lesson; what was refused stands in its form (422)."""
    held = permissions_on(request.user, found.project.node)
    is_own, is_curator = found.captured_by_id == request.user.pk, CURATE in held
    waits = found.state in {LessonState.CAPTURED, LessonState.VALIDATED}
    context = {
        "page": lesson_page(request.user, found),
        "lesson": found,
        "may_edit": waits and lessons.right_to_edit(request.user, found) in held,
        "may_accept": is_curator and not is_own and found.state == LessonState.CAPTURED,
        "may_publish": is_curator and found.state == LessonState.VALIDATED,
        "may_reject": is_curator and waits,
        "may_retire": is_curator and not waits and found.state != LessonState.RETIRED,
        "may_change": may(request.user, CURATE, organization_node()),
        "sees_project": bool(held),
        "merge_form": MergeForm(user=request.user, lesson=found) if is_curator and waits else None,
        "refusal": refusal,
    }
    return render(request, "portfolio/lessons/detail.html", context, status=422 if refusal else 200)


@require_permission(VIEW)
@GET_POST
def lesson_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Improve the words of a lesson that is not published yet."""
    found = lesson_for(request.user, pk)
    right = lessons.right_to_edit(request.user, found)
    if not may(request.user, right, found.project.node):
        raise PermissionDenied
    form = LessonForm(posted(request), user=request.user, initial=lesson_values(found))
    is_back = right != CURATE and found.state == LessonState.VALIDATED
    intro = _("It is accepted. When you change it, the PMO reads it again.") if is_back else ""
    words = Words(found.title, _("Save"), found.get_absolute_url(), intro=intro)

    def save() -> Lesson:
        about = {"values": form.changes, "expected_version": form.cleaned_data["version"]}
        return lessons.edit_lesson(actor=request.user, lesson=found, **about)

    fresh = lambda: lesson_values(Lesson.objects.get(pk=pk))  # noqa: E731 - read again only when stale
    return run_form(request, words, form, save, fresh=fresh)


@require_permission(CURATE)
@require_POST
def lesson_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a lesson is true and worth reading."""
    return _decide(request, pk, lessons.accept_lesson, _("Accepted. Publish it so that others find it."))


@require_permission(CURATE)
@require_POST
def lesson_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a lesson in the library."""
    done = _("Published: others find it in the library, and it is offered to projects it fits.")
    return _decide(request, pk, lessons.publish_lesson, done, today=timezone.localdate())


@require_permission(CURATE)
@require_POST
def lesson_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a lesson aside, with the reason its author gets."""
    done = _("Rejected; its author gets your reason.")
    return _decide(request, pk, lessons.reject_lesson, done, reason=typed(request, "reason"))


@require_permission(CURATE)
@require_POST
def lesson_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a published lesson out of use."""
    given = {"reason": typed(request, "reason"), "today": timezone.localdate()}
    return _decide(request, pk, lessons.retire_lesson, _("Retired."), **given)


@require_permission(CURATE)
@require_POST
def lesson_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a lesson into another that says the same."""
    found = lesson_for(request.user, pk, CURATE)
    form = MergeForm(request.POST, user=request.user, lesson=found)
    if not form.is_valid():
        return _page(request, found, Refusal("merge", "", _("Choose the lesson that says the same.")))
    into = form.cleaned_data["into"]
    done = _("Merged; the other lesson counts one project more.")
    return _decide(request, pk, lessons.merge_lesson, done, into=into)


@require_permission(CURATE)
@require_POST
def change_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the version in force has the change."""
    change = standard_change_for(request.user, pk)
    given = {"actor": request.user, "change": change, "today": timezone.localdate()}
    number = request.POST.get("number", "").replace("\x00", "")[:20]
    done = _("Done. The lesson keeps the link to the new version.")
    act = lambda: standard_changes.complete_change(**given, number=number)  # noqa: E731 - run by the page
    return _run(request, act, done, change.lesson)


@require_permission(CURATE)
@require_POST
def change_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the standard as it is, and say why."""
    change = standard_change_for(request.user, pk)
    given = {"actor": request.user, "change": change, "today": timezone.localdate()}
    reason = typed(request, "reason")
    done = _("Declined, with your reason.")
    act = lambda: standard_changes.decline_change(**given, reason=reason)  # noqa: E731 - run by the page
    return _run(request, act, done, change.lesson, form=f"decline-{pk}")


def _decide(request: HttpRequest, pk: int, service: Any, done: Any, **given: Any) -> HttpResponse:
    """Run one service on a lesson the person curates; the form says which version was read."""
    found = lesson_for(request.user, pk, CURATE)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    about = {"actor": request.user, "lesson": found, "expected_version": version, **given}
    return _run(request, lambda: service(**about), done, found, form=FORMS.get(service, ""))


def _run(request: HttpRequest, act: Any, done: Any, found: Lesson, form: str = "") -> HttpResponse:
    """Run one service and go back to the lesson; what a field refuses stands in its form, as typed."""

    def show(refusal: Refusal) -> HttpResponse:
        return _page(request, lesson_for(request.user, found.pk), refusal)

    return act_small(request, act, done, back=lambda: found, show=show, form=form, name="reason")
