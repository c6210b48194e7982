"""Messages about versions of document templates: to who may publish them, and to who submitted them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pmo_portal.accounts.models import User
from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import acting_on
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.notifications.services import notify, settle
from portfolio.choices import DocumentTemplateState as State
from portfolio.models import DocumentTemplate
from portfolio.selectors.methodologies import said


def tell_of_waiting(*, template: DocumentTemplate, besides: User | None) -> int:
    """Tell everybody who may publish a version that it waits, but who submitted it; return how many."""
    grants = acting_on(roles_with("methodology.approve"), organization_node()).select_related("user")
    people = dict.fromkeys(grant.user for grant in grants.order_by("pk"))
    people.pop(besides, None)  # type: ignore[arg-type]
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


def _tell(people: Iterable[User], template: DocumentTemplate, title: Any, key: str, body: str = "") -> int:
    """Tell people, each in their own language."""
    told = 0
    for person in people:
        with override(person.language or None):
            name = f"{said(template.content.title)} {template.version}"
            told += notify(
                users=[person],
                kind="document_template",
                title=str(title % {"name": name}),
                body=body or template.change_note,
                url=template.get_absolute_url(),
                dedupe_key=f"document-template:{template.pk}:{key}",
            )
    return told
