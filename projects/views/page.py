"""What all pages of a project share: the project, the person's rights, head and tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import permissions_on
from projects.access import project_for
from projects.forms.saving import saves
from projects.models import Project
from projects.selectors.projects import project_header

TABS = (
    ("overview", _("Overview"), ("project.view",), "home"),
    ("plan", _("Plan"), ("task.view", "milestone.view"), "list-tree"),
    ("board", _("Board"), ("task.view", "milestone.view"), "layout-kanban"),
    ("baselines", _("Milestones and baselines"), ("baseline.view",), "flag"),
    ("money", _("Money"), ("budget.view", "budget.view_totals"), "coins"),
    ("earned_value", _("Earned value"), ("budget.view", "budget.view_totals"), "chart-line"),
    ("team", _("Team"), ("member.view",), "users"),
    ("portfolio:governance", _("Governance"), ("project.view",), "gavel"),
    ("portfolio:project_lessons", _("Lessons"), ("project.view",), "bulb"),
    ("portfolio:documents", _("Documents"), ("project.view",), "file-text"),
    ("activity", _("Activity"), ("audit.view_business",), "history"),
)


@dataclass(frozen=True)
class ProjectPage:
    """A project with the rights the person has on it."""

    request: HttpRequest
    project: Project
    rights: frozenset[str]
    today: date

    @property
    def posted(self) -> Any:
        """What was sent with the form; None while it is only looked at."""
        return self.request.POST if self.request.method == "POST" else None

    def allows(self, *permissions: str) -> bool:
        """Whether the person holds one of the permissions here."""
        return bool(self.rights & set(permissions))

    def require(self, *permissions: str) -> None:
        """
        Go on if the person holds one of the permissions.

        Raises
        ------
        PermissionDenied
            If not; the project itself is visible.
        """
        if not self.allows(*permissions):
            raise PermissionDenied

    def context(self, tab: str, **values: Any) -> dict[str, Any]:
        """Return what the templates need. Two queries."""
        return {
            "project": project_header(self.project, today=self.today),
            "may": {code.replace(".", "_"): True for code in self.rights},
            "tabs": [
                {
                    "title": title,
                    "url": reverse(name if ":" in name else f"projects:{name}", args=[self.project.code]),
                    "is_active": name == tab,
                    "icon": icon,
                }
                for name, title, permissions, icon in TABS
                if self.allows(*permissions)
            ],
            "today": self.today,
            **values,
        }

    def show(self, template: str, tab: str, **values: Any) -> HttpResponse:
        """Render a page of the project."""
        return render(self.request, template, self.context(tab, **values))

    def go(self, name: str, *arguments: Any) -> HttpResponse:
        """Redirect to a page of the project."""
        return redirect(f"projects:{name}", self.project.code, *arguments)

    def url(self, name: str, *arguments: Any) -> str:
        """Return the address of a page of the project."""
        return reverse(f"projects:{name}", args=[self.project.code, *arguments])


def page_for(request: HttpRequest, code: str, *permissions: str) -> ProjectPage:
    """Return the page of a project; 404 if it is not visible, 403 without one of the permissions."""
    project = project_for(request.user, code)
    page = ProjectPage(request, project, permissions_on(request.user, project.node), timezone.localdate())
    if permissions:
        page.require(*permissions)
    return page


SAVED = _("Saved.")


@dataclass(frozen=True)
class FormPage:
    """A page with one form: its words and where it leads."""

    heading: Any
    submit: Any
    back: str
    tab: str
    done: Any = SAVED
    intro: Any = ""
    warning: Any = ""
    is_danger: bool = False
    has_preview: bool = False


def run_form(
    page: ProjectPage,
    words: FormPage,
    form: Any,
    act: Callable[[], Any],
    *,
    fresh: Callable[[], dict[str, Any]] | None = None,
    template: str = "projects/form.html",
    is_trial: bool = False,
    **values: Any,
) -> HttpResponse:
    """
    Show the form, or run the service and go back; what was refused stands on the form (422).

    ``is_trial`` says that somebody only asked what would happen: the form is shown again.
    """
    if page.request.method == "POST" and not is_trial and saves(form, act, fresh=fresh):
        messages.success(page.request, str(words.done))
        return redirect(words.back)
    response = page.show(template, words.tab, form=form, words=words, **values)
    response.status_code = 422 if form.is_bound and not (is_trial and not form.errors) else 200
    return response


signed_in = login_required
