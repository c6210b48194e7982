"""The methodology the project of a page follows."""

from django.http import Http404

from portfolio.selectors.governance import Governance, governance_of
from projects.views.page import ProjectPage


def known_of(page: ProjectPage) -> Governance:
    """Return what the project does about its methodology; 404 while it follows none."""
    known = governance_of(page.project, page.today)
    if known is None:
        raise Http404
    return known
