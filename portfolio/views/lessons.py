"""The tab Lessons of a project: what it learned, and what others learned that fits it."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portfolio.choices import GIVEN_MARKS, OfferOccasion
from portfolio.forms.lessons import LessonForm
from portfolio.models import LessonOffer
from portfolio.selectors.lesson_match import phase_of
from portfolio.selectors.lessons import project_lessons, tags_in_use
from portfolio.services import lesson_offers, lessons
from portfolio.views.page import Refusal, act_small, typed
from projects.choices import ProjectState
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

TAB = "portfolio:project_lessons"
CAPTURE, EDIT = "lesson.capture", "project.edit"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@require_safe
def of_project(request: HttpRequest, code: str) -> HttpResponse:
    """Lessons offered to the project, and its own."""
    return _tab(page_for(request, code, "project.view"))


def _tab(page: ProjectPage, refusal: Refusal | None = None) -> HttpResponse:
    """Show the tab; what was refused stands in its form (422)."""
    user = page.request.user
    is_intake = page.project.state == ProjectState.PROPOSED
    begin = OfferOccasion.INTAKE if is_intake else OfferOccasion.START
    occasions = [begin, OfferOccasion.RISK, OfferOccasion.GATE]
    shown = page.show(
        "portfolio/lessons/project.html",
        TAB,
        lessons=project_lessons(user, page.project),
        marks=GIVEN_MARKS,
        occasions=[(each.value, each.label) for each in occasions],
        known_tags=tags_in_use(user) if page.allows(EDIT) else [],
        refusal=refusal,
    )
    shown.status_code = 422 if refusal else 200
    return shown


@signed_in
@GET_POST
def lesson_new(request: HttpRequest, code: str) -> HttpResponse:
    """Capture a lesson."""
    page = page_for(request, code, CAPTURE)
    initial = {
        "category": page.project.category,
        "language": (get_language() or "en")[:2],
        "phase": phase_of(page.project),
    }
    form = LessonForm(page.posted, user=request.user, initial=initial)
    words = FormPage(
        _("Capture a lesson"),
        _("Capture"),
        _back(page),
        TAB,
        done=_("Captured. The PMO reads it, then publishes it for others."),
        intro=_("Write it while it is fresh; five minutes are enough."),
    )
    return run_form(page, words, form, lambda: _do(page, lessons.capture_lesson, values=form.changes))


@signed_in
@require_POST
def lessons_none(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the project taught nothing, and why."""
    page = page_for(request, code, EDIT)
    reason = typed(request, "reason")
    act = lambda: _do(page, lessons.declare_none, reason=reason)  # noqa: E731 - run by the page
    return _act(page, act, _("Noted, with your reason."), form="none", name="reason")


@signed_in
@require_POST
def lesson_look(request: HttpRequest, code: str) -> HttpResponse:
    """Look for lessons of others that fit an occasion."""
    page = page_for(request, code, EDIT)

    def act() -> str:
        occasion = request.POST.get("occasion", "")
        found = _do(page, lesson_offers.look_for_lessons, occasion=occasion)
        if not found:
            return _("No further lesson fits. Tags that say what the project is about find more.")
        text = ngettext("%(number)s more lesson fits.", "%(number)s more lessons fit.", found)
        return text % {"number": found}

    return _act(page, act)


@signed_in
@require_POST
def lesson_mark(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Say what becomes of an offered lesson."""
    page = page_for(request, code, EDIT)
    offer = get_object_or_404(LessonOffer.objects.shown(request.user), project=page.project, pk=pk)
    note = typed(request, "note")
    given = {"offer": offer, "mark": typed(request, "mark"), "note": note, "today": page.today}
    act = lambda: lesson_offers.mark_offer(actor=request.user, **given)  # noqa: E731 - run by the page
    return _act(page, act, _("Marked."), form=f"offer-{pk}", name="note")


@signed_in
@require_POST
def lesson_tags(request: HttpRequest, code: str) -> HttpResponse:
    """Say in tags what the project is about."""
    page = page_for(request, code, EDIT)
    tags = typed(request, "tags")
    about = {"actor": request.user, "project": page.project, "tags": tags}
    act = lambda: lesson_offers.set_lesson_tags(**about)  # noqa: E731 - run by the page
    return _act(page, act, _("Saved."), form="tags", name="tags")


def _back(page: ProjectPage) -> str:
    return reverse(TAB, args=[page.project.code])


def _do(page: ProjectPage, service: Any, **given: Any) -> Any:
    return service(actor=page.request.user, project=page.project, today=page.today, **given)


def _act(page: ProjectPage, act: Any, done: str = "", *, form: str = "", name: str = "") -> HttpResponse:
    """Run one service and go back to the tab; what a field refuses stands in its form, as it was typed."""
    show = partial(_tab, page)
    return act_small(page.request, act, done, back=lambda: _back(page), show=show, form=form, name=name)
