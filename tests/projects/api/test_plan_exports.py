"""Taking the plan away by API: formats, spreadsheets at once, files of tools in the background."""

from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common import jobs
from pmo_portal.common.models import Job
from pmo_portal.documents.models import StoredFile
from projects.interchange.java import java_runtime
from projects.models import Project
from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("api-plan-exports", args=["NW-1"])
CSV = reverse("api-plan-file", args=["NW-1", "csv"])


def planned() -> Project:
    project = factories.project("NW-1")
    factories.task(project, "=1+1", fixed_cost=factories.money("4321.09"))
    return project


def client_of(user: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_formats_say_what_they_cannot_carry() -> None:
    client = client_of(factories.manager_of(planned()))

    found = client.get(LIST).json()

    assert [(item["kind"], item["is_slow"]) for item in found] == [
        ("mspdi", True),
        ("xer", True),
        ("pmxml", True),
        ("pdf", True),
        ("xlsx", False),
        ("csv", False),
        ("ics", False),
    ]
    assert all(item["losses"] for item in found)


@pytest.mark.parametrize("accepted", ["application/json", "text/csv", "*/*"])
def test_table_is_answered_as_a_file_whatever_is_accepted(accepted: str) -> None:
    client = client_of(factories.manager_of(planned()))

    answer = client.get(CSV, headers={"accept": accepted})

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer["Content-Disposition"].startswith('attachment; filename="NW-1-plan-')
    assert answer["Cache-Control"] == "private, no-store"
    assert ",'=1+1," in answer.content.decode()


def test_amounts_are_for_who_may_see_them() -> None:
    """SEC-13."""
    project = planned()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)

    shown = [b"4321.09" in client_of(user).get(CSV).content for user in (factories.manager_of(project), bob)]

    assert shown == [True, False]


def test_file_of_a_tool_is_ordered_and_fetched_by_its_owner_only() -> None:
    """SEC-7, SEC-24."""
    if java_runtime() is None:
        pytest.skip("no Java runtime")
    project = planned()
    alice, charlie = factories.manager_of(project), factories.user("Charlie")

    ordered = client_of(alice).post(LIST, {"kind": "mspdi"}, format="json")
    jobs.drain()
    (listed,) = client_of(alice).get(reverse("api-files")).json()["results"]
    content = reverse("api-file-content", args=[listed["id"]])
    answer = client_of(alice).get(content)

    assert ordered.status_code == 202
    assert (listed["job"], listed["media_type"]) == (ordered.json()["job"], "application/xml")
    assert b"<Project " in b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert client_of(charlie).get(content).status_code == 404
    assert client_of(charlie).get(reverse("api-files")).json()["count"] == 0


def test_refusals_order_nothing_and_write_nothing_down() -> None:
    project = planned()
    alice, charlie = factories.manager_of(project), factories.user("Charlie")

    statuses = [
        client_of(charlie).get(CSV).status_code,
        client_of(charlie).post(LIST, {"kind": "mspdi"}, format="json").status_code,
        client_of(alice).post(LIST, {"kind": "csv"}, format="json").status_code,
        client_of(alice).get(CSV.replace("csv", "mspdi")).status_code,
    ]

    orders = Job.objects.filter(name="documents.make_document")
    assert statuses == [404, 404, 400, 404]
    assert (orders.count(), StoredFile.objects.count()) == (0, 0)
    assert not AuditEntry.objects.filter(action="plan.exported").exists()
