"""Courses: write and edit in the browser; publishing is that of the library."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from pmo_portal.accounts.access import require_permission
from portfolio.access import knowledge_item_for
from portfolio.forms.courses import CourseForm, course_values
from portfolio.models import KnowledgeItem, KnowledgeVersion
from portfolio.models.knowledge import OPEN
from portfolio.selectors.courses import newest_course_version
from portfolio.services import courses as services
from portfolio.views.page import posted
from portfolio.views.structure import Words
from projects.forms.saving import saves

RIGHT = "library.edit"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _show(request: HttpRequest, form: CourseForm, words: Words) -> HttpResponse:
    context = {"form": form, "words": words}
    return render(request, "portfolio/courses/form.html", context, status=422 if form.is_bound else 200)


@require_permission(RIGHT)
@GET_POST
def course_new(request: HttpRequest) -> HttpResponse:
    """A new course, or a course in one more language, as a draft."""
    form = CourseForm(posted(request), initial=request.GET.dict())
    made: list[KnowledgeVersion] = []

    def save() -> None:
        given = form.cleaned_data
        about: dict[str, Any] = {"code": given["code"], "language": given["language"]}
        about |= {"content": form.content, "text": form.text, "rules": form.rules}
        made.append(services.create_course(actor=request.user, today=timezone.localdate(), **about))

    if request.method == "POST" and saves(form, save):
        messages.success(request, str(_("The draft is saved. Publish it when it is ready.")))
        return redirect(made[0])
    return _show(request, form, Words(_("New course"), _("Save the draft"), reverse("portfolio:courses")))


def _newest(item: KnowledgeItem) -> KnowledgeVersion:
    """Return the draft, else the newest version; 404 for what is no course."""
    found = newest_course_version(item)
    if found is None:
        raise Http404
    return found


@require_permission(RIGHT)
@GET_POST
def course_edit(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """The draft of a course; a published one gets a new draft."""
    item = knowledge_item_for(request.user, RIGHT, code=code, language=language)
    version = _newest(item)
    form = CourseForm(posted(request), version=version)
    made: list[KnowledgeVersion] = []

    def save() -> None:
        given = form.cleaned_data
        expected = given["version"] if version.state in OPEN else None
        about: dict[str, Any] = {"content": form.content, "text": form.text, "rules": form.rules}
        about |= {"is_major": given["is_major"], "expected_revision": expected}
        made.append(services.edit_course(actor=request.user, item=item, today=timezone.localdate(), **about))

    if request.method == "POST" and saves(form, save, fresh=lambda: course_values(_newest(item))):
        messages.success(request, str(_("The draft is saved. Publish it when it is ready.")))
        return redirect(made[0])
    words = Words(version.title, _("Save the draft"), reverse("portfolio:course", args=[code]))
    return _show(request, form, words)
