"""The library: search, an item, its file, what readers do with it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.permissions import GIVEN_ROLES
from pmo_portal.accounts.views.paging import page_number
from pmo_portal.common.export import attachment
from pmo_portal.documents.services.files import file_path
from portfolio.access import knowledge_item_for
from portfolio.choices import (
    ANY_LANGUAGE,
    KnowledgeKind,
    KnowledgeLanguage,
    KnowledgeState,
    LabelKind,
    UsageKind,
)
from portfolio.forms.library import PublishForm, StarsForm, UseForm, read_library_query
from portfolio.models import KnowledgeItem, KnowledgeVersion, Lesson
from portfolio.selectors.library import (
    PAGE_SIZE,
    LibraryQuery,
    find_items,
    found_elsewhere,
    gap_rows,
    may_edit_library,
    offered_labels,
)
from portfolio.selectors.library_item import item_page, version_to_show
from portfolio.services import library_use
from portfolio.views.page import Refusal, act_small, typed
from projects.access import project_for

PER_PAGE = 50
KIND_ICONS = {
    KnowledgeKind.TOOL: "calculator",
    KnowledgeKind.TEMPLATE: "file-text",
    KnowledgeKind.GUIDE: "map-2",
    KnowledgeKind.BEST_PRACTICE: "trophy",
    KnowledgeKind.CHECKLIST: "checklist",
    KnowledgeKind.COURSE: "presentation",
    KnowledgeKind.LESSON: "bulb",
    KnowledgeKind.FAQ: "message-circle",
    KnowledgeKind.CASE: "briefcase",
}


@require_permission("library.view")
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The search; typing brings the answers only."""
    is_editor = may_edit_library(request.user)
    asked = read_library_query(request.GET, is_editor=is_editor)
    page = page_number(request)
    number = int(page) if str(page).isdecimal() else 1
    found = find_items(request.user, asked, page=number, is_editor=is_editor)
    context = {
        "found": found,
        "elsewhere": 0 if found.total else _elsewhere(request, asked, is_editor),
        "any_language": ANY_LANGUAGE,
        "page": Paginator(range(found.total), PAGE_SIZE).get_page(page),
        "asked": asked,
        "kinds": _kinds(request, asked, found.kinds),
        "icons": KIND_ICONS,
        "is_editor": is_editor,
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "portfolio/library/search.html#answers", context)
    return render(request, "portfolio/library/search.html", context | _filters(request, asked, is_editor))


def _elsewhere(request: HttpRequest, asked: LibraryQuery, is_editor: bool) -> int:
    """Return what other languages answer; when they are silent too, the question is a gap."""
    elsewhere = found_elsewhere(request.user, asked, is_editor=is_editor)
    if asked.words and not asked.is_narrowed and not elsewhere:
        library_use.log_gap(words=asked.words, language=asked.language, day=timezone.localdate())
    return elsewhere


def _kinds(request: HttpRequest, asked: LibraryQuery, counts: Any) -> list[dict[str, Any]]:
    """Return the kinds with answers as tabs of the search, each with their number."""
    query = request.GET.copy()
    query.pop("page", None)
    lines = [("", _("All"), sum(counts.values()), "book")]
    lines += [
        (kind.value, KnowledgeKind(kind).label, counts.get(kind.value, 0), KIND_ICONS[kind])
        for kind in KnowledgeKind
    ]
    tabs = []
    for kind, title, number, icon in lines:
        if kind and not number and kind != asked.kind:
            continue
        query.pop("kind", None)
        if kind:
            query["kind"] = kind
        tabs.append(
            {
                "title": title,
                "url": f"?{query.urlencode()}",
                "is_active": kind == asked.kind,
                "count": number,
                "icon": icon,
            }
        )
    return tabs


def _filters(request: HttpRequest, asked: LibraryQuery, is_editor: bool) -> dict[str, Any]:
    tags, methods = (offered_labels(request.user, kind) for kind in (LabelKind.TAG, LabelKind.METHODOLOGY))
    roles = [(role, Role(role).label) for role in GIVEN_ROLES]
    lines = [
        ("role", _("For"), roles, asked.role),
        ("tag", _("Tag"), [(tag, tag) for tag in tags], asked.tag),
        ("methodology", _("Methodology"), [(code, code) for code in methods], asked.methodology),
    ]
    if is_editor:
        lines.append(("state", _("State"), KnowledgeState.choices, asked.state))
    filters = [
        {"name": name, "label": label, "choices": choices, "value": value}
        for name, label, choices, value in lines
        if choices
    ]
    languages = [*KnowledgeLanguage.choices, (ANY_LANGUAGE, _("All languages"))]
    return {"filters": filters, "languages": languages, "language": asked.language or ANY_LANGUAGE}


@require_permission("library.edit")
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Questions the library had no answer to."""
    page = Paginator(gap_rows(), PER_PAGE).get_page(page_number(request))
    return render(request, "portfolio/library/gaps.html", {"page": page})


def shown_version(request: HttpRequest, item: KnowledgeItem) -> KnowledgeVersion:
    """Return the version the address asks for; 404 without one the person may read."""
    is_editor = may_edit_library(request.user)
    found = version_to_show(request.user, item, asked=request.GET.get("version", ""), is_editor=is_editor)
    if found is None:
        raise Http404
    return found


@require_permission("library.view")
@require_safe
def library_item(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """A version of an item, the published one by default."""
    item = knowledge_item_for(request.user, code=code, language=language)
    version = shown_version(request, item)
    library_use.record_usage(
        actor=request.user, version=version, kind=UsageKind.VIEW, day=timezone.localdate()
    )
    return show_item(request, item)


def show_item(request: HttpRequest, item: KnowledgeItem, refusal: Refusal | None = None) -> HttpResponse:
    """Show the version the address asks for; what was refused stands in its form (422)."""
    is_editor = may_edit_library(request.user)
    is_lesson = item.kind == KnowledgeKind.LESSON
    is_refused = {refusal.form: True} if refusal else {}
    context = {
        "lesson": Lesson.objects.filter(item=item).first() if is_lesson else None,
        "page": item_page(request.user, shown_version(request, item), is_editor=is_editor),
        "is_editor": is_editor,
        "icon_name": KIND_ICONS[KnowledgeKind(item.kind)],
        "use_form": UseForm(request.POST if is_refused.get("use") else None, user=request.user),
        "publish_form": PublishForm(request.POST if is_refused.get("publish") else None),
        "stars": range(1, 6),
        "refusal": refusal,
    }
    return render(request, "portfolio/library/item.html", context, status=422 if refusal else 200)


@require_permission("library.view")
@require_safe
def library_file(request: HttpRequest, code: str, language: str) -> HttpResponse | FileResponse:
    """Hand the file of a version out, to save and never to show (SEC-24)."""
    item = knowledge_item_for(request.user, code=code, language=language)
    version = shown_version(request, item)
    if version.file is None or not file_path(version.file).exists():
        raise Http404
    library_use.record_usage(
        actor=request.user, version=version, kind=UsageKind.DOWNLOAD, day=timezone.localdate()
    )
    content = file_path(version.file).open("rb")
    response = FileResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = attachment(version.file.file_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_permission("library.view")
@require_POST
def library_rate(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Give stars."""
    item = knowledge_item_for(request.user, code=code, language=language)
    form = StarsForm(request.POST)
    stars = form.cleaned_data["stars"] if form.is_valid() else 0
    return act_small(
        request,
        lambda: library_use.rate(actor=request.user, item=item, stars=stars),
        _("Thank you, your rating counts."),
        back=lambda: item,
    )


@require_permission("library.view")
@require_POST
def library_helpful(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Say that it helped."""
    item = knowledge_item_for(request.user, code=code, language=language)
    version = shown_version(request, item)
    library_use.record_usage(
        actor=request.user, version=version, kind=UsageKind.HELPFUL, day=timezone.localdate()
    )
    messages.success(request, _("Noted: this helped you."))
    return redirect(version)


@require_permission("library.view")
@require_POST
def library_reuse(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Note that one of the person's projects uses the version."""
    item = knowledge_item_for(request.user, code=code, language=language)
    version = shown_version(request, item)
    code = typed(request, "project")
    show = partial(show_item, request, item)
    if not code:
        return show(Refusal("use", "", _("Choose a project.")))
    project = project_for(request.user, code, "project.edit")
    about = {"version": version, "project": project, "day": timezone.localdate()}
    return act_small(
        request,
        lambda: library_use.use_in_project(actor=request.user, **about),
        _("%(project)s uses this now.") % {"project": project.code},
        back=lambda: version,
        show=show,
        form="use",
        name="project",
    )
