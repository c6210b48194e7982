"""Methodologies for tests: the shipped ones loaded, and people who keep them."""

from datetime import UTC, date, datetime

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.interchange.methodology_file import SHIPPED, read_methodology
from portfolio.models import MethodologyVersion
from portfolio.services.methodologies import (
    approve_version,
    load_methodology,
    publish_version,
    submit_version,
)
from portfolio.services.methodology_drafts import begin_draft
from tests.factories import grant, user

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def stage_gate() -> MethodologyVersion:
    """SG 1.0.2, in force."""
    made = load_methodology(actor=None, file=read_methodology(SHIPPED / "sg.toml"), today=DAY)
    return made or MethodologyVersion.objects.get(methodology__code="SG", version="1.0.2")


def paula() -> User:
    """The PMO head."""
    made = user("Paula")
    grant(made, Role.PMO_HEAD, organization_node())
    return made


def anna() -> User:
    """A PMO analyst."""
    made = user("Anna")
    grant(made, Role.PMO_ANALYST, organization_node())
    return made


def draft_of(base: MethodologyVersion, author: User, version: str = "1.1.0") -> MethodologyVersion:
    """The next version, begun, with what it says about itself."""
    made = begin_draft(actor=author, base=base, version=version)
    made.changelog = {"en": "Less paper"}
    made.save(update_fields=["changelog"])
    return made


def publish(draft: MethodologyVersion, *, author: User, head: User, day: date = DAY) -> MethodologyVersion:
    """A draft, all the way into force."""
    submit_version(actor=author, version=draft)
    approve_version(actor=head, version=draft, now=NOW)
    return publish_version(actor=head, version=draft, effective_from=day, today=DAY)
