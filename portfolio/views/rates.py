"""Exchange rates: the list, one rate, a table of them."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.accounts.access import may, require_permission
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.accounts.views.paging import page_number
from pmo_portal.common.errors import DomainError
from portfolio.forms.rates import RateForm, RateLine, RatesTableForm
from portfolio.selectors.groups import organization_currency
from portfolio.selectors.rates import (
    missing_rates,
    open_from,
    pair_choices,
    rate_rows,
    rates_found,
)
from portfolio.views.page import posted
from portfolio.views.structure import Words
from projects.choices import FxKind
from projects.forms.saving import saves
from projects.models import FxRate
from projects.selectors.currency import trimmed
from projects.services.rates import check_rate, set_rate, set_rates

RIGHT = "rate.edit"
PER_PAGE = 50


def _may_edit(request: HttpRequest) -> bool:
    return may(request.user, RIGHT, organization_node())


def _require_edit(request: HttpRequest) -> None:
    """Let go on who keeps the rates of the whole organization."""
    if not _may_edit(request):
        raise PermissionDenied


@require_permission("rate.view")
@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """All rates, and the pairs that miss one."""
    asked = {name: request.GET.get(name, "") for name in ("pair", "kind")}
    today = timezone.localdate()
    page = Paginator(rates_found(**asked), PER_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": rate_rows(list(page.object_list), today=today),
        "missing": missing_rates(request.user, today=today),
        "currency": organization_currency(),
        "filters": [
            {"name": "pair", "label": _("Pair"), "choices": pair_choices(), "value": asked["pair"]},
            {"name": "kind", "label": _("Kind"), "choices": FxKind.choices, "value": asked["kind"]},
        ],
        "is_filtered": any(asked.values()),
        "may_edit": _may_edit(request),
    }
    return render(request, "portfolio/rates/list.html", context)


@require_permission(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def rate_edit(request: HttpRequest) -> HttpResponse:
    """Enter a rate, or correct the one of the same pair, kind and day."""
    _require_edit(request)
    form = RateForm(posted(request), initial=_asked(request))
    if request.method == "POST" and saves(form, partial(_set, request, form)):
        messages.success(request, str(_("The rate is kept. Sums are computed again.")))
        return redirect("portfolio:rates")
    heading = _("Correct a rate") if request.GET.get("rate") else _("New rate")
    words = Words(heading, _("Save"), reverse("portfolio:rates"))
    context = {"form": form, "words": words}
    return render(request, "portfolio/rates/form.html", context, status=422 if form.is_bound else 200)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Return what the address asks for: a rate to correct, or a pair that misses one."""
    today = timezone.localdate()
    number = request.GET.get("rate", "")
    found = FxRate.objects.filter(pk=int(number[:18])).first() if number.isdecimal() else None
    if found is not None:
        same = {name: getattr(found, name) for name in ("source", "target", "kind")}
        return {**same, "rate": trimmed(found.rate), "valid_from": found.date, "seen": found.rate}
    pair = {name: request.GET.get(name, "")[:3] for name in ("source", "target")}
    kind = request.GET.get("kind", "")
    return {
        **pair,
        "kind": kind if kind in FxKind.values else FxKind.BUDGET,
        "valid_from": open_from(today.replace(month=1, day=1), **pair),
    }


def _set(request: HttpRequest, form: Any) -> None:
    given = dict(form.cleaned_data)
    seen: Decimal | None = given.pop("seen")
    set_rate(actor=request.user, expected_rate=seen, **given)


@dataclass(frozen=True)
class ShownLine:
    """A line of the preview: what would happen, or what is wrong."""

    line: RateLine
    former: Decimal | None
    fault: str | Promise


@require_permission(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def rates_import(request: HttpRequest) -> HttpResponse:
    """Read a table, show what would happen line by line, then keep all of it."""
    _require_edit(request)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RatesTableForm(*given)
    lines: list[ShownLine] = []
    if request.method == "POST" and form.is_valid():
        lines = [_shown(line) for line in form.cleaned_data["lines"]]
        if "confirm" in request.POST and _keeps(request, form, lines):
            messages.success(request, str(_("The rates are kept. Sums are computed again.")))
            return redirect("portfolio:rates")
    context = {
        "form": form,
        "lines": lines,
        "faults": sum(1 for line in lines if line.fault),
        "text": form.cleaned_data.get("source_text", "") if lines else "",
    }
    return render(request, "portfolio/rates/import.html", context, status=422 if form.errors else 200)


def _shown(line: RateLine) -> ShownLine:
    if line.draft is None:
        return ShownLine(line, None, line.fault)
    try:
        former = check_rate(line.draft)
    except DomainError as refused:
        return ShownLine(line, None, str(refused))
    return ShownLine(line, trimmed(former.rate) if former else None, "")


def _keeps(request: HttpRequest, form: Any, lines: list[ShownLine]) -> bool:
    """Whether all rates were kept; what was refused stands on the form."""
    drafts = [each.line.draft for each in lines if each.line.draft is not None]
    if any(each.fault for each in lines):
        return False
    reason = form.cleaned_data["reason"]
    return saves(form, lambda: set_rates(actor=request.user, drafts=drafts, reason=reason))
