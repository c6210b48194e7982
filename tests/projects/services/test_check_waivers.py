"""How good a plan must be for a baseline, and waived checks."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, StaleObject
from projects import actions
from projects.models import Baseline, CheckWaiver, Project
from projects.selectors.check_waivers import waived_checks
from projects.services import baselines, check_waivers, links
from tests import factories

pytestmark = pytest.mark.django_db
REASON = "Vendor steps are not ours to link, agreed with the board."
QUALITY = "/projects/NW-1/quality/"
API = "/api/v1/projects/NW-1/schedule-quality/"


def today() -> date:
    return timezone.localdate()


def planned() -> Project:
    """Two linked tasks with a lead between them, and one that leads nowhere: logic, leads, path fail."""
    project = factories.project("NW-1", planned_start=factories.MONDAY, is_auto_scheduled=True)
    first, second = factories.task(project, "Trench"), factories.task(project, "Cable")
    factories.task(project, "Loose end")
    links.add_link(actor=None, project=project, predecessor=first, successor=second, lag=-60)
    return Project.objects.get()


def head_of(project: Project) -> User:
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_HEAD, project.node.parent)
    return paula


def wanting(grade: str) -> Project:
    return check_waivers.set_baseline_grade(actor=None, project=planned(), grade=grade, expected_version=None)


def waive(project: Project, check_code: str, **facts: Any) -> CheckWaiver:
    usual: dict[str, Any] = {
        "actor": None,
        "reason": REASON,
        "valid_until": today() + timedelta(days=30),
        "today": today(),
    }
    return check_waivers.waive_check(project=project, check_code=check_code, **(usual | facts))


def freeze(project: Project) -> Baseline:
    return baselines.set_baseline(actor=None, project=project, effective_from=factories.MONDAY)


def test_baseline_of_a_poor_plan_is_refused_with_the_failed_checks() -> None:
    project = wanting("GOOD")
    entries = AuditEntry.objects.count()

    with pytest.raises(DomainError) as refusal:
        freeze(project)

    assert refusal.value.code == "PLAN_NOT_GOOD_ENOUGH"
    assert str(refusal.value).startswith(
        "A baseline here needs a plan that is “Good”. These checks are failed: "
    )
    assert "Logic, Leads" in str(refusal.value)
    assert (Baseline.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_waived_checks_let_the_baseline_pass_until_they_end() -> None:
    """The score stays; the day after the last one the check counts again."""
    project = wanting("GOOD")
    with pytest.raises(DomainError) as refusal:
        freeze(project)
    failed = ["LOGIC", "LEADS", "INVALID_DATES", "CRITICAL_PATH_TEST", "LAGS"]

    made = [waive(project, code) for code in failed]

    assert refusal.value.code == "PLAN_NOT_GOOD_ENOUGH"
    assert freeze(project).number == 0
    last = made[0].valid_until
    assert waived_checks(project, last) == set(failed)
    assert waived_checks(project, last + timedelta(days=1)) == set()


def test_any_plan_may_become_a_baseline_where_nothing_is_asked() -> None:
    assert freeze(planned()).number == 0


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"check_code": "WEATHER"}, "UNKNOWN_CHECK"),
        ({"reason": "Because"}, "REASON_NEEDED"),
        ({"valid_until": date(2020, 1, 1)}, "WAIVER_PERIOD"),
        ({"valid_until": date(2120, 1, 1)}, "WAIVER_PERIOD"),
    ],
)
def test_waiver_without_sense_is_refused(facts: dict[str, Any], code: str) -> None:
    project = planned()
    entries = AuditEntry.objects.count()

    with pytest.raises(DomainError) as refusal:
        waive(project, **({"check_code": "LEADS"} | facts))

    assert (refusal.value.code, CheckWaiver.objects.count()) == (code, 0)
    assert AuditEntry.objects.count() == entries


def test_second_waiver_of_a_check_replaces_the_first() -> None:
    project = planned()

    first, second = waive(project, "LEADS"), waive(project, "LEADS")

    first.refresh_from_db()
    assert (first.ended_on, second.ended_on) == (today(), None)
    assert waived_checks(project, today()) == {"LEADS"}


def test_waiver_taken_back_counts_no_more_and_is_audited() -> None:
    project = planned()
    paula = head_of(project)
    waiver = waive(project, "LEADS", actor=paula)

    check_waivers.end_waiver(actor=paula, waiver=waiver, today=today())

    assert waived_checks(project, today()) == set()
    assert list(AuditEntry.objects.order_by("-pk").values_list("action", flat=True)[:2]) == [
        actions.CHECK_WAIVER_ENDED,
        actions.CHECK_WAIVED,
    ]
    with pytest.raises(Conflict) as refusal:
        check_waivers.end_waiver(actor=paula, waiver=waiver, today=today())
    assert refusal.value.code == "WAIVER_ENDED"


def test_grade_is_one_of_two_or_nothing_and_not_set_over_another_change() -> None:
    """SEC-29."""
    project = planned()

    with pytest.raises(DomainError) as unknown:
        check_waivers.set_baseline_grade(actor=None, project=project, grade="POOR", expected_version=None)
    with pytest.raises(StaleObject):
        check_waivers.set_baseline_grade(
            actor=None, project=project, grade="GOOD", expected_version=project.version - 1
        )

    assert unknown.value.code == "UNKNOWN_GRADE"
    assert Project.objects.get().baseline_grade == ""


def test_pages_say_what_a_baseline_needs() -> None:
    """The PMO head sets a grade, is refused a baseline, waives a check and takes it back."""
    project = planned()
    client = Client()
    client.force_login(head_of(project))
    client.post(f"{QUALITY}baseline/", {"grade": "GOOD", "version": project.version})
    refused = client.post("/projects/NW-1/baselines/new/", {"effective_from": "2026-03-02"})
    waiver = {"check_code": "LEADS", "reason": REASON, "valid_until": str(today())}
    client.post(f"{QUALITY}waivers/new/", waiver)
    page = client.get(QUALITY).content.decode()
    made = CheckWaiver.objects.get()
    client.post(f"{QUALITY}waivers/{made.pk}/end/")

    assert (refused.status_code, Baseline.objects.count()) == (422, 0)
    assert "These checks are failed" in refused.content.decode()
    assert "Not met" in page
    assert REASON.replace("'", "&#x27;") in page
    assert waived_checks(project, today()) == set()


def test_manager_sees_waivers_and_gives_none() -> None:
    """ORG-8: who manages the project does not waive its checks."""
    project = planned()
    waive(project, "LEADS")
    client = Client()
    client.force_login(factories.manager_of(project))

    page = client.get(QUALITY)
    answers = [client.get(f"{QUALITY}{part}").status_code for part in ("waivers/new/", "baseline/")]

    assert "waivers/new/" not in page.content.decode()
    assert REASON in page.content.decode()
    assert answers == [403, 403]
    assert CheckWaiver.objects.get().ended_on is None


def test_api_waives_takes_back_and_sets_the_grade() -> None:
    project = planned()
    client = Client()
    client.force_login(head_of(project))
    body = {"check_code": "LEADS", "reason": REASON, "valid_until": str(today())}

    made = client.post(f"{API}waivers/", body, content_type="application/json")
    listed = client.get(f"{API}waivers/").json()["results"]
    ended = client.post(f"{API}waivers/{made.json()['id']}/end/").json()
    graded = client.put(
        f"{API}baseline/",
        {"baseline_grade": "GOOD"},
        content_type="application/json",
        headers={"If-Match": f'"{project.version}"'},
    )

    assert (made.status_code, graded.status_code) == (201, 200)
    assert [(row["check_code"], row["is_in_force"]) for row in listed] == [("LEADS", True)]
    assert not ended["is_in_force"]
    assert client.get(API).json()["baseline_grade"] == "GOOD"
