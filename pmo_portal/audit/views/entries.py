"""The audit pages."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from pmo_portal.accounts.access import require_any_permission, require_permission
from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.audit.models import AuditEntry
from pmo_portal.audit.models.entry import AuditEntryQuerySet
from pmo_portal.audit.selectors import entries as selectors
from pmo_portal.audit.selectors.verification import last_verification
from pmo_portal.audit.services import exports
from pmo_portal.audit.services.verification import request_verification
from pmo_portal.common.builders import request_document
from pmo_portal.common.export import csv_response
from pmo_portal.common.labels import Label

PER_PAGE = 50
reads_the_trail = require_any_permission("audit.view_business", "audit.view_technical")


@require_safe
@reads_the_trail
def entry_list(request: HttpRequest) -> HttpResponse:
    """Search the trail; pages by number of the entry, so that none is slow."""
    query = selectors.EntryQuery.read(request.GET)
    held = held_permissions(request.user, ["audit.verify", "export.run"])
    found = selectors.entries_found(request.user, query)
    context = {
        "query": query,
        "actions": selectors.action_choices(request.user),
        "types": selectors.type_choices(request.user),
        "scopes": selectors.scope_choices(request.user),
        "may_verify": "audit.verify" in held,
        "may_export": "export.run" in held,
        "verification": last_verification() if "audit.verify" in held else None,
    }
    return render(request, "audit/list.html", context | _keyset(found, request.GET.get("before", "")))


def _keyset(found: AuditEntryQuerySet, before: str) -> dict[str, Any]:
    """Return one page of entries older than ``before``, and where the next one starts."""
    is_number = before.isdecimal() and len(before) <= selectors.LONGEST_NUMBER
    older = found.filter(sequence__lt=int(before)) if is_number else found
    entries = list(older[: PER_PAGE + 1])
    has_more = len(entries) > PER_PAGE
    entries = entries[:PER_PAGE]
    return {
        "entries": entries,
        "is_first_page": not is_number,
        "next_before": entries[-1].sequence if has_more else None,
    }


@require_safe
@reads_the_trail
def entry_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry with its values before and after."""
    visible = AuditEntry.objects.visible_to(request.user).select_related("node")
    entry = get_object_or_404(visible, pk=pk)
    return render(request, "audit/detail.html", {"entry": entry, "changes": selectors.changes_of(entry)})


@require_safe
@reads_the_trail
@require_permission("export.run")
def entry_export(request: HttpRequest) -> HttpResponse:
    """Export what is shown: at once, or in the background when it is long."""
    query = selectors.EntryQuery.read(request.GET)
    found = selectors.entries_found(request.user, query)
    count = found.count()
    exports.record_export(actor=request.user, query=query, entries=count)
    if count <= exports.AT_ONCE:
        return csv_response(exports.FILE_NAME, selectors.EXPORT_COLUMNS, selectors.export_rows(found))
    title = Label(gettext_noop("Audit trail"))
    request_document(actor=request.user, builder=exports.BUILDER, title=title, arguments=query.as_arguments())
    messages.info(request, _("The export is made in the background and appears here when it is ready."))
    return redirect("documents:list")


@require_POST
@require_permission("audit.verify")
def verify(request: HttpRequest) -> HttpResponse:
    """Order a check of the whole trail."""
    job = request_verification(actor=request.user, label=Label(gettext_noop("Check the audit trail")))
    messages.info(request, _("The trail is checked in the background; the result appears on this page."))
    if job is not None and job.owner_id == request.user.pk:
        return redirect("jobs:detail", pk=job.pk)
    return redirect("audit:list")
