"""Who can help with a topic."""

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person
from portfolio.selectors.experts import find_experts
from tests.factories import person, user
from tests.portfolio.libraries import paula, published
from tests.portfolio.offices import TODAY, member, office

pytestmark = pytest.mark.django_db


def test_experts_are_found_by_topic_discipline_and_writing() -> None:
    bob, wanda = paula(Role.TEAM_MEMBER, "Bob"), user("Wanda")
    member(office(), person("Eve"), topics="earned value, forecasts", discipline="FINANCE")
    member(office("Other"), person("Rita"), topics="workshops")
    person("Wanda", of=wanda)
    published("guide-earned-value", title="Earned value in an hour", owner=wanda)
    published("secret", title="Values")

    found = find_experts(bob, "Who can help with earned value?", TODAY)

    assert [(each.person.name, each.points, each.topics, each.written) for each in found] == [
        ("Eve", 3, ("earned value", "forecasts"), ()),
        ("Wanda", 1, (), ("Earned value in an hour",)),
    ]


def test_who_offers_help_comes_before_who_wrote_much() -> None:
    """An item in two languages is one; the asker reads its title in their own."""
    bob, wanda = paula(Role.TEAM_MEMBER, "Bob"), user("Wanda")
    member(office(), person("Eve"), topics="risk scales", discipline="QUALITY")
    person("Wanda", of=wanda)
    for code in ("one", "two", "three", "four"):
        published(code, title=f"Risk {code}", owner=wanda)
    published("one", language="de", title="Risk eins", owner=wanda)

    found = find_experts(bob, "risk", TODAY)

    assert [(each.person.name, each.points) for each in found] == [("Eve", 3), ("Wanda", 2)]
    assert sorted(found[1].written) == ["Risk four", "Risk one", "Risk three", "Risk two"]


def test_people_with_a_discipline_are_found_too() -> None:
    bob, fay = paula(Role.TEAM_MEMBER, "Bob"), user("Fay")
    Person.objects.create(name="Fay", user=fay, disciplines=["FINANCE", "RISK"])
    Person.objects.create(name="Gone", user=user("Gone"), disciplines=["RISK"], active_to="2026-04-01")

    found = find_experts(bob, "risks", TODAY)

    assert [(each.person.name, each.disciplines, each.office) for each in found] == [
        ("Fay", ("Risk", "Finance"), "")
    ]


def test_without_words_all_members_are_listed() -> None:
    bob = paula(Role.TEAM_MEMBER, "Bob")
    member(office(), topics="risk scales")

    assert [(each.person.name, each.topics) for each in find_experts(bob, "", TODAY)] == [
        ("Rita", ("risk scales",))
    ]


def test_who_left_helps_nobody() -> None:
    bob = paula(Role.TEAM_MEMBER, "Bob")
    member(office(), topics="risk", valid_to="2026-04-09")

    assert find_experts(bob, "risk", TODAY) == []
