"""Messages about versions of document templates: to who may publish them, and to who submitted them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.notifications.services import settle
from portfolio.choices import DocumentTemplateState as State
from portfolio.models import DocumentTemplate
from portfolio.selectors.methodologies import said
from portfolio.services.standard_messages import approvers, tell_each


def tell_of_waiting(*, template: DocumentTemplate, besides: User | None) -> int:
    """Tell everybody who may publish a version that it waits, but who submitted it; return how many."""
    people = approvers(besides=besides)
    return _tell(people, template, _("Waiting to be published: %(name)s"), f"waiting:{template.edition}")


def settle_waiting(template: DocumentTemplate) -> None:
    """Let the messages that a version waits ask for nothing any more."""
    settle(keys=[f"document-template:{template.pk}:waiting"])


def tell_of_decision(
    *, template: DocumentTemplate, author: User | None, actor: User, reason: str = ""
) -> int:
    """Tell who submitted a version that it is in force now, or given back with a reason."""
    if author is None or author == actor:
        return 0
    is_given_back = template.state == State.DRAFT
    title = _("Given back: %(name)s") if is_given_back else _("In force: %(name)s")
    return _tell([author], template, title, f"{template.state}:{template.edition}", reason)


def _tell(people: list[User], template: DocumentTemplate, title: Any, key: str, body: str = "") -> int:
    return tell_each(
        people,
        kind="document_template",
        title=lambda: str(title % {"name": f"{said(template.content.title)} {template.version}"}),
        body=lambda: body or template.change_note,
        url=template.get_absolute_url(),
        key=f"document-template:{template.pk}:{key}",
    )
