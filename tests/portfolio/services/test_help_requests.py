"""Requests for help: promise, answer, reminder and escalation."""

from datetime import date
from decimal import Decimal

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, NotAllowed, StaleObject
from pmo_portal.notifications.models import Notification
from portfolio.access import requests_seen_by
from portfolio.models import HelpRequest, Pmo
from portfolio.rollup.answer_time import AnswerTimes
from portfolio.selectors.help_requests import help_rows, promise_kept
from portfolio.services import help_requests as service
from portfolio.services.help_requests import Chased, chase_help
from tests.factories import person, user
from tests.portfolio.libraries import paula
from tests.portfolio.offices import TODAY, member_user, office

pytestmark = pytest.mark.django_db


def asked(pmo: Pmo, actor: User, *, day: date = TODAY) -> HelpRequest:
    return service.ask_for_help(actor=actor, office=pmo, discipline="RISK", title="Which scale?", today=day)


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.order_by("pk").values_list("user__name", "title")
    return [(name, title.split(":")[0]) for name, title in rows]


def test_question_gets_the_promised_day() -> None:
    """Friday and three working days: Wednesday."""
    alice, pmo = paula(Role.PROJECT_MANAGER, "Alice"), office()
    member_user(pmo)

    made = asked(pmo, alice)

    assert (made.due_on, made.state) == (date(2026, 4, 15), "OPEN")
    assert told() == [("Rita", "Help is wanted")]
    assert AuditEntry.objects.last().action == "help.asked"


def test_question_without_a_member_goes_to_the_head() -> None:
    head = user("Hanna")
    pmo = office(head=person("Hanna", of=head))

    asked(pmo, paula(Role.PROJECT_MANAGER, "Alice"))

    assert told() == [("Hanna", "Help is wanted")]


def test_promise_stays_when_the_office_promises_something_else() -> None:
    pmo = office()
    made = asked(pmo, paula(Role.PROJECT_MANAGER, "Alice"))

    Pmo.objects.update(answer_days=20)

    made.refresh_from_db()
    assert made.due_on == date(2026, 4, 15)


def test_outsider_does_not_ask() -> None:
    with pytest.raises(NotAllowed):
        asked(office(), user("Charlie"))

    assert HelpRequest.objects.count() == 0


def test_member_takes_and_answers() -> None:
    alice, pmo = paula(Role.PROJECT_MANAGER, "Alice"), office()
    rita = member_user(pmo)
    made = asked(pmo, alice)

    service.take_request(actor=rita, request=made, today=TODAY, expected_version=1)
    done = service.answer_request(
        actor=rita, request=made, answer="Five steps.", today=date(2026, 4, 14), expected_version=2
    )

    row = help_rows([done], date(2026, 5, 1))[0]
    assert (done.state, done.answered_by, row.taken_days, row.late_days) == ("ANSWERED", rita, 2, 0)
    assert told()[-1] == ("Alice", "Your question is answered")
    assert promise_kept(date(2026, 4, 20)) == {
        pmo.pk: AnswerTimes(median_days=Decimal("2.0"), in_time_percent=Decimal("100.0"), number=1)
    }


@pytest.mark.parametrize("who", ["outsider", "former", "asker"])
def test_only_other_members_answer(who: str) -> None:
    """ORG-8: nobody answers the own question."""
    pmo = office()
    rita = member_user(pmo, valid_to=date(2026, 4, 9)) if who == "former" else member_user(pmo)
    paula_ = paula()
    made = asked(pmo, paula_ if who == "asker" else paula(Role.PROJECT_MANAGER, "Alice"))
    actor = {"outsider": user("Charlie"), "former": rita, "asker": paula_}[who]
    before = AuditEntry.objects.count()

    with pytest.raises(NotAllowed):
        service.answer_request(actor=actor, request=made, answer="No", today=TODAY, expected_version=None)

    made.refresh_from_db()
    assert (made.state, AuditEntry.objects.count()) == ("OPEN", before)


def test_answered_request_is_not_answered_again() -> None:
    pmo = office()
    rita = member_user(pmo)
    made = asked(pmo, paula(Role.PROJECT_MANAGER, "Alice"))
    service.answer_request(actor=rita, request=made, answer="A", today=TODAY, expected_version=1)

    with pytest.raises(StaleObject):
        service.answer_request(actor=rita, request=made, answer="B", today=TODAY, expected_version=1)
    with pytest.raises(Conflict):
        service.answer_request(actor=rita, request=made, answer="B", today=TODAY, expected_version=None)

    made.refresh_from_db()
    assert made.answer == "A"


def test_asker_withdraws() -> None:
    alice, pmo = paula(Role.PROJECT_MANAGER, "Alice"), office()
    made = asked(pmo, alice)

    with pytest.raises(NotAllowed):
        service.withdraw_request(actor=user("Charlie"), request=made, expected_version=None)
    service.withdraw_request(actor=alice, request=made, expected_version=None)

    made.refresh_from_db()
    assert made.state == "WITHDRAWN"


def test_late_request_is_reminded_of_and_escalated_once() -> None:
    """Promised for Wednesday 15 April: reminded from Thursday, escalated after two working days."""
    head = user("Hanna")
    pmo = office(head=person("Hanna", of=head))
    member_user(pmo)
    asked(pmo, paula(Role.PROJECT_MANAGER, "Alice"))
    Notification.objects.all().delete()

    days = [chase_help(today=date(2026, 4, day)) for day in (15, 16, 17, 20, 20)]

    assert days == [Chased(0, 0), Chased(1, 0), Chased(1, 0), Chased(1, 1), Chased(1, 1)]
    assert told() == [
        ("Rita", "The promised answer is late"),
        ("Hanna", "A request for help stays without an answer"),
    ]


def test_request_is_seen_by_asker_members_and_the_pmo() -> None:
    """ORG-9."""
    alice, pmo, other = paula(Role.PROJECT_MANAGER, "Alice"), office(), office("Other")
    made = asked(pmo, alice)
    people = {
        "asker": alice,
        "member": member_user(pmo),
        "pmo": paula(),
        "foreign member": member_user(other, "Olga"),
        "colleague": paula(Role.PROJECT_MANAGER, "Bob"),
    }

    seen = {name: list(requests_seen_by(each, TODAY)) == [made] for name, each in people.items()}

    assert seen == {
        "asker": True,
        "member": True,
        "pmo": True,
        "foreign member": False,
        "colleague": False,
    }
