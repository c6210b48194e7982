"""Set up offices with charter and members (ORG-1, ORG-3, ORG-7)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.people import end_access
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, NotAllowed, StaleObject
from portfolio.models import Pmo
from portfolio.selectors.handovers import Held, open_handovers
from portfolio.selectors.offices import office_views
from portfolio.services import offices
from tests.factories import grant, person, project, user
from tests.portfolio.libraries import paula
from tests.portfolio.offices import TODAY, member, office

pytestmark = pytest.mark.django_db


def test_office_is_set_up_by_the_pmo() -> None:
    head = paula()

    made = offices.create_office(actor=head, name="PMO", mandate="CONTROLLING")

    entry = AuditEntry.objects.last()
    assert (made.name, made.answer_days, made.version) == ("PMO", 3, 1)
    assert (entry.action, entry.after) == ("office.created", {"name": "PMO", "mandate": "CONTROLLING"})


def test_others_do_not_set_up_offices() -> None:
    manager = paula(Role.PORTFOLIO_MANAGER)

    with pytest.raises(NotAllowed):
        offices.create_office(actor=manager, name="Mine", mandate="DIRECTIVE")

    assert (Pmo.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_no_pmo_is_no_mandate_of_an_office() -> None:
    with pytest.raises(ValidationError):
        office(mandate="NO_PMO")


def test_offices_are_a_tree() -> None:
    """ORG-1: a save that would make a cycle is refused."""
    top = office("Top")
    below = office("Below", parent=top)

    with pytest.raises(DomainError) as refused:
        offices.edit_office(actor=None, office=top, changes={"parent": below}, expected_version=1)

    top.refresh_from_db()
    assert (refused.value.code, refused.value.field, top.parent) == ("CYCLE", "parent", None)


def test_offices_are_ten_deep_at_most() -> None:
    """ORG-1: depth limit 10."""
    last = None
    for number in range(10):
        last = office(f"Level {number}", parent=last)

    with pytest.raises(DomainError) as refused:
        office("Level 10", parent=last)

    assert (refused.value.code, Pmo.objects.count()) == ("TOO_DEEP", 10)


def test_moving_a_tree_keeps_its_depth() -> None:
    """ORG-1: what hangs below moves along."""
    below = office("Below", parent=(moved := office("Moved")))
    last = None
    for number in range(9):
        last = office(f"Level {number}", parent=last)

    with pytest.raises(DomainError) as refused:
        offices.edit_office(actor=None, office=moved, changes={"parent": last}, expected_version=1)

    assert (refused.value.code, below.parent) == ("TOO_DEEP", moved)


def test_stale_save_of_an_office_is_refused() -> None:
    made = office()
    offices.edit_office(actor=None, office=made, changes={"name": "A"}, expected_version=1)

    with pytest.raises(StaleObject):
        offices.edit_office(actor=None, office=made, changes={"name": "B"}, expected_version=1)

    made.refresh_from_db()
    assert (made.name, made.version) == ("A", 2)


def test_charter_has_versions() -> None:
    head, made = paula(), office()
    offices.adopt_charter(actor=head, office=made, text="We help.", change_note="", today=TODAY)
    later = TODAY + timedelta(days=30)

    offices.adopt_charter(actor=head, office=made, text="We decide.", change_note="Gates", today=later)

    shown = office_views(later)[0]
    assert [(row.number, row.text) for row in shown.charters] == [(2, "We decide."), (1, "We help.")]
    assert AuditEntry.objects.last().action == "office.charter_adopted"


def test_same_charter_is_no_new_version() -> None:
    made = office()
    offices.adopt_charter(actor=None, office=made, text="We help.", change_note="", today=TODAY)

    with pytest.raises(DomainError) as refused:
        offices.adopt_charter(actor=None, office=made, text="We help. ", change_note="", today=TODAY)

    assert (refused.value.code, made.charters.count()) == ("NO_CHANGE", 1)


def test_each_lacking_discipline_is_a_gap() -> None:
    """ORG-3: it, planning, finance and risk need at least one active member each."""
    made = office()
    member(made, discipline="IT")
    member(made, person("Fred"), discipline="FINANCE", valid_to=TODAY - timedelta(days=1))
    member(made, person("Quentin"), discipline="QUALITY")

    shown = office_views(TODAY)[0]

    assert ([row.code for row in shown.gaps], shown.active) == (["PLANNING", "FINANCE", "RISK"], 2)
    assert [(row.code, row.people, row.uncovered_since) for row in shown.coverage] == [
        ("IT", 1, None),
        ("PLANNING", 0, None),
        ("FINANCE", 0, TODAY),
        ("RISK", 0, None),
    ]


def test_office_with_all_four_disciplines_has_no_gap() -> None:
    """ORG-3: the day somebody leaves, the gap is there."""
    made = office()
    for name in ("IT", "PLANNING", "FINANCE"):
        member(made, person(name), discipline=name)
    member(made, person("Rita"), discipline="RISK", valid_to=TODAY)

    assert office_views(TODAY)[0].gaps == []
    assert [row.code for row in office_views(TODAY + timedelta(days=1))[0].gaps] == ["RISK"]


def test_office_page_asks_the_same_for_many(django_assert_num_queries: object) -> None:
    for number in range(3):
        member(office(f"PMO {number}"), person(f"P{number}"))

    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(office_views(TODAY)) == 3


def test_member_who_leaves_stays_in_the_history() -> None:
    """ORG-7."""
    made = member(office())

    offices.edit_member(actor=None, member=made, changes={"valid_to": TODAY}, expected_version=1)

    rows = [row for each in office_views(TODAY + timedelta(days=1))[0].disciplines for row in each.members]
    assert [(str(row.member), row.is_active) for row in rows] == [("Rita", False)]
    assert AuditEntry.objects.last().after == {"valid_to": TODAY.isoformat()}


def test_member_ends_after_the_begin() -> None:
    with pytest.raises(ValidationError):
        member(office(), valid_to=date(2025, 12, 31))


def test_who_left_is_listed_with_what_is_open() -> None:
    """ORG-7: open assignments are listed for hand-over, as far as one sees the project."""
    head, bob = paula(), user("Bob")
    gone, pmo = person("Bob", of=bob), office()
    held = member(pmo, gone)
    grant(bob, Role.TEAM_MEMBER, project("P-1", name="Depot").node)
    before = open_handovers(head, TODAY)

    end_access(actor=head, person=gone, version=1, today=TODAY)

    found = open_handovers(head, TODAY)
    assert before == []
    assert [(each.person.name, each.held) for each in found] == [
        (
            "Bob",
            (
                Held("/projects/P-1/team/", project="P-1 Depot", role="Team member"),
                Held(f"/pmo/members/{held.pk}/", office="PMO"),
            ),
        )
    ]
    assert [each.held[0].office for each in open_handovers(user("Charlie"), TODAY)] == ["PMO"]
