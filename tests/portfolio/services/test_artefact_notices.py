"""Who is told of the steps of an artefact (ORG-8, STD-5)."""

from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.notifications.models import Notification
from portfolio.services.artefacts import record_step
from tests.factories import grant, user
from tests.portfolio.documents import DAY, Stage, charter, stage, submitted

pytestmark = pytest.mark.django_db


def step(on: Stage, actor: Any, state: str, **given: Any) -> None:
    record_step(actor=actor, project=on.project, requirement="SG-06", state=state, today=DAY, **given)


def messages(person: Any) -> list[tuple[str, str, str]]:
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("title", "body", "url"))


def test_sponsor_of_the_project_is_asked_and_the_submitter_is_told() -> None:
    on = stage()
    above = user("Eve")
    grant(above, Role.SPONSOR, organization_node())
    step(on, on.alice, "IN_WORK")
    step(on, on.alice, "SUBMITTED")
    step(on, on.sam, "RETURNED", note="Name the goals.")

    page = "/portfolio/projects/P-1/governance/"
    assert messages(on.sam) == [("Waiting for your approval: SG-06 Charter · P-1", "Pump", page)]
    assert messages(on.alice) == [("Given back: SG-06 Charter · P-1", "Name the goals.", page)]
    assert (messages(above), messages(on.bob)) == ([], [])


def test_the_next_above_is_asked_where_the_submitter_is_the_sponsor() -> None:
    """ORG-8: nobody is asked to approve their own work."""
    on = stage()
    above = user("Eve")
    grant(above, Role.SPONSOR, organization_node())
    grant(on.sam, Role.PROJECT_MANAGER, on.project.node)

    step(on, on.sam, "SUBMITTED")

    assert [title for title, *_rest in messages(above)] == ["Waiting for your approval: SG-06 Charter · P-1"]
    assert messages(on.sam) == []


def test_message_leads_to_the_document_that_waits() -> None:
    on = stage()
    document = submitted(on)

    assert [url for *_words, url in messages(on.sam)] == [document.get_absolute_url()]


def test_work_begun_is_told_to_nobody() -> None:
    on = stage()
    charter(on)
    step(on, on.alice, "IN_WORK")

    assert not Notification.objects.exists()
