"""Items of the library for tests, through the services."""

from datetime import date
from typing import Any

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.models import KnowledgeItem, KnowledgeVersion
from portfolio.services.library import Content, create_item, edit_item, publish
from projects.models import Project
from tests.factories import grant, user

TODAY = date(2026, 4, 10)


def paula(role: str = Role.PMO_HEAD, name: str = "Paula") -> User:
    """Return somebody with a role in the whole organization."""
    made = user(name)
    grant(made, role, organization_node())
    return made


def content(title: str = "Risk register", **values: Any) -> Content:
    """Return the content of a version."""
    return Content(**{"title": title, "summary": "What may happen.", "body": "# Cause\n\nText.", **values})


def draft(
    code: str = "risk-register",
    *,
    actor: User | None = None,
    language: str = "en",
    kind: str = "TEMPLATE",
    project: Project | None = None,
    owner: User | None = None,
    **values: Any,
) -> KnowledgeVersion:
    """Return the draft of a new item."""
    about = {"code": code, "language": language, "kind": kind, "project": project, "owner": owner}
    return create_item(actor=actor, content=content(**values), **about)


def published(code: str = "risk-register", *, today: date = TODAY, **values: Any) -> KnowledgeItem:
    """Return a published item."""
    item = draft(code, **values).item
    publish(actor=None, item=item, today=today)
    item.refresh_from_db()
    return item


def republished(item: KnowledgeItem, *, today: date = TODAY, **values: Any) -> KnowledgeVersion:
    """Return the next published version of an item."""
    edit_item(actor=None, item=item, content=content(**values))
    return publish(actor=None, item=item, today=today)
