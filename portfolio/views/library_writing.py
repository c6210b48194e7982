"""The library: write, review, publish, archive."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from pmo_portal.accounts.access import require_permission
from pmo_portal.documents.models import StoredFile
from pmo_portal.documents.services.files import store_upload
from portfolio.access import knowledge_item_for
from portfolio.choices import KnowledgeKind
from portfolio.forms.library import ItemForm, PublishForm, item_values
from portfolio.models import KnowledgeItem, KnowledgeVersion, Lesson
from portfolio.models.knowledge import OPEN
from portfolio.services import library as services
from portfolio.views.library import show_item
from portfolio.views.page import Refusal, act_small, posted, typed
from portfolio.views.structure import Words
from projects.forms.saving import saves

RIGHT = "library.edit"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _upload(request: HttpRequest) -> StoredFile | None:
    """Return the stored upload; None without one."""
    given = request.FILES.get("file")
    if given is None:
        return None
    return store_upload(owner=request.user, name=given.name or "", chunks=given.chunks())


@require_permission(RIGHT)
@GET_POST
def library_new(request: HttpRequest) -> HttpResponse:
    """A new item, as a draft."""
    files = request.FILES if request.method == "POST" else None
    form = ItemForm(posted(request), files, initial=request.GET.dict())
    made: list[KnowledgeVersion] = []

    def save() -> None:
        given = form.cleaned_data
        about = {name: given[name] for name in ("code", "language", "kind")}
        content = form.content(_upload(request))
        made.append(services.create_item(actor=request.user, content=content, **about))

    if request.method == "POST" and saves(form, save):
        messages.success(request, str(_("The draft is saved. Publish it when it is ready.")))
        return redirect(made[0])
    words = Words(_("New item"), _("Save the draft"), reverse("portfolio:library"))
    return _show(request, form, words)


def _show(request: HttpRequest, form: Any, words: Words) -> HttpResponse:
    context = {"form": form, "words": words}
    return render(request, "portfolio/library/form.html", context, status=422 if form.is_bound else 200)


def _newest(item: KnowledgeItem) -> KnowledgeVersion:
    """Return the draft, else the newest version."""
    versions = item.versions.select_related("file", "item").order_by("-major", "-minor")
    return versions.filter(state__in=OPEN).first() or versions[0]


def _written_elsewhere(item: KnowledgeItem) -> str | None:
    """Return where a course or the lesson of a project is written; None for all other items."""
    if item.kind == KnowledgeKind.COURSE:
        return reverse("portfolio:course_edit", args=[item.code, item.language])
    lesson = Lesson.objects.filter(item=item).first() if item.kind == KnowledgeKind.LESSON else None
    return lesson.get_absolute_url() if lesson else None


@require_permission(RIGHT)
@GET_POST
def library_edit(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """The draft of an item; a published one gets a new draft."""
    item = knowledge_item_for(request.user, RIGHT, code=code, language=language)
    if (elsewhere := _written_elsewhere(item)) is not None:
        return redirect(elsewhere)
    version = _newest(item)
    files = request.FILES if request.method == "POST" else None
    form = ItemForm(posted(request), files, version=version)
    made: list[KnowledgeVersion] = []

    def save() -> None:
        given = form.cleaned_data
        expected = given["version"] if version.state in OPEN else None
        content = form.content(_upload(request))
        about = {"is_major": given["is_major"], "expected_revision": expected}
        made.append(services.edit_item(actor=request.user, item=item, content=content, **about))

    if request.method == "POST" and saves(form, save, fresh=lambda: item_values(_newest(item))):
        messages.success(request, str(_("The draft is saved. Publish it when it is ready.")))
        return redirect(made[0])
    return _show(request, form, Words(version.title, _("Save the draft"), version.get_absolute_url()))


def _act(
    request: HttpRequest,
    item: KnowledgeItem,
    act: Callable[[], Any],
    done: Any,
    *,
    form: str = "",
    name: str = "reason",
) -> HttpResponse:
    """Run one service on an item and go back to it; what a field refuses stands in its form, as typed."""
    made: list[Any] = []
    show = partial(show_item, request, item)

    def back() -> Any:
        return made[0] if made else _newest(item)

    return act_small(request, lambda: made.append(act()), done, back=back, show=show, form=form, name=name)


@require_permission(RIGHT)
@require_POST
def library_send(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Send the draft for review."""
    item = knowledge_item_for(request.user, RIGHT, code=code, language=language)
    return _act(
        request,
        item,
        lambda: services.send_for_review(actor=request.user, item=item),
        _("The draft waits for somebody who reads it."),
    )


@require_permission(RIGHT)
@require_POST
def library_return(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Give the draft back to its author."""
    item = knowledge_item_for(request.user, RIGHT, code=code, language=language)
    reason = typed(request, "reason")
    return _act(
        request,
        item,
        lambda: services.return_draft(actor=request.user, item=item, reason=reason),
        _("The draft is with its author again."),
        form="return",
    )


@require_permission(RIGHT)
@require_POST
def library_publish(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Publish the draft; the former version is archived."""
    item = knowledge_item_for(request.user, RIGHT, code=code, language=language)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return show_item(request, item, Refusal("publish", "", form.errors["review_by"][0]))
    given = {"today": timezone.localdate(), "review_by": form.cleaned_data["review_by"]}
    return _act(
        request,
        item,
        lambda: services.publish(actor=request.user, item=item, **given),
        _("Published. Everybody finds this version from now on."),
        form="publish",
        name="review_by",
    )


@require_permission(RIGHT)
@require_POST
def library_confirm(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Say that the published version still holds."""
    item = knowledge_item_for(request.user, RIGHT, code=code, language=language)
    today = timezone.localdate()
    return _act(
        request,
        item,
        lambda: services.confirm_review(actor=request.user, item=item, today=today),
        _("Confirmed. It is looked at again in twelve months."),
    )


@require_permission(RIGHT)
@require_POST
def library_archive(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Take the published version out of the library."""
    item = knowledge_item_for(request.user, RIGHT, code=code, language=language)
    reason = typed(request, "reason")
    return _act(
        request,
        item,
        lambda: services.archive(actor=request.user, item=item, reason=reason),
        _("Archived. Projects that used it keep its address."),
        form="archive",
    )
