"""Ask for a baseline: who is told, with what filled in, and what becomes of the message (SCH-36)."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from pmo_portal.notifications.models import Notification
from projects.models import Project
from projects.services.baseline_requests import ask_for_baseline, decline_baseline
from projects.services.baselines import set_baseline
from tests import factories
from tests.factories import MONDAY, moment

pytestmark = pytest.mark.django_db
PAGE = "/projects/NW-1/baselines/"
WHY = "The supplier delivers two weeks later, agreed on 3 March."


def planned() -> tuple[Project, User, User]:
    """A plan with baseline 0, Alice who manages it, and Greta who manages the portfolio; Paula is the PMO."""
    node = factories.portfolio_node()
    project = factories.project("NW-1", parent=node, name="Substations", planned_start=MONDAY)
    factories.task(project, "Trench", planned_start=moment(2), planned_finish=moment(6, 17))
    set_baseline(actor=None, project=project, effective_from=MONDAY)
    greta = factories.user("Greta")
    factories.grant(greta, Role.PORTFOLIO_MANAGER, node)
    return project, factories.manager_of(project), greta


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(project: Project, actor: User, **values: Any) -> list[User]:
    """Ask for a baseline of the plan."""
    given = {"effective_from": date(2026, 3, 9), "name": "New supplier", "reason": WHY, **values}
    return ask_for_baseline(actor=actor, project=project, **given)


def test_request_reaches_who_may_set_it_with_the_form_filled_in() -> None:
    project, alice, greta = planned()

    people = asked(project, alice)

    message = Notification.objects.get(kind="baseline_asked")
    assert (people, message.user, message.title) == (
        [greta],
        greta,
        "Alice asks for a baseline of NW-1 Substations.",
    )
    assert message.body == f"“New supplier”, effective from 9 Mar 2026. {WHY}"
    assert parse_qs(urlsplit(message.url).query) == {
        "effective_from": ["2026-03-09"],
        "name": ["New supplier"],
        "reason": [WHY],
    }
    form = signed_in(greta).get(message.url).context["form"]
    assert (form["name"].value(), form["reason"].value()) == ("New supplier", WHY)
    entry = AuditEntry.objects.get(action="baseline.asked")
    assert (entry.actor, entry.reason, entry.after["asked"]) == (alice, WHY, ["Greta"])


def test_api_asks_as_the_page_does() -> None:
    _project, alice, greta = planned()
    api = "/api/v1/projects/NW-1/baselines/ask/"
    answer = signed_in(alice).post(
        api, {"effective_from": "2026-03-09", "reason": WHY}, content_type="application/json"
    )
    refused = signed_in(greta).post(api, {"effective_from": "2026-03-09"}, content_type="application/json")

    assert (answer.status_code, answer.json()) == (201, {"asked": ["Greta"]})
    assert Notification.objects.get(kind="baseline_asked").user == greta
    assert AuditEntry.objects.filter(action="baseline.asked").count() == 1
    assert refused.json()["error"]["code"] == "REASON_NEEDED"


def test_message_speaks_the_language_of_the_installation_to_who_chose_none(settings: Any) -> None:
    settings.LANGUAGE_CODE = "de"
    project, alice, _greta = planned()

    asked(project, alice)

    message = Notification.objects.get(kind="baseline_asked")
    assert message.title == "Alice bittet um einen Basisplan von NW-1 Substations."
    assert "09.03.2026" in message.body


def test_long_reason_stays_in_the_message_and_out_of_the_address() -> None:
    project, alice, _greta = planned()

    asked(project, alice, reason="Because. " * 40)

    message = Notification.objects.get(kind="baseline_asked")
    assert len(message.url) <= 300
    assert "reason" not in parse_qs(urlsplit(message.url).query)
    assert "Because. Because." in message.body


def test_baseline_that_is_set_settles_the_request_and_tells_who_asked() -> None:
    project, alice, greta = planned()
    asked(project, alice)

    set_baseline(
        actor=greta, project=project, effective_from=date(2026, 3, 9), name="New supplier", reason=WHY
    )

    assert Notification.objects.get(kind="baseline_asked").settled_at is not None
    told = Notification.objects.get(kind="baseline_set")
    assert (told.user, told.title, told.url) == (
        alice,
        "Baseline 1 New supplier of NW-1 Substations is set.",
        PAGE,
    )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": "Late"}, "REASON_NEEDED"),
        ({"effective_from": date(2026, 2, 27)}, "BASELINE_ORDER"),
    ],
)
def test_request_that_could_not_be_granted_is_refused_at_once(values: dict[str, Any], code: str) -> None:
    project, alice, _greta = planned()
    entries = AuditEntry.objects.count()

    with pytest.raises(DomainError) as refused:
        asked(project, alice, **values)

    assert refused.value.code == code
    assert (Notification.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_page_says_who_sets_baselines_and_offers_to_ask() -> None:
    """The manager asks; who may set it sets it; a member does neither."""
    project, alice, greta = planned()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)

    pages = [signed_in(person).get(PAGE).text for person in (alice, greta, bob)]

    assert ["Ask for a baseline" in page for page in pages] == [True, False, False]
    assert ["Set baseline" in page for page in pages] == [False, True, False]
    assert ["Set and approved by Greta." in page for page in pages] == [True, False, True]


def test_page_asks_and_refuses_on_the_field() -> None:
    _project, alice, _greta = planned()
    client = signed_in(alice)

    refused = client.post(f"{PAGE}ask/", {"effective_from": "2026-03-09", "reason": "x"})
    done = client.post(f"{PAGE}ask/", {"effective_from": "2026-03-09", "reason": WHY}, follow=True)

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert "Asked: Greta." in done.text


def test_request_needs_somebody_who_may_grant_it() -> None:
    project = factories.project("NW-1", planned_start=MONDAY)
    factories.task(project, "Trench", planned_start=moment(2), planned_finish=moment(6, 17))

    with pytest.raises(DomainError) as refused:
        asked(project, factories.manager_of(project))

    assert refused.value.code == "NO_APPROVER"


def test_refusal_reaches_who_asked_and_settles_the_request() -> None:
    """The page says that somebody waits, the manager reads why, and the request leaves the other inboxes."""
    project, alice, greta = planned()
    asked(project, alice)
    browser = signed_in(greta)
    assert "Set none, and say why" in browser.get(f"{PAGE}new/").content.decode()

    empty = browser.post(f"{PAGE}decline/", {"reason": "No."})
    done = browser.post(f"{PAGE}decline/", {"reason": "The order is not signed yet."})

    assert (empty.status_code, empty.context["form"].errors["reason"]) == (
        422,
        ["Say why no baseline is set, in at least 10 characters."],
    )
    assert done.status_code == 302
    message = Notification.objects.get(kind="baseline_declined")
    assert (message.user, message.title, message.body) == (
        alice,
        "Greta does not set the baseline of NW-1 Substations you asked for.",
        "The order is not signed yet.",
    )
    assert Notification.objects.get(kind="baseline_asked").settled_at is not None
    assert AuditEntry.objects.get(action="baseline.declined").reason == "The order is not signed yet."
    assert "Set none, and say why" not in browser.get(f"{PAGE}new/").content.decode()


def test_nothing_is_declined_that_nobody_asked_for() -> None:
    project, _alice, greta = planned()

    with pytest.raises(DomainError) as refusal:
        decline_baseline(actor=greta, project=project, reason="The order is not signed yet.")

    assert refusal.value.code == "NOT_ASKED"
    assert not AuditEntry.objects.filter(action="baseline.declined").exists()


def test_api_declines_as_the_page_does() -> None:
    project, alice, greta = planned()
    asked(project, alice)
    api = "/api/v1/projects/NW-1/baselines/decline/"
    body = {"reason": "The order is not signed yet."}

    answers = [
        signed_in(person).post(api, body, content_type="application/json").status_code
        for person in (alice, greta, greta)
    ]

    assert answers == [403, 204, 409]
