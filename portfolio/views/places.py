"""Give a project another home; make it confidential, or show it again."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from portfolio.forms.places import HomeForm, MoveForm, SecrecyForm
from portfolio.models import Portfolio, Program
from portfolio.services.components import move_project
from projects.models import Project
from projects.selectors.sight import people_seeing, sight_change
from projects.services.places import set_confidential
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
RIGHT = "project.create"


def _version(project: Project) -> dict[str, Any]:
    return {"version": Project.objects.values_list("version", flat=True).get(pk=project.pk)}


@signed_in
@GET_POST
def project_move(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the new home, read what changes, move."""
    page = page_for(request, code, RIGHT)
    asked = request.POST if request.method == "POST" else request.GET
    homes = HomeForm(
        asked if "home" in asked else None, user=request.user, parent_id=page.project.node.parent_id
    )
    home = homes.chosen
    initial = {"home": asked.get("home", ""), "version": page.project.version}
    form = MoveForm(page.posted, initial=initial)
    words = FormPage(
        _("Move the project"), _("Move"), page.url("overview"), "overview", _("The project is moved.")
    )
    act = partial(_move, page, form, home)
    context = {"homes": homes, "home": home, **_consequences(page, home)}
    fresh = partial(_version, page.project)
    return run_form(page, words, form, act, fresh=fresh, template="portfolio/places/move.html", **context)


def _move(page: ProjectPage, form: Any, home: Portfolio | Program | None) -> None:
    if home is None:
        form.add_error(None, _("Choose a portfolio or program you may create projects in."))
        return
    move_project(
        actor=page.request.user,
        project=page.project,
        parent_node=home.node,
        reason=form.cleaned_data["reason"],
        expected_version=form.cleaned_data["version"],
    )


def _consequences(page: ProjectPage, home: Portfolio | Program | None) -> dict[str, Any]:
    """Return who would gain and lose sight, and the currency of the new home."""
    if home is None:
        return {}
    node = page.project.node
    before = people_seeing(node, today=page.today)
    after = people_seeing(node, today=page.today, parent=home.node)
    place = home.portfolio if isinstance(home, Program) else home
    return {
        "sight": sight_change(before, after),
        "currency": place.reporting_currency,
        "place": str(home) if place == home else f"{place} › {home}",
        "former": node.parent.title if node.parent else "",
    }


@signed_in
@GET_POST
def project_secrecy(request: HttpRequest, code: str) -> HttpResponse:
    """Hide the project from everybody without a role on it, or show it again."""
    page = page_for(request, code, RIGHT)
    node, today = page.project.node, page.today
    before = people_seeing(node, today=today)
    after = people_seeing(node, today=today, is_confidential=not node.is_confidential)
    out = request.user.pk not in after
    form = SecrecyForm(page.posted, would_lose_sight=out, initial={"version": page.project.version})
    act = partial(_set_secrecy, page, form)
    context = {"sight": sight_change(before, after), "is_out": out}
    fresh = partial(_version, page.project)
    return run_form(
        page,
        _secrecy_words(page),
        form,
        act,
        fresh=fresh,
        template="portfolio/places/secrecy.html",
        **context,
    )


def _secrecy_words(page: ProjectPage) -> FormPage:
    back = page.url("overview")
    if page.project.node.is_confidential:
        heading, done = _("Show the project again"), _("The project is no longer confidential.")
        return FormPage(heading, _("Show it again"), back, "overview", done)
    heading, done = _("Make the project confidential"), _("The project is confidential.")
    return FormPage(heading, _("Make it confidential"), back, "overview", done)


def _set_secrecy(page: ProjectPage, form: Any) -> None:
    given = form.cleaned_data
    set_confidential(
        actor=page.request.user,
        project=page.project,
        is_confidential=not page.project.node.is_confidential,
        reason=given["reason"],
        expected_version=given["version"],
        today=page.today,
        stays_in_sight=given.get("stays_in_sight", False),
    )
