"""Administration pages: what they show, offer and refuse."""

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import OrgUnit, Person, RoleGrant, User
from pmo_portal.accounts.permissions import matrix
from pmo_portal.accounts.services.people import create_person
from pmo_portal.accounts.services.scopes import organization_node
from tests import factories

pytestmark = pytest.mark.django_db
CANARY = "Zanzibar canary"


@pytest.fixture
def ada() -> User:
    """Ada administers people."""
    ada = factories.user("Ada")
    factories.grant(ada, Role.ADMINISTRATOR, organization_node())
    return ada


@pytest.fixture
def page(client: Client, ada: User) -> Client:
    """Ada's browser."""
    client.force_login(ada)
    client.get("/accounts/profile/")
    return client


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries_whatever_their_length(
    page: Client, ada: User, django_assert_num_queries, rows: int
) -> None:
    """SEC-58b."""
    for number in range(rows):
        unit = OrgUnit.objects.create(code=f"U{number}", name=f"Unit {number}")
        create_person(actor=None, name=f"Person {number}", org_unit=unit, user=factories.user())
        factories.grant(factories.user(), Role.TEAM_MEMBER, factories.portfolio_node())

    for address, queries in (
        ("people", 11),
        ("units", 8),
        ("grants", 11),
        ("permissions", 6),
    ):
        with django_assert_num_queries(queries):
            assert page.get(f"/administration/{address}/").status_code == 200


def test_list_of_people_is_searched_filtered_and_empty_with_words(page: Client) -> None:
    unit = OrgUnit.objects.create(code="IT", name="Information technology")
    create_person(actor=None, name="Bob Okafor", org_unit=unit, disciplines=["RISK"])
    create_person(actor=None, name="Eva Brandt")

    def found(query: str) -> list[str]:
        answer = page.get(f"/administration/people/?{query}")
        return [person.name for person in answer.context["page"].object_list]

    assert found("q=okaf") == ["Bob Okafor"]
    assert found("unit=IT") == ["Bob Okafor"]
    assert found("discipline=RISK") == ["Bob Okafor"]
    assert found("state=none&sort=-name") == ["Eva Brandt", "Bob Okafor"]
    assert found("state=nonsense&page=99999999999999") == []
    assert "Nobody found" in page.get("/administration/people/?q=zzz").content.decode()


def test_person_is_added_with_an_invitation(page: Client) -> None:
    form = {"name": "Bob", "email": "bob@example.org", "fte": "1", "is_invited": "on"}

    response = page.post("/administration/people/new/", form)

    person = Person.objects.get(email="bob@example.org")
    assert response.status_code == 302
    assert person.user is not None
    assert not person.user.has_usable_password()


def test_stale_form_is_shown_again_and_overwrites_nothing(page: Client) -> None:
    """SEC-29: the page says that somebody else was faster."""
    person = create_person(actor=None, name="Bob")
    Person.objects.filter(pk=person.pk).update(name="Robert", version=2)

    form = {"name": "Rob", "fte": "1", "version": "1"}
    response = page.post(f"/administration/people/{person.pk}/", form)

    assert response.status_code == 422
    assert "Somebody else changed this person" in response.content.decode()
    assert Person.objects.get(pk=person.pk).name == "Robert"


def test_project_manager_is_offered_member_roles_of_the_own_project_only(client: Client) -> None:
    """SEC-13, SEC-15: neither other projects nor people of other projects appear."""
    own = factories.project("OWN-1")
    foreign = factories.project("FOR-1", name=CANARY)
    alice = factories.manager_of(own)
    factories.grant(factories.user(f"{CANARY} person"), Role.TEAM_MEMBER, foreign.node)
    bob = factories.user("Bob")
    factories.grant(bob, Role.STAKEHOLDER, own.node)
    client.force_login(alice)

    form = client.get("/administration/grants/new/")
    listed = client.get("/administration/grants/")
    values = {"user": bob.pk, "node": own.node_id, "role": "TEAM_MEMBER"}
    given = client.post("/administration/grants/new/", values)
    too_high = client.post("/administration/grants/new/", {**values, "role": "PROJECT_MANAGER"})
    elsewhere = client.post("/administration/grants/new/", {**values, "node": foreign.node_id})

    offered = {role for role, _label in form.context["form"].fields["role"].choices}
    assert offered == {
        "TEAM_MEMBER",
        "QUALITY_REVIEWER",
        "FINANCE_CONTROLLER",
        "RISK_MANAGER",
        "STAKEHOLDER",
    }
    assert CANARY not in form.content.decode() + listed.content.decode()
    assert (given.status_code, too_high.status_code, elsewhere.status_code) == (302, 422, 422)
    assert set(RoleGrant.objects.filter(user=bob).values_list("role", flat=True)) == {
        "STAKEHOLDER",
        "TEAM_MEMBER",
    }


def test_confidential_project_is_not_named_to_administrators(page: Client) -> None:
    """Principle (c): the technical role learns nothing of confidential projects."""
    secret = factories.project("SEC-1", name=CANARY, is_confidential=True)
    bob = factories.user("Bob")
    person = create_person(actor=None, name="Bob", email=bob.email, user=bob)
    factories.grant(bob, Role.PROJECT_MANAGER, secret.node)

    for address in ("grants/", "grants/?q=zanzibar", f"people/{person.pk}/"):
        assert CANARY not in page.get(f"/administration/{address}").content.decode()


def test_matrix_page_shows_every_right_with_its_meaning(page: Client) -> None:
    text = page.get("/administration/permissions/").content.decode()

    for code in matrix():
        assert code in text


def test_chosen_language_stays_with_the_person(page: Client, ada: User) -> None:
    response = page.post("/accounts/language/", {"language": "de", "next": "/accounts/profile/"})

    ada.refresh_from_db()
    assert (response.status_code, ada.language) == (302, "de")
    assert page.get("/accounts/profile/").headers["Content-Language"] == "de"


def test_navigation_shows_what_the_person_may_open(page: Client) -> None:
    titles = [entry.title for entry in page.get("/administration/people/").context["navigation"]]

    assert {"People", "Organization units", "Roles", "Permissions"} <= set(titles)
    assert "Dashboard" not in titles


@pytest.mark.parametrize("address", ["people/new/", "units/new/"])
def test_nothing_chosen_is_a_dash(client: Client, address: str) -> None:
    """As on every other form, not the nine hyphens of the framework."""
    ada = factories.user("Ada")
    factories.grant(ada, Role.ADMINISTRATOR, organization_node())
    client.force_login(ada)

    page = client.get(f"/administration/{address}").content.decode()

    assert (">–</option>" in page, "---" in page) == (True, False)
