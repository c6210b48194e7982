"""The calendar of all gates: filters, counts, months; the pack on paper."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from portfolio.selectors.gate_calendar import CalendarQuestion, gate_calendar
from portfolio.services.governance import bind_methodology, plan_gates
from tests.factories import grant, portfolio_node, project, user
from tests.portfolio.gates import decided, requested, scene
from tests.portfolio.methods import paula, stage_gate
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
URL = "/standards/gates/"


def with_gates(count: int) -> None:
    """Projects with an overdue G0 and a G1 in ten days."""
    today, version, node = timezone.localdate(), stage_gate(), portfolio_node()
    for number in range(1, count + 1):
        made = project(f"P-{number}", parent=node)
        bind_methodology(actor=None, project=made, version=version, today=today - timedelta(days=9))
        dates: dict[tuple[str, int], date | None] = {
            ("G0", 1): today - timedelta(days=3),
            ("G1", 1): today + timedelta(days=10),
        }
        plan_gates(actor=None, project=made, dates=dates, today=today)


def test_empty_calendar_says_where_gates_come_from(client: Client) -> None:
    client.force_login(paula())

    assert "No gates yet" in words(client.get(URL))


@pytest.mark.parametrize("count", [1, 3])
def test_fixed_number_of_queries(count: int, client: Client, django_assert_num_queries: Any) -> None:
    with_gates(count)
    client.force_login(paula())

    with django_assert_num_queries(22):
        shown = words(client.get(URL))

    assert f"Ahead {7 * count} Overdue {count} Next 30 days {count}" in shown


def test_filters_leave_what_they_name(client: Client) -> None:
    with_gates(1)
    client.force_login(paula())

    overdue = words(client.get(URL, {"span": "overdue"}))
    nothing = words(client.get(URL, {"state": "CLOSED"}))
    wrong = client.get(URL, {"span": "someday", "state": "X", "portfolio": "NONE"})

    assert "G0 Project" in overdue
    assert "P-1 · Is there a sound case" not in overdue
    assert "No gate fits these filters." in nothing
    assert wrong.status_code == 200


def test_decided_gates_stand_under_all_and_in_files_asked_for(client: Client) -> None:
    """The page opens on what is still to be decided; the file says what the page says."""
    found = scene()
    decided(found, "GO")
    client.force_login(found.petra)

    opened, everything = words(client.get(URL)), words(client.get(URL, {"span": "all"}))
    ahead = client.get(f"{URL}export/csv/").content.decode()
    every = client.get(f"{URL}export/csv/", {"span": "all"}).content.decode()

    assert ("Is it worth a feasibility study?" in opened, "G0 Project" in everything) == (False, True)
    assert [line.split(",")[2] for line in ahead.splitlines()[1:]] == ["G1", "G2", "G3", "G4", "G5", "G6"]
    assert ",G0,Is it worth a feasibility study?," in every
    assert ",Closed,100.0000,Go," in every
    assert client.get(f"{URL}export/pdf/").status_code == 404


def test_foreign_gates_are_not_there(client: Client) -> None:
    """SEC-13: only projects the person sees, counts too."""
    with_gates(1)
    erin = user("Erin")
    grant(erin, Role.EXECUTIVE, portfolio_node("Other"))
    client.force_login(erin)
    api = APIClient()
    api.force_authenticate(erin)

    assert "No gates yet" in words(client.get(URL))
    assert api.get("/api/v1/gates/").json()["count"] == 0


def test_api_filters_alike() -> None:
    with_gates(1)
    api = APIClient()
    api.force_authenticate(paula())

    rows = api.get("/api/v1/gates/", {"span": "30"}).json()["results"]
    refused = api.get("/api/v1/gates/", {"span": "someday"})

    assert [(row["project"], row["gate"], row["state"]) for row in rows] == [("P-1", "G1", "PLANNED")]
    assert refused.status_code == 400


def test_pack_is_a_document(client: Client) -> None:
    found = scene()
    requested(found)
    client.force_login(found.petra)

    answer = client.get("/portfolio/projects/P-1/gates/G0/1/pack/")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"P-1-G0.pdf" in answer.headers["Content-Disposition"].encode()


def test_words_are_those_of_the_moment() -> None:
    with_gates(1)
    with override("de"):
        found = gate_calendar(paula(), CalendarQuestion(), today=timezone.localdate())

    assert found.states == (("PLANNED", "Geplant", 7),)


def test_counts_say_what_a_filter_would_leave() -> None:
    """Each counts beside the other filters, so no number leads to an empty list."""
    scene_day = timezone.localdate()
    found = scene()
    requested(found)
    petra = found.petra
    plan_gates(
        actor=None, project=found.project, dates={("G2", 1): scene_day + timedelta(days=5)}, today=scene_day
    )

    every = gate_calendar(petra, CalendarQuestion(), today=scene_day)
    coming = gate_calendar(petra, CalendarQuestion(span="30"), today=scene_day)
    running = gate_calendar(petra, CalendarQuestion(state="REQUESTED"), today=scene_day)

    assert [(code, number) for code, _title, number in every.states] == [("PLANNED", 6), ("REQUESTED", 1)]
    assert [(code, number) for code, _title, number in coming.states] == [("PLANNED", 1)]
    assert {code: number for code, _title, number in running.spans} == {
        "ahead": 1,
        "overdue": 1,
        "30": 0,
        "90": 0,
        "365": 0,
        "past": 1,
        "undated": 0,
    }


def test_lists_leave_the_evidence_where_it_is() -> None:
    found = scene()
    requested(found)
    with CaptureQueriesContext(connection) as asked:
        gate_calendar(found.petra, CalendarQuestion(), today=timezone.localdate())

    assert not [row["sql"] for row in asked if '"evidence"' in row["sql"]]
