"""The help page and the glossary."""

import pytest
from django.test import Client

from pmo_portal.common.glossary import TERMS, terms_found
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def charlie() -> Client:
    client = Client()
    client.force_login(factories.user("Charlie"))
    return client


def test_help_shows_first_steps_of_each_role(charlie: Client) -> None:
    page = charlie.get("/help/").content.decode()

    sections = ("analyst", "standards", "project-manager", "executive", "administrator", "everywhere")
    assert [name for name in sections if f'id="{name}"' in page] == list(sections)


def test_glossary_shows_every_term(charlie: Client) -> None:
    page = charlie.get("/help/glossary/").content.decode()

    assert page.count("<dt>") == len(TERMS)


def test_glossary_finds_by_abbreviation(charlie: Client) -> None:
    page = charlie.get("/help/glossary/", {"q": "tcpi"}).content.decode()

    assert page.count("<dt>") == 1
    assert "to-complete performance index (TCPI)" in page


def test_glossary_says_when_nothing_fits(charlie: Client) -> None:
    page = charlie.get("/help/glossary/", {"q": "<script>"}).content.decode()

    assert "No term found" in page
    assert "<script>" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("address", ["/help/", "/help/glossary/"])
def test_strangers_are_sent_to_sign_in(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_terms_are_in_alphabetical_order_and_unique() -> None:
    names = [str(term.name).casefold() for term in TERMS]
    shorts = [term.short for term in TERMS if term.short]

    assert names == sorted(set(names))
    assert len(shorts) == len(set(shorts))


def test_all_terms_are_found_by_nothing() -> None:
    assert len(terms_found("")) == len(TERMS)
