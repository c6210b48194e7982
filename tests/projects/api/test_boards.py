"""Limits of the columns of the board by API (SEC-29)."""

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from projects.models import Project
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/projects/P-1/board-limits/"
BODY = {"by": "state", "limits": {"IN_PROGRESS": 3}}


def put(browser: Client, body: object, **headers: str) -> tuple[int, object]:
    answer = browser.put(ADDRESS, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_limits_are_set_with_the_version_of_the_project() -> None:
    project = factories.project("P-1")
    browser = Client()
    browser.force_login(factories.manager_of(project))
    version = f'"{project.version}"'

    missing = put(browser, BODY)[0]
    kept = put(browser, BODY, **{"If-Match": version})
    stale = put(browser, BODY, **{"If-Match": version})[0]

    assert (missing, stale) == (428, 412)
    assert kept == (200, {"state": {"IN_PROGRESS": 3}, "owner": {}, "phase": {}})
    assert browser.get(ADDRESS).json() == kept[1]


@pytest.mark.parametrize(
    "body",
    [
        {"by": "color", "limits": {}},
        {"by": "state", "limits": {"DONE": 3}},
        {"by": "state", "limits": {"IN_PROGRESS": 0}},
    ],
)
def test_what_means_nothing_is_refused(body: object) -> None:
    project = factories.project("P-1")
    browser = Client()
    browser.force_login(factories.manager_of(project))

    status, _answer = put(browser, body, **{"If-Match": f'"{project.version}"'})

    assert (status, Project.objects.get(pk=project.pk).board_limits) == (400, {})


def test_member_reads_limits_and_sets_none() -> None:
    project = factories.project("P-1")
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    browser = Client()
    browser.force_login(bob)

    assert browser.get(ADDRESS).json() == {"state": {}, "owner": {}, "phase": {}}
    assert put(browser, BODY, **{"If-Match": f'"{project.version}"'})[0] == 403
