"""Take an import back: what it changed, what happened since, and one button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from pmo_portal.common.errors import DomainError
from projects.access import plan_rights
from projects.choices import ChangeSource
from projects.models import PlanChange
from projects.selectors.moves import MovesPage, moves_page
from projects.selectors.taken_imports import happened_since, taken_import
from projects.services import schedules
from projects.services.plan_changes.undoing import undo_step
from projects.views.moves import telling_moves
from projects.views.page import ProjectPage, page_for, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def import_take_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what taking an import back would do, or do it."""
    page = page_for(request, code, "plan.import", "task.progress")
    change = get_object_or_404(
        PlanChange.objects.select_related("actor").exclude(source="").filter(undoes=None),
        project=page.project,
        number=number,
    )
    if request.method == "POST":
        return _take_back(page, change)
    moves, refusal = _trial(page, change)
    money = page.allows("budget.view")
    return page.show(
        "projects/imports/take_back.html",
        "plan",
        taken=taken_import(change, user=request.user),
        moves=moves,
        refusal=refusal,
        since=happened_since(page.project, change, user=request.user, shows_amounts=money),
    )


def _undo(page: ProjectPage, change: PlanChange) -> None:
    undo_step(
        actor=page.request.user,
        project=page.project,
        rights=plan_rights(page.request.user, page.project),
        number=change.number,
        key="",
    )


def _trial(page: ProjectPage, change: PlanChange) -> tuple[MovesPage | None, DomainError | None]:
    """Return what would move, or why the import cannot be taken back."""
    try:
        effects = schedules.try_out(lambda: _undo(page, change))
    except DomainError as refusal:
        return None, refusal
    return moves_page(page.project, effects[-1] if effects else schedules.NOTHING), None


def _take_back(page: ProjectPage, change: PlanChange) -> HttpResponse:
    try:
        with telling_moves(page):
            _undo(page, change)
            # A calendar the file brought is gone: days are counted in the one of before.
            page.project.refresh_from_db()
    except DomainError as refusal:
        messages.error(page.request, str(refusal))
        return page.go("import_take_back", change.number)
    messages.success(page.request, str(_("The import is taken back.")))
    return page.go("plan" if change.source == ChangeSource.PLAN_FILE else "progress_list")
