"""Courses: the list, a course, its modules."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.common.errors import DomainError
from portfolio.access import course_for
from portfolio.choices import KnowledgeLanguage, UsageKind
from portfolio.models import Course
from portfolio.selectors.courses import CoursePage, course_page, course_rows, module_page
from portfolio.selectors.library import may_edit_library
from portfolio.services import library_use, training


@require_permission("library.view")
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """All courses, those of one's own roles first."""
    rows = course_rows(request.user, today=timezone.localdate())
    context = {
        "required": [row for row in rows if row.is_required],
        "others": [row for row in rows if not row.is_required],
        "is_editor": may_edit_library(request.user),
    }
    return render(request, "portfolio/courses/list.html", context)


def shown_course(request: HttpRequest, course: Course) -> CoursePage:
    """Return the course in the language of the address or of the reader; 404 when nothing may be shown."""
    asked = request.GET.get("language", "")
    language = asked if asked in KnowledgeLanguage.values else ""
    is_editor = may_edit_library(request.user)
    page = course_page(
        request.user, course, today=timezone.localdate(), language=language, is_editor=is_editor
    )
    if page is None:
        raise Http404
    return page


@require_permission("library.view")
@require_safe
def course(request: HttpRequest, code: str) -> HttpResponse:
    """A course: modules with progress, quiz, attempts, certificates."""
    page = shown_course(request, course_for(request.user, code))
    library_use.record_usage(
        actor=request.user, version=page.version, kind=UsageKind.VIEW, day=timezone.localdate()
    )
    context = {"page": page, "is_editor": may_edit_library(request.user)}
    return render(request, "portfolio/courses/detail.html", context)


@require_permission("library.view")
@require_http_methods(["GET", "HEAD", "POST"])
def course_module(request: HttpRequest, code: str, module: str) -> HttpResponse:
    """A module to read, or the course when it has no such module any more; posting says that it was read."""
    found = course_for(request.user, code)
    page = module_page(shown_course(request, found), module)
    if page is None:
        messages.info(request, _("The course has no such module any more."))
        return redirect(found)
    if request.method != "POST":
        return render(request, "portfolio/courses/module.html", {"page": page})
    try:
        about = {"version": page.page.version, "course": found, "module": module}
        training.read_module(actor=request.user, day=timezone.localdate(), **about)
    except DomainError as refused:
        messages.error(request, str(refused))
    if page.after:
        return redirect("portfolio:course_module", code=code, module=page.after.module.code)
    messages.success(request, _("That was the last module. The quiz is next."))
    return redirect(found)
