"""The page of schedule quality, its export and its API: who sees it, empty, filled, queries."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.common.models import Job
from projects.engine.schedule_quality.practices import Practice, Quality
from projects.engine.schedule_quality.vocabulary import Check, Finding, Flaw, Verdict
from projects.models import Project, ScheduleAssessment, Task
from projects.selectors.quality_words import (
    FLAWS,
    FOUND,
    MEANINGS,
    PRACTICES,
    QUALITIES,
    TITLES,
    VERDICTS,
)
from projects.services import links
from projects.services.schedule_quality import check_plan
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/projects/NW-1/quality/"
API = "/api/v1/projects/NW-1/schedule-quality/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def planned(count: int = 3) -> Project:
    """Tasks of five days one after another to an end, and one that leads nowhere."""
    project = factories.project("NW-1", name="Substations", planned_start=factories.MONDAY)
    rows = [factories.task(project, f"Trench {number}", duration=2400) for number in range(1, count + 1)]
    rows.append(factories.task(project, "Energized", kind="FINISH_MILESTONE", duration=0))
    for first, second in pairwise(rows):
        links.add_link(actor=None, project=project, predecessor=first, successor=second)
    loose = factories.task(project, "Loose end", duration=480)
    links.add_link(actor=None, project=project, predecessor=rows[0], successor=loose, lag=-480)
    return project


def checked(count: int = 3) -> Project:
    project = planned(count)
    check_plan(actor=None, project=Project.objects.get(), as_of=timezone.localdate())
    return project


def test_plan_that_was_never_checked_says_what_goes_here() -> None:
    project = planned()

    page = signed_in(factories.manager_of(project)).get(ADDRESS)

    assert page.status_code == 200
    assert "The plan has not been checked yet" in page.text
    assert "The 14 checks" not in page.text


def test_page_names_value_threshold_verdict_and_offenders() -> None:
    """SQ-2: everything about a check on one page."""
    project = checked()

    page = signed_in(factories.manager_of(project)).get(ADDRESS)

    found = page.context["quality"]
    logic, leads, types = found.checks[0], found.checks[1], found.checks[3]
    assert [row.number for row in found.checks] == [str(number) for number in range(1, 15)]
    assert [row.number for row in found.findings] == ["X1", "X2", "X3", "X4", "X5", "X6", "X7"]
    assert (logic.shown_value, logic.shown_count, logic.threshold) == (
        "25.0\u00a0%",
        "1 of 4",
        "at most 5\u00a0%",
    )
    assert (str(logic.verdict_title), types.threshold) == ("Failed", "at least 90\u00a0%")
    assert [(one.task.name, one.before, one.note) for one in logic.offenders] == [
        ("Loose end", None, "no successor")
    ]
    assert [(one.before.name, one.task.name, one.note) for one in leads.offenders if one.before] == [
        ("Trench 1", "Loose end", "-1 wd")
    ]
    assert f'href="/projects/NW-1/plan/{Task.objects.get(name="Loose end").uid}/"' in page.text
    assert "No baseline has been set." in page.text


def test_every_word_of_the_engine_has_words_for_people() -> None:
    """No check, flaw, practice or reason shows its code."""
    assert set(TITLES) == set(MEANINGS) == {*Check, *Finding}
    assert set(FLAWS) == set(Flaw) - {Flaw.NONE}
    assert (set(PRACTICES), set(QUALITIES)) == (set(Practice), set(Quality))
    assert set(VERDICTS) == set(FOUND) == set(Verdict)


def test_numbers_and_words_are_those_of_the_reader() -> None:
    project = checked()
    alice = factories.manager_of(project)
    alice.language = "de"
    alice.save()

    found = signed_in(alice).get(ADDRESS).context["quality"]

    assert found.checks[0].shown_value == "25,0\u00a0%"


def test_changed_plan_says_that_its_result_is_older() -> None:
    project = checked()
    client = signed_in(factories.manager_of(project))
    ScheduleAssessment.objects.update(assessed_at=timezone.now() + timezone.timedelta(hours=1))
    assert client.get(ADDRESS).context["quality"].is_outdated is False

    ScheduleAssessment.objects.update(assessed_at=timezone.now() - timezone.timedelta(hours=1))

    page = client.get(ADDRESS)
    assert page.context["quality"].is_outdated is True
    assert "The project has changed since it was checked" in page.text


def test_deleted_tasks_are_left_out_of_an_older_result() -> None:
    project = checked()
    Task.objects.filter(name="Loose end").delete()

    found = signed_in(factories.manager_of(project)).get(ADDRESS).context["quality"]

    assert (found.checks[0].offenders, found.checks[0].offenders_left_out) == ((), 1)


def test_old_data_date_is_told_by_the_day_of_the_reader() -> None:
    """X5: the age moves on though the plan is not checked again."""
    project = planned()
    Project.objects.update(data_date=date(2026, 3, 2))
    check_plan(actor=None, project=Project.objects.get(), as_of=date(2026, 3, 5))

    found = signed_in(factories.manager_of(project)).get(ADDRESS).context["quality"]

    old = found.findings[4]
    assert old.value == (timezone.localdate() - date(2026, 3, 2)).days
    assert (str(old.verdict_title), old.threshold) == ("Look at it", "at most 31 days")


def test_history_shows_earlier_scores() -> None:
    project = planned()
    for day in (date(2026, 3, 2), date(2026, 3, 9)):
        check_plan(actor=None, project=Project.objects.get(), as_of=day)
        Task.objects.filter(name="Loose end").delete()

    page = signed_in(factories.manager_of(project)).get(ADDRESS)

    assert [(row.as_of, row.grade_title) for row in page.context["quality"].history] == [
        (date(2026, 3, 9), "Good"),
        (date(2026, 3, 2), "Fair"),
    ]
    assert "How it developed" in page.text
    assert [(point["label"], point["color"]) for point in page.context["trend"].data["points"]] == [
        ("2 Mar 2026", "AMBER"),
        ("9 Mar 2026", "GREEN"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_page_reads_a_fixed_number_of_times(django_assert_num_queries: Any, count: int) -> None:
    project = checked(count)
    client = signed_in(factories.manager_of(project))
    client.get(ADDRESS)

    with django_assert_num_queries(12):
        client.get(ADDRESS)


def test_export_has_a_line_for_each_offender() -> None:
    project = checked()

    response = signed_in(factories.manager_of(project)).get(f"{ADDRESS}export/csv/")

    lines = response.content.decode("utf-8-sig").splitlines()
    assert response.headers["Content-Type"].startswith("text/csv")
    assert lines[0].replace('"', "") == (
        "Number,Check,Value,Numerator,Denominator,Threshold,Result,Reason,WBS,Task,Predecessor,Note"
    )
    assert lines[1].replace('"', "") == "1,Logic,25,1,4,at most 5\u00a0%,Failed,,5,Loose end,,no successor"
    assert len(lines) > 21


def test_export_of_an_unknown_kind_or_of_nothing_is_not_found() -> None:
    project = planned()
    client = signed_in(factories.manager_of(project))

    assert client.get(f"{ADDRESS}export/csv/").status_code == 404
    assert client.get(f"{ADDRESS}export/pdf/").status_code == 404


def test_check_is_ordered_by_who_may_edit_the_plan() -> None:
    project = planned()
    alice, eve = factories.manager_of(project), factories.user("Eve")
    factories.grant(eve, Role.AUDITOR, project.node)
    Job.objects.all().delete()

    refused = signed_in(eve).post(f"{ADDRESS}check/")
    assert (refused.status_code, Job.objects.count()) == (403, 0)
    done = signed_in(alice).post(f"{ADDRESS}check/")

    assert (done.status_code, done.headers["Location"]) == (302, ADDRESS)
    assert Job.objects.get().name == "portfolio.refresh_health"


def test_outsider_sees_nothing_and_executive_no_tasks() -> None:
    project = checked()
    charlie, erin = factories.user("Charlie"), factories.user("Erin")
    factories.grant(erin, Role.EXECUTIVE, project.node)

    statuses = [signed_in(person).get(ADDRESS).status_code for person in (charlie, erin)]

    assert statuses == [404, 403]


def test_api_returns_the_same_unrounded() -> None:
    """SQ-2, SQ-5."""
    project = checked()

    body = signed_in(factories.manager_of(project)).get(API).json()

    assert (body["score"], body["grade"], body["passed"], body["applicable"]) == (
        "77.77777777777777777777777778",
        "FAIR",
        7,
        9,
    )
    logic = body["checks"][0]
    assert {key: logic[key] for key in ("code", "value", "numerator", "denominator", "verdict")} == {
        "code": "LOGIC",
        "value": "25",
        "numerator": "1",
        "denominator": "4",
        "verdict": "FAIL",
    }
    assert logic["offenders"][0]["task"]["name"] == "Loose end"
    assert body["checks"][12]["reason_code"] == "NO_BASELINE"
    assert body["practices"][3] == {
        "code": "DURATIONS",
        "title": "Establishing durations",
        "verdict": "PASS",
        "checks": ["HIGH_DURATION"],
    }
    assert len(body["qualities"]) == 8


def test_api_of_a_plan_never_checked() -> None:
    project = planned()

    body = signed_in(factories.manager_of(project)).get(API).json()

    assert (body["as_of"], body["score"], body["reason_code"], body["checks"]) == (
        None,
        None,
        "NOT_CHECKED",
        [],
    )
