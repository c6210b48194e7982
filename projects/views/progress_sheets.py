"""Progress by spreadsheet: take the list away, bring it back, decide, save."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.common.errors import DomainError
from pmo_portal.common.export import download
from projects.choices import ChangeSource
from projects.forms.progress_sheets import SheetForm, require_carriable, sent_decisions, sent_look, sent_rows
from projects.interchange.progress_sheet import COLUMNS, ProgressSheet, pack_rows
from projects.selectors.moves import moves_page
from projects.selectors.plan_grid import plan_revision
from projects.selectors.progress_sheet_page import shown_cell_faults, shown_rows
from projects.selectors.taken_imports import imports_into
from projects.services.progress import RowsRefused
from projects.services.progress_sheets import (
    KINDS,
    SheetPreview,
    Undecided,
    apply_sheet,
    export_sheet,
    preview_sheet,
    read_progress_sheet,
)
from projects.views.moves import telling_moves
from projects.views.page import ProjectPage, page_for, signed_in
from projects.views.progress_lists import TITLES, shown_foreseen

TEMPLATE = "projects/progress/sheet.html"
MOST_FIELDS = 10
"""Fields of the form of a preview beside the answers about rows."""
ROWS_OPEN = 50
"""So many rows without a question are open to the eye, the others are folded."""


@signed_in
@require_safe
def progress_sheet_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The list as a spreadsheet (SEC-28)."""
    page = page_for(request, code, "task.progress")
    page.require("export.run")
    if kind not in KINDS:
        raise Http404
    chosen = request.GET.get("show", "open")
    built = export_sheet(actor=request.user, project=page.project, kind=kind, chosen=chosen)
    return download(built.file_name, built.content, built.media_type)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def progress_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Take a changed list, show what it would do, and save it once everything is decided."""
    page = page_for(request, code, "task.progress")
    if page.posted is None:
        return _show_upload(page, SheetForm())
    if "rows" in page.posted:
        return _take_back(page)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_upload(page, form)
    try:
        sheet = read_progress_sheet(form.cleaned_data["file"].chunks(), project=page.project)
        preview = _preview(page, sheet, {})
        require_carriable(pack_rows(sheet.rows), fields=MOST_FIELDS + preview.most_answers)
    except DomainError as refusal:
        form.add_error("file", str(refusal))
        return _show_upload(page, form)
    return _show_preview(page, sheet, preview)


def _show_upload(page: ProjectPage, form: SheetForm) -> HttpResponse:
    taken = imports_into(page.project, user=page.request.user, source=ChangeSource.PROGRESS_SHEET)
    response = page.show(TEMPLATE, "plan", form=form, kinds=KINDS, choices=TITLES, imports=taken)
    response.status_code = 422 if form.is_bound else 200
    return response


def _take_back(page: ProjectPage) -> HttpResponse:
    """Save what was decided, or show the preview again."""
    rows = sent_rows(page.posted)
    if rows is None:
        messages.error(page.request, str(_("The preview came back incomplete. Choose the file again.")))
        return page.go("progress_sheet")
    decisions = sent_decisions(page.posted, rows)
    if "look" not in page.posted:
        try:
            with telling_moves(page):
                made = apply_sheet(
                    actor=page.request.user,
                    project=page.project,
                    rows=rows,
                    decisions=decisions,
                    looked_on=sent_look(page.posted),
                )
        except (RowsRefused, Undecided):
            pass  # The preview says what, at its place.
        except DomainError as refusal:
            messages.error(page.request, str(refusal))
        else:
            text = ngettext("%(count)s task is reported.", "%(count)s tasks are reported.", len(made))
            messages.success(page.request, text % {"count": len(made)})
            return page.go("progress_list")
    sheet = ProgressSheet(rows, _number(page.posted.get("unchanged")), (), _letters(page.posted))
    is_refused = "look" not in page.posted
    response = _show_preview(page, sheet, _preview(page, sheet, decisions), is_refused=is_refused)
    response.status_code = 422 if is_refused else 200
    return response


def _letters(posted: Mapping[str, str]) -> dict[str, str]:
    """Return the letters of the columns as they were sent along."""
    try:
        said = json.loads(posted.get("letters", "{}"))
    except ValueError:
        return {}
    known = said.items() if isinstance(said, dict) else ()
    return {name: str(letter)[:3] for name, letter in known if name in COLUMNS}


def _number(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 6 else 0


def _preview(page: ProjectPage, sheet: ProgressSheet, decisions: Any) -> SheetPreview:
    return preview_sheet(
        actor=page.request.user,
        project=page.project,
        rows=sheet.rows,
        unchanged=sheet.unchanged,
        decisions=decisions,
    )


def _show_preview(
    page: ProjectPage, sheet: ProgressSheet, preview: SheetPreview, *, is_refused: bool = False
) -> HttpResponse:
    """Show what the list would do, the rows that need an answer first."""
    taken = sheet.rows[0].taken if sheet.rows else None
    items = [
        {"row": shown, "foreseen": shown_foreseen(page, row.foreseen)}
        for row, shown in zip(preview.rows, shown_rows(preview.rows, letters=sheet.letters), strict=True)
    ]
    asking = [item for item in items if item["row"].asks]
    clear = [item for item in items if not item["row"].asks]
    return page.show(
        TEMPLATE,
        "plan",
        preview=preview,
        items=items,
        asking=asking,
        clear=clear,
        clear_open=clear[:ROWS_OPEN],
        clear_folded=clear[ROWS_OPEN:],
        is_refused=is_refused,
        strangers=preview.strangers,
        faults=shown_cell_faults(sheet.faults),
        packed=pack_rows([row for row in sheet.rows if row not in preview.strangers]),
        letters=json.dumps(dict(sheet.letters)),
        taken=taken,
        is_older=taken is not None and taken.plan != plan_revision(page.project),
        is_other_day=taken is not None and taken.data_date != page.project.data_date,
        moves=moves_page(page.project, preview.effect) if preview.changes else None,
    )
