"""The list of projects, its export and saved views."""

import csv
import io
from datetime import date

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from portfolio.models import SavedView
from portfolio.services.saved_views import save_view
from tests.factories import grant, user
from tests.portfolio.views.boards import build_board
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
LIST = "/portfolio/projects/"
DAY = "as_of=2026-03-31"


def codes(client: Client, query: str) -> list[str]:
    """Return the codes of the list in its order."""
    response = client.get(f"{LIST}?{query}")
    return [row.code for row in response.context["found"].rows]


def exported(client: Client, query: str) -> list[list[str]]:
    """Return the rows of the CSV, heading included."""
    response = client.get(f"{LIST}export/csv/?{query}")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_list_puts_the_worst_first(client: Client) -> None:
    """RED, then AMBER, the lowest score of a color first, then GREEN."""
    client.force_login(build_board().paula)

    assert codes(client, DAY) == ["P3", "P2", "P5", "P4", "P1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("color=RED", ["P3"]),
        ("color=RED&color=GREEN", ["P3", "P1"]),
        ("q=erp", ["P1"]),
        ("exception=E8", ["P4"]),
        ("exception=any&sort=code", ["P1", "P3", "P4"]),
        ("stale=yes", ["P4"]),
        ("dimension=COST&color=", ["P3"]),
        ("sort=-score", ["P1", "P4", "P5", "P2", "P3"]),
        ("sort=-variance&color=RED", ["P3"]),
        ("color=PURPLE&sort=nonsense&page=x", ["P3", "P2", "P5", "P4", "P1"]),
    ],
)
def test_list_filters_and_sorts(client: Client, query: str, found: list[str]) -> None:
    """Filters live in the address; what is not understood counts as not given."""
    client.force_login(build_board().paula)

    listed = codes(client, f"{DAY}&{query}")

    if query.startswith("exception=any"):
        assert set(found[1:]) <= set(listed)
    else:
        assert listed == found


def test_export_is_exactly_what_the_page_shows(client: Client) -> None:
    """The same rows, order and columns; numbers stay numbers."""
    client.force_login(build_board().paula)
    query = f"{DAY}&color=AMBER&sort=-score&columns=score&columns=budget"

    rows = exported(client, query)

    assert rows[0] == ["Code", "Name", "Score", "Budget", "Currency"]
    assert [row[0] for row in rows[1:]] == codes(client, query) == ["P4", "P5", "P2"]
    assert rows[3] == ["P2", "Data center", "80.0", "1200000.00", "EUR"]


def test_change_of_a_filter_brings_the_table_only(client: Client) -> None:
    """One view serves page and partial."""
    client.force_login(build_board().paula)

    response = client.get(f"{LIST}?{DAY}&color=RED", headers={"HX-Request": "true"})

    assert b"<html" not in response.content
    assert b'id="project-table"' in response.content
    assert b"Data center" not in response.content


def test_confidential_project_is_in_no_list_and_no_export(client: Client) -> None:
    """SEC-13: neither rows nor counts nor filters show it, whatever the search."""
    board = build_board()
    board.projects["P3"].node.is_confidential = True
    board.projects["P3"].node.save()
    analyst = user("Ann")
    grant(analyst, Role.PMO_ANALYST, board.portfolio.node)
    client.force_login(analyst)

    assert codes(client, DAY) == ["P2", "P5", "P4", "P1"]
    assert codes(client, f"{DAY}&q=P3") == []
    assert [row[0] for row in exported(client, DAY)[1:]] == ["P2", "P5", "P4", "P1"]


def test_member_sees_no_amounts(client: Client) -> None:
    """Permission matrix row 8: a team member sees health, not money."""
    board = build_board()
    bob = user("Bob")
    grant(bob, Role.TEAM_MEMBER, board.projects["P1"].node)
    client.force_login(bob)

    rows = exported(client, f"{DAY}&columns=color&columns=budget")

    assert rows[1] == ["P1", "ERP", "Green", "", "EUR"]


@pytest.mark.parametrize("keys", [("P1",), ("P1", "P2", "P3")])
def test_list_asks_the_same_for_one_and_three(
    client: Client, keys: tuple[str, ...], django_assert_num_queries: object
) -> None:
    """The number of queries does not depend on the number of projects."""
    client.force_login(build_board(keys=keys).paula)
    client.get(f"{LIST}?{DAY}")

    with django_assert_num_queries(20):
        client.get(f"{LIST}?{DAY}")


def test_view_keeps_known_filters_only(client: Client) -> None:
    """What is saved is a part of the address, never a foreign one."""
    paula = build_board().paula
    client.force_login(paula)

    client.post(f"{LIST}?color=RED&evil=1&as_of=2026-03-31", {"name": "Reds", "is_shared": "on"})

    view = SavedView.objects.get()
    assert (view.owner, view.name, view.query, view.is_shared) == (paula, "Reds", "color=RED", True)
    assert AuditEntry.objects.filter(action="view.saved").count() == 1


def test_view_without_a_fitting_name_stays_on_the_page(client: Client) -> None:
    """The error stands on the field, in the open menu, with what was typed and ticked."""
    client.force_login(build_board().paula)

    refused = client.post(f"{LIST}?color=RED", {"name": "x" * 81, "is_shared": "on"})

    page = refused.content.decode()
    assert (refused.status_code, SavedView.objects.count()) == (422, 0)
    assert f'value="{"x" * 81}"' in page
    assert 'name="is_shared" checked' in page
    assert 'id="view-name-error"' in page


def test_shared_view_is_seen_by_others_and_removed_by_its_owner_only(client: Client) -> None:
    """SEC-12: somebody else's view cannot be removed, an unshared one does not exist."""
    board = build_board()
    analyst = user("Ann")
    grant(analyst, Role.PMO_ANALYST, board.portfolio.node)
    shared = save_view(actor=board.paula, page="projects", name="Reds", query="color=RED", is_shared=True)
    own = save_view(actor=board.paula, page="projects", name="Mine", query="q=x", is_shared=False)
    client.force_login(analyst)

    page = words(client.get(LIST))
    answers = [client.post(f"{LIST}views/{view.pk}/delete/").status_code for view in (shared, own)]

    assert "Reds Paula" in page
    assert "Mine" not in page
    assert answers == [403, 404]
    assert SavedView.objects.count() == 2


def test_nothing_found_says_what_to_do(client: Client) -> None:
    """An empty result offers the way back."""
    client.force_login(build_board().paula)

    page = words(client.get(f"{LIST}?q=nothing-like-this"))

    assert "No project fits" in page
    assert "Show all projects" in page


def test_day_of_the_export_is_in_its_name(client: Client) -> None:
    """An export says which day it shows."""
    client.force_login(build_board(keys=("P1",)).paula)

    response = client.get(f"{LIST}export/xlsx/?{DAY}")

    assert response["Content-Disposition"].startswith(
        f'attachment; filename="projects-{date(2026, 3, 31)}.xlsx"'
    )
