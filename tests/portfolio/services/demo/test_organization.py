"""What is in the demo organization, and who can sign in."""

import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse

from pmo_portal.accounts.models import OrgUnit, Person, User
from pmo_portal.accounts.permissions import GIVEN_ROLES
from pmo_portal.accounts.selectors.people import demo_sign_ins
from pmo_portal.audit.models import AuditEntry
from pmo_portal.notifications.models import Notification
from portfolio.access import barred_from
from portfolio.models import (
    DocumentVersion,
    Enrolment,
    GateCondition,
    GateReview,
    Portfolio,
    Program,
    ProjectHealth,
    RollupRun,
)
from portfolio.selectors.documents import is_intact
from portfolio.selectors.training_page import training_page
from portfolio.services.demo.sign_ins import demo_logins
from projects.models import ActualCost, Project, ProjectDependency, StatusReport, Task, TaskProgress
from projects.selectors.dependencies import forecast_of

# That all of it can be written on PostgreSQL too is proven by test_catalogue.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_organization_has_units_people_portfolios_and_programs(demo: date) -> None:
    assert OrgUnit.objects.count() == 12
    assert Person.objects.filter(user__isnull=False).count() == 35
    assert list(Portfolio.objects.order_by("code").values_list("code", flat=True)) == [
        "CORPORATE",
        "CUSTOMER",
        "EX-HLT",
        "EXAMPLES",
        "GRID",
    ]
    assert Program.objects.count() == 6


def test_projects_and_rows_are_as_many_as_asked_for(demo: date) -> None:
    assert Project.objects.count() == 12
    assert {project.tasks.count() for project in Project.objects.filter(code__startswith="NWU-")} == {12}


def test_nothing_is_known_that_happens_after_today(demo: date) -> None:
    assert not ActualCost.objects.filter(posting_date__gt=demo).exists()
    assert not TaskProgress.objects.filter(data_date__gt=demo).exists()
    assert not StatusReport.objects.filter(published_at__date__gt=demo).exists()
    assert not Project.objects.filter(data_date__gt=demo).exists()
    assert not Project.objects.filter(state_since__gt=demo).exists()


def test_training_is_mostly_passed_and_some_of_it_late(demo: date) -> None:
    """KNO-5: the page shows all of its colors, and people are reminded."""
    page = training_page(today=demo)

    assert page.total.percent is not None
    assert 60 < page.total.percent < 95
    assert (page.overdue > 3, page.expiring > 0) == (True, True)
    assert set(Enrolment.objects.values_list("state", flat=True)) >= {
        "PASSED",
        "ASSIGNED",
        "FAILED",
    }
    assert Notification.objects.unread().filter(kind="training", title__startswith="Course overdue").exists()


def test_history_is_closed_month_by_month(demo: date) -> None:
    closes = RollupRun.objects.filter(kind="PERIOD_CLOSE").order_by("as_of")

    assert list(closes.values_list("as_of", "state")) == [
        (date(2026, 9, 30), "COMPLETE"),
        (date(2026, 10, 31), "COMPLETE"),
    ]
    assert not ProjectHealth.objects.filter(as_of=date(2026, 10, 31), is_locked=False).exists()
    assert not ProjectHealth.objects.filter(reason_code="CALC_ERROR").exists()


def test_stories_come_out_in_all_colors(demo: date) -> None:
    colors = set(ProjectHealth.objects.filter(as_of=demo).values_list("color", flat=True))

    assert colors >= {"GREEN", "AMBER", "RED", "GREY"}


def test_every_change_was_audited_with_its_project(demo: date) -> None:
    """Made by services: every project has its own trail."""
    audited = set(AuditEntry.objects.filter(action="project.created").values_list("object_label", flat=True))

    assert audited == {str(project) for project in Project.objects.all()}
    assert AuditEntry.objects.filter(action="task.progress_recorded").count() == TaskProgress.objects.count()


def test_second_load_is_refused_and_changes_nothing(demo: date) -> None:
    before = AuditEntry.objects.count()

    with pytest.raises(CommandError, match="not empty"):
        call_command("load_demo")

    assert AuditEntry.objects.count() == before
    assert Project.objects.count() == 12


def test_logins_name_every_role_once(demo: date) -> None:
    out = StringIO()

    call_command("demo_logins", "--json", stdout=out)

    rows = json.loads(out.getvalue())
    assert [row["role"] for row in rows] == list(GIVEN_ROLES)
    assert {tuple(row) for row in rows} == {("role", "email", "password", "name")}


def test_logins_are_those_of_the_sign_in_page(demo: date) -> None:
    offered = demo_sign_ins()

    assert [(row.email, row.password) for row in offered] == [
        (row.email, row.password) for row in demo_logins()
    ]


@pytest.mark.parametrize("role", GIVEN_ROLES)
def test_every_role_can_sign_in(demo: date, client: Client, role: str) -> None:
    row = next(login for login in demo_logins() if login.role == role)

    answer = client.post(reverse("account_login"), {"login": row.email, "password": row.password})

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email=row.email).pk)


def test_papers_are_signed_and_their_messages_read(demo: date) -> None:
    """ORG-8: written by the project manager, signed by somebody else, sealed."""
    signed = DocumentVersion.objects.select_related("document__project").order_by("document__project__code")

    assert Counter(row.document.project.code for row in signed) == {
        "NWU-001": 3,
        "NWU-002": 2,
        "NWU-003": 2,
        "NWU-004": 2,
        "NWU-005": 2,
    }
    assert {(row.number, row.state) for row in signed} == {(1, "APPROVED")}
    assert not signed.filter(decided_by=F("written_by")).exists()
    assert all(is_intact(row.document, row) for row in signed)
    assert not Notification.objects.filter(kind="artefact_step").unread().exists()


def test_who_said_that_a_condition_is_met_is_known(demo: date) -> None:
    """As in a real organization: its owner, on the page of the gate and on Home."""
    said = GateCondition.objects.exclude(evidence="")

    assert said.exists()
    assert all(row.evidence_by_id == row.owner_id for row in said)


def test_a_visitor_can_decide_a_gate(demo: date) -> None:
    """STD-16: one review waits for its chair, who is among the people everybody may be, and so is a voter."""
    review = GateReview.objects.select_related("project__node").get(state="IN_REVIEW")
    offered = {row.email for row in demo_logins()}

    forum = list(review.members.order_by("part").values_list("part", "vote", "user__email"))

    assert (review.project.code, review.label) == ("NWU-001", "G4")
    assert [(part, vote) for part, vote, _email in forum] == [("CHAIR", ""), ("DECIDER", "GO")]
    assert {email for _part, _vote, email in forum} <= offered
    assert not {row.user_id for row in review.members.all()} & barred_from(review.project)


def test_a_promised_date_moved_and_waits_for_an_answer(demo: date) -> None:
    """RAI-16: both agreed, the giver's date slipped, the receiver's manager is told and its plan stays."""
    waiting = ProjectDependency.objects.get(receiver__name="Harbour substation rebuild")
    given = Task.objects.get(project=waiting.giver, uid=waiting.giver_uid)

    assert waiting.giver_agreed_at is not None
    assert waiting.promised_at < waiting.told_at == forecast_of(given)
    told = Notification.objects.unread().get(kind="project_dependency", title__contains="later")
    assert told.user == waiting.receiver_agreed_by
