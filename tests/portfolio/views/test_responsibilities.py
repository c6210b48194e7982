"""The responsibility matrix in the browser (ORG-6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import RoleGrant
from portfolio.models import ResponsibilityRow
from portfolio.services.governance import bind_methodology
from portfolio.services.responsibilities import fill_matrix
from projects.models import Project
from tests.factories import grant, manager_of, portfolio_node, project, user
from tests.portfolio.methods import DAY, stage_gate
from tests.portfolio.views.test_dashboards import words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL = "/portfolio/projects/P-1/governance/responsibilities/"


def signed_in(client: Client, *, is_bound: bool = True) -> Project:
    made = project("P-1", tier="T2")
    if is_bound:
        bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)
    client.force_login(manager_of(made))
    return made


def test_empty_pages_offer_the_first_step(client: Client) -> None:
    made = signed_in(client, is_bound=False)
    before = words(client.get(URL))
    bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)

    assert "No methodology yet" in before
    assert "Begin with what Stage-gate proposes" in words(client.get(URL))


def test_the_matrix_is_filled_shown_and_exported(client: Client, django_assert_num_queries: Any) -> None:
    signed_in(client)

    client.post(f"{URL}fill/")
    with django_assert_num_queries(20):
        shown = words(client.get(URL))
    table = client.get(f"{URL}export/csv/").content.decode()

    assert "100.0 %" in shown
    assert "nobody has this role here" in shown
    header, *rows = table.splitlines()
    charter = next(row for row in rows if ",SG-06," in row)
    assert header.startswith("\ufeffKind,Code,What,Sponsor,Project manager,")
    assert charter.startswith("Artefact,SG-06,Charter,A,R,")
    assert client.get(f"{URL}export/pdf/").status_code == 404


def test_a_row_is_changed_left_out_and_put_back(client: Client) -> None:
    made = signed_in(client)
    fill_matrix(actor=None, project=made, today=DAY)
    row = ResponsibilityRow.objects.get(code="SG-06")

    saved = client.post(f"{URL}{row.pk}/", {"version": 1, "role_PM": "R", "role_SPONSOR": ""})
    faulty = words(client.get(f"{URL}{row.pk}/"))
    stale = client.post(f"{URL}{row.pk}/", {"version": 1, "role_PM": "AR"})
    wrong = client.post(f"{URL}{row.pk}/", {"version": 2, "role_PM": "S"})
    client.post(f"{URL}{row.pk}/remove/", {"version": 2})
    without = words(client.get(URL))
    client.post(f"{URL}{row.pk}/restore/", {"version": 3})

    assert (saved.status_code, stale.status_code, wrong.status_code) == (302, 422, 422)
    assert "Nobody is accountable (A). Name exactly one." in faulty
    assert "1 row is left out" in without
    assert "left out" not in words(client.get(URL))


def test_a_row_of_ones_own(client: Client) -> None:
    signed_in(client)

    refused = client.post(f"{URL}new/", {"title": " "})
    added = client.post(f"{URL}new/", {"title": "Decide on invoices"})

    assert (refused.status_code, added.status_code) == (422, 302)
    assert "Choose work of the plan, or say what it is." in words(refused)
    assert "Decide on invoices" in words(client.get(URL))


def test_export_asks_for_the_right_on_this_project(client: Client) -> None:
    """ORG-9: who may export elsewhere reads this project by emergency access, and takes nothing along."""
    made = signed_in(client)
    erin = user("Erin")
    grant(erin, Role.EXECUTIVE, portfolio_node("Other"))
    RoleGrant.objects.create(
        user=erin, role=Role.EMERGENCY_READER, node=made.node, ends_at=timezone.now() + timedelta(hours=1)
    )
    client.force_login(erin)

    shown = client.get(URL)

    assert (shown.status_code, shown.context["kinds"]) == (200, ())
    assert client.get(f"{URL}export/csv/").status_code == 403
