"""The methodology the project of a page follows, and the forms with which that is changed."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.views.decorators.http import require_http_methods

from portfolio.selectors.governance import Governance, governance_address, governance_of
from projects.views.page import FormPage, ProjectPage

GOVERNANCE_TAB = "portfolio:governance"
GOVERNANCE_EDIT = "governance.edit"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def known_of(page: ProjectPage) -> Governance:
    """Return what the project does about its methodology; 404 while it follows none."""
    known = governance_of(page.project, page.today)
    if known is None:
        raise Http404
    return known


def governance_words(page: ProjectPage, heading: Any, submit: Any, intro: Any, **more: Any) -> FormPage:
    """Return the words of a form that leads back to the tab Governance."""
    return FormPage(
        heading, submit, governance_address(page.project.code), GOVERNANCE_TAB, intro=intro, **more
    )


def act_on(page: ProjectPage, act: Callable[..., Any], **given: Any) -> Any:
    """Call a service as the person of the page, for its project, today."""
    return act(actor=page.request.user, project=page.project, today=page.today, **given)
