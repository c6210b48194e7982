"""Links of a task."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from projects.access import task_for
from projects.forms.saving import saves
from projects.forms.tasks import LinkForm
from projects.models import Link
from projects.services import links
from projects.views.moves import telling_moves
from projects.views.page import page_for, signed_in
from projects.views.tasks import show_task


@signed_in
@require_POST
def link_add(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Let the task wait for another one."""
    task = task_for(request.user, code, uid, "task.edit")
    page = page_for(request, code)
    form = LinkForm(request.POST, task=task)

    def save() -> None:
        first, kind = form.cleaned_data["predecessor"], form.cleaned_data["type"]
        ends = {"predecessor": first, "successor": task}
        with telling_moves(page):
            links.add_link(actor=request.user, project=page.project, **ends, type=kind, lag=form.lag)

    if not saves(form, save):
        return show_task(page, task, link_form=form)
    messages.success(request, str(_("The link is added.")))
    return page.go("task_detail", uid)


@signed_in
@require_POST
def link_delete(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Remove a link; both tasks belong to this project."""
    page = page_for(request, code, "task.delete")
    link = get_object_or_404(Link.objects.select_related("project"), project=page.project, pk=pk)
    with telling_moves(page):
        links.remove_link(actor=request.user, link=link)
    messages.success(request, str(_("The link is removed.")))
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if is_ours else page.url("plan"))
