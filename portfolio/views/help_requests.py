"""Requests for help: asked by anybody, answered by members of an office within its promise."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.choices import Discipline
from pmo_portal.accounts.views.paging import page_number
from pmo_portal.common.errors import DomainError
from portfolio.access import help_request_for
from portfolio.choices import HelpState
from portfolio.forms.offices import AnswerForm, AskForm
from portfolio.models import HelpRequest, Pmo
from portfolio.selectors.help_requests import help_rows, requests_in_order
from portfolio.services import help_requests as requests
from portfolio.views.offices import export_kinds
from portfolio.views.page import posted
from portfolio.views.structure import Words, run_form
from projects.forms.saving import saves

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 30


@require_permission("office.view")
@require_safe
def help_requests(request: HttpRequest) -> HttpResponse:
    """Own questions and those one may answer; what waits comes first."""
    today, state = timezone.localdate(), request.GET.get("state", "")
    found = requests_in_order(request.user, today, state)
    page = Paginator(found, PER_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": help_rows(list(page.object_list), today),
        "states": HelpState.choices,
        "state": state,
        "has_office": Pmo.objects.exists(),
        "kinds": export_kinds(request.user),
    }
    return render(request, "portfolio/office/help.html", context)


@require_permission("office.view")
@GET_POST
def help_ask(request: HttpRequest) -> HttpResponse:
    """Ask an office for help."""
    asked, topic = request.GET.get("discipline", ""), request.GET.get("topic", "")[:150]
    first = Pmo.objects.order_by("name", "pk").first()
    office = Pmo.objects.filter(pk=request.GET["office"]).first() if _number(request, "office") else first
    discipline = asked if asked in Discipline.values else ""
    form = AskForm(posted(request), initial={"pmo": office, "discipline": discipline, "title": topic})
    intro = _("The office answers within the time it promises; you get a message when it does.")
    words = Words(_("Ask for help"), _("Ask"), reverse("portfolio:help_requests"), intro=intro)
    return run_form(request, words, form, lambda: _ask(request, form))


def _number(request: HttpRequest, name: str) -> bool:
    given = request.GET.get(name, "")
    return given.isascii() and given.isdecimal() and len(given) < 18


def _ask(request: HttpRequest, form: AskForm) -> HelpRequest:
    given = dict(form.cleaned_data)
    return requests.ask_for_help(
        actor=request.user, office=given.pop("pmo"), today=timezone.localdate(), **given
    )


@require_permission("office.view")
@GET_POST
def help_request(request: HttpRequest, pk: int) -> HttpResponse:
    """A request with its answer, or the form to answer it."""
    today = timezone.localdate()
    found = help_request_for(request.user, pk, today=today)
    form = AnswerForm(posted(request), initial={"version": found.version, "answer": found.answer})

    def answer() -> Any:
        about = {"answer": form.cleaned_data["answer"], "expected_version": form.cleaned_data["version"]}
        requests.answer_request(actor=request.user, request=found, today=today, **about)

    if request.method == "POST" and saves(form, answer, fresh=lambda: _values(found)):
        messages.success(request, str(_("Answered; who asked gets a message.")))
        return redirect(found)
    return _show(request, found, form)


def _show(request: HttpRequest, found: HelpRequest, form: AnswerForm) -> HttpResponse:
    today, is_own = timezone.localdate(), found.asked_by_id == request.user.pk
    row = help_rows([found], today)[0]
    may_answer = row.is_waiting and not is_own and requests.is_helper(request.user, found.pmo_id, today)
    context = {
        "row": row,
        "form": form,
        "words": Words(found.title, _("Answer"), reverse("portfolio:help_requests")),
        "may_answer": may_answer,
        "may_take": may_answer and found.taken_by_id != request.user.pk,
        "may_withdraw": row.is_waiting and is_own,
    }
    status = 422 if form.is_bound else 200
    return render(request, "portfolio/office/request.html", context, status=status)


def _values(found: HelpRequest) -> dict[str, Any]:
    found.refresh_from_db()
    return {"answer": found.answer, "version": found.version}


@require_permission("office.view")
@require_POST
def help_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one looks after a request."""
    today = timezone.localdate()
    found = help_request_for(request.user, pk, today=today)
    try:
        requests.take_request(actor=request.user, request=found, today=today, expected_version=None)
        messages.success(request, str(_("You look after this request.")))
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect(found)


@require_permission("office.view")
@require_POST
def help_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own question back."""
    found = help_request_for(request.user, pk, today=timezone.localdate())
    try:
        requests.withdraw_request(actor=request.user, request=found, expected_version=None)
        messages.success(request, str(_("Withdrawn.")))
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect(found)
