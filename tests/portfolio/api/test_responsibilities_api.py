"""The responsibility matrix over the API (ORG-6)."""

import pytest

from portfolio.services.governance import bind_methodology
from projects.models import Project
from tests.factories import manager_of, project
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.methods import DAY, stage_gate

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL = "/api/v1/projects/P-1/responsibilities/"


def followed() -> Project:
    made = project("P-1", tier="T2")
    bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)
    return made


def test_the_matrix_is_filled_and_a_row_changed() -> None:
    client = client_of(manager_of(followed()))

    filled = client.post(f"{URL}fill/").json()
    row = next(each for each in filled["rows"] if each["code"] == "SG-06")
    address = f"{URL}{row['id']}/"
    body = {"shares": [{"role": "PM", "share": "R"}, {"role": "BOARD", "share": "I"}]}
    changed = client.put(address, body, headers={"If-Match": '"1"'})
    stale = client.put(address, body, headers={"If-Match": '"1"'})

    assert (filled["completeness"], filled["letters"]) == ("100.00", ["R", "A", "AR", "C", "I"])
    assert row["shares"][:2] == [
        {"role": "PM", "person": None, "share": "R"},
        {"role": "SPONSOR", "person": None, "share": "A"},
    ]
    assert (changed.status_code, stale.status_code) == (200, 412)
    assert (changed.json()["faults"], changed.headers["ETag"]) == (["RACI_NO_A"], '"2"')


def test_a_row_is_added_and_taken_out() -> None:
    client = client_of(manager_of(followed()))

    made = client.post(URL, {"title": "Invoices"})
    address = f"{URL}{made.json()['id']}/"
    restored = client.post(f"{address}restore/", headers={"If-Match": '"1"'})
    blind = client.post(f"{address}restore/")
    gone = client.delete(address, headers={"If-Match": '"1"'})

    assert (made.status_code, restored.status_code, gone.status_code) == (201, 409, 204)
    assert blind.status_code == 428
    assert client.get(URL).json()["rows"] == []
    assert client.get(address).status_code == 404


def test_bad_input_is_refused() -> None:
    client = client_of(manager_of(followed()))
    address = f"{URL}{client.post(URL, {'title': 'Invoices'}).json()['id']}/"
    twice = {"shares": [{"role": "PM", "share": "R"}, {"role": "PM", "share": "A"}]}
    nobody = {"shares": [{"share": "R"}]}

    answers = [client.put(address, body, headers={"If-Match": '"1"'}) for body in (twice, nobody)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert client.get(address).json()["shares"] == []


def test_without_a_methodology_there_is_no_matrix() -> None:
    client = client_of(manager_of(project("P-1")))

    assert client.get(URL).status_code == 409
