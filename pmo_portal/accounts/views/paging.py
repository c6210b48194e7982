"""Numbers that come with a request, bounded (SEC-18b)."""

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from pmo_portal.common.errors import DomainError

_NUMBER = re.compile(r"^[0-9]{1,9}$")


def page_number(request: HttpRequest) -> str:
    """Return the asked-for page, the first for anything that is not a number of a page."""
    asked = request.GET.get("page", "1")
    return asked if _NUMBER.match(asked) else "1"


def version_of(request: HttpRequest) -> int:
    """Return the version the form was made from."""
    sent = request.POST.get("version", "")
    if not _NUMBER.match(sent):
        raise DomainError(_("The form is incomplete. Load the page again."), code="INVALID", field="version")
    return int(sent)


def refused(request: HttpRequest) -> int:
    """Return the status of a form page: 422 when it is shown again with what was wrong."""
    return 422 if request.method == "POST" else 200
