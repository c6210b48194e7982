"""Create and edit portfolios and programs; create projects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from pmo_portal.accounts.access import require_permission
from portfolio.access import portfolio_for, program_for
from portfolio.forms.filters import asked_code
from portfolio.forms.structure import NewProjectForm, PortfolioForm, ProgramForm
from portfolio.models import Portfolio, Program
from portfolio.services import components, structure
from portfolio.views.page import posted
from projects.forms.saving import saves

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Words:
    """The words of a form page, and where it leads back."""

    heading: Any
    submit: Any
    back: str
    intro: Any = ""
    warning: Any = ""
    is_danger: bool = False


def run_form(
    request: HttpRequest,
    words: Words,
    form: Any,
    act: Callable[[], Any],
    *,
    fresh: Callable[[], dict[str, Any]] | None = None,
    template: str = "portfolio/form.html",
    told: Callable[[Any], Any] | None = None,
    **values: Any,
) -> HttpResponse:
    """
    Show the form, or run the service and open what it made; what was refused stands on the form.

    ``told`` returns what there is to say about what was made, besides that it is saved.
    """
    made: list[Any] = []
    if request.method == "POST" and saves(form, lambda: made.append(act()), fresh=fresh):
        messages.success(request, str(told(made[0]) if told else _("Saved.")))
        return redirect(made[0])
    context = {"form": form, "words": words, **values}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*names, "version")}


PORTFOLIO_VALUES = ("name", "description", "parent", "owner", "manager", "reporting_currency")
PROGRAM_VALUES = ("name", "outcomes", "portfolio", "manager", "sponsor")


@require_permission("portfolio.edit")
@GET_POST
def portfolio_new(request: HttpRequest) -> HttpResponse:
    """A new portfolio."""
    parent = Portfolio.objects.visible_to(request.user, "portfolio.edit").filter(code=asked_code(request.GET))
    form = PortfolioForm(posted(request), user=request.user, initial={"parent": parent.first()})
    words = Words(_("New portfolio"), _("Create portfolio"), reverse("portfolio:index"))
    return run_form(
        request, words, form, lambda: structure.create_portfolio(actor=request.user, **form.changes)
    )


@login_required
@GET_POST
def portfolio_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit a portfolio; a new parent moves everything below it."""
    portfolio = portfolio_for(request.user, code, "portfolio.edit")
    form = PortfolioForm(
        posted(request),
        user=request.user,
        portfolio=portfolio,
        initial=_values(portfolio, PORTFOLIO_VALUES),
    )
    words = Words(_("Edit portfolio"), _("Save"), portfolio.get_absolute_url())

    def save() -> Portfolio:
        return structure.edit_portfolio(
            actor=request.user,
            portfolio=portfolio,
            changes=form.changes,
            expected_version=form.cleaned_data["version"],
        )

    return run_form(request, words, form, save, fresh=lambda: _values(_again(portfolio), PORTFOLIO_VALUES))


def _again(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


@require_permission("portfolio.edit")
@GET_POST
def program_new(request: HttpRequest) -> HttpResponse:
    """A new program of a portfolio."""
    home = Portfolio.objects.visible_to(request.user, "portfolio.edit").filter(code=asked_code(request.GET))
    form = ProgramForm(posted(request), user=request.user, initial={"portfolio": home.first()})
    words = Words(_("New program"), _("Create program"), reverse("portfolio:index"))

    def save() -> Portfolio:
        return structure.create_program(actor=request.user, **form.changes).portfolio

    return run_form(request, words, form, save)


@login_required
@GET_POST
def program_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit a program; a new portfolio takes its projects with it."""
    program = program_for(request.user, code, "portfolio.edit")
    form = ProgramForm(
        posted(request), user=request.user, program=program, initial=_values(program, PROGRAM_VALUES)
    )
    words = Words(_("Edit program"), _("Save"), program.portfolio.get_absolute_url())

    def save() -> Portfolio:
        changed: Program = structure.edit_program(
            actor=request.user,
            program=program,
            changes=form.changes,
            expected_version=form.cleaned_data["version"],
        )
        return changed.portfolio

    return run_form(request, words, form, save, fresh=lambda: _values(_again(program), PROGRAM_VALUES))


@require_permission("project.create")
@GET_POST
def project_new(request: HttpRequest) -> HttpResponse:
    """A new project in one of the portfolios and programs the person may create one in."""
    home = asked_code(request.GET)
    form = NewProjectForm(posted(request), user=request.user, initial={"home": f"portfolio:{home}"})
    words = Words(
        _("New project"),
        _("Create project"),
        reverse("portfolio:projects"),
        _("It starts as a proposal. Plan, team and money come next, on its own pages."),
    )
    return run_form(
        request,
        words,
        form,
        lambda: components.create_project(actor=request.user, **form.facts),
        is_homeless=not form.has_homes,
    )
