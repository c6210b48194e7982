"""Why a task is where it is: one sentence for everything that can set a start."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from pmo_portal.accounts.choices import Role
from projects.models import Link, Project, Task
from projects.selectors.start_reasons import StartReason, link_words, start_reason
from projects.services import calendars, links, progress, schedules, tasks
from tests import factories
from tests.factories import moment
from tests.projects.services.test_schedules import DAY, example

pytestmark = pytest.mark.django_db


def reason(task: Task) -> StartReason | None:
    """Return why the task starts when it does, as it is stored now."""
    found = Task.objects.select_related("project__calendar", "calendar").get(pk=task.pk)
    into = Link.objects.filter(successor=found).select_related("predecessor").order_by("pk")
    with override("en"):
        return start_reason(found, links=list(into), user=None)


def sentence(task: Task) -> str:
    """Return the sentence; there has to be one."""
    found = reason(task)
    assert found is not None
    return found.sentence


def edit(task: Task, **changes: Any) -> None:
    """Change a task."""
    tasks.edit_task(actor=None, task=task, changes=changes, expected_version=None)


def test_start_after_a_link_names_it_and_the_holiday_between() -> None:
    """SCH-19; Monday 9 March is the holiday of EX-SCH."""
    _project, task = example()

    assert reason(task["B"]) == StartReason(
        "LINK",
        Link.objects.get(predecessor=task["A"], successor=task["B"]).pk,
        "Starts Tue 10 Mar 2026 because 1 A (FS) finishes Fri 6 Mar 2026. Mon 9 Mar 2026 is not worked.",
    )


def test_start_to_start_and_start_to_finish_say_what_they_wait_for() -> None:
    _project, task = example()

    assert sentence(task["C"]) == "Starts Wed 4 Mar 2026 because 1 A (SS + 2 d) starts Mon 2 Mar 2026."
    assert sentence(task["E"]) == (
        "Starts Wed 11 Mar 2026 so that it does not finish too early: 4 D (SF) starts Fri 13 Mar 2026."
    )


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (11, "Mon 9 Mar 2026, Tue 10 Mar 2026, Wed 11 Mar 2026 are not worked."),
        (12, "4 days between are not worked."),
    ],
)
def test_three_days_are_named_and_more_are_counted(last: int, said: str) -> None:
    """The weekend between is nobody's news: only days that a calendar takes out of the week."""
    project, task = example()
    closed = calendars.DayOff(date(2026, 3, 9), date(2026, 3, last), "Closed")
    calendars.edit_calendar(
        actor=None, calendar=project.calendar, changes={}, expected_version=None, days_off=[closed]
    )
    schedules.reschedule(actor=None, project=project)

    assert sentence(task["B"]).endswith(f"(FS) finishes Fri 6 Mar 2026. {said}")


def test_days_off_are_named_for_finish_to_start_only() -> None:
    """From start to start work goes on between: a holiday in it is not why one waits."""
    _project, task = example()
    link = Link.objects.get(predecessor=task["A"], successor=task["C"])
    links.edit_link(actor=None, link=link, changes={"lag": 5 * DAY}, expected_version=None)

    assert sentence(task["C"]) == "Starts Tue 10 Mar 2026 because 1 A (SS + 5 d) starts Mon 2 Mar 2026."


def test_finish_to_finish_says_what_it_waits_for() -> None:
    project, task = example()
    Link.objects.filter(predecessor=task["B"], successor=task["D"]).delete()
    links.edit_link(
        actor=None,
        link=Link.objects.get(predecessor=task["C"], successor=task["D"]),
        changes={"lag": 2 * DAY},
        expected_version=None,
    )

    assert sentence(task["D"]) == (
        "Starts Wed 11 Mar 2026 so that it does not finish too early: "
        "3 C (FF + 2 d) finishes Thu 12 Mar 2026."
    )
    assert project.is_auto_scheduled


def test_start_with_the_project() -> None:
    _project, task = example()

    assert sentence(task["A"]) == ("Starts Mon 2 Mar 2026 with the project: nothing asks for a later start.")


def test_start_after_the_data_date() -> None:
    """CON-6, SCH-21: what has not begun cannot lie before it."""
    project, task = example()
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 4))

    assert sentence(task["A"]) == (
        "Starts Thu 5 Mar 2026, after the data date Wed 4 Mar 2026: work that has not begun cannot "
        "lie before it, and nothing asks for a later start."
    )


def test_start_before_the_data_date_is_not_held_by_it() -> None:
    """By the rules of Microsoft Project unstarted work may lie in the past; the project begins it then."""
    project, task = example()
    Project.objects.filter(pk=project.pk).update(convention="MICROSOFT", data_date=date(2026, 3, 4))
    task["A"].project.refresh_from_db()

    assert sentence(task["A"]) == "Starts Mon 2 Mar 2026 with the project: nothing asks for a later start."


def test_own_constraint_is_named_with_its_day() -> None:
    """SCH-4: a finish-type date is the end of its day."""
    _project, task = example()
    edit(task["B"], constraint_type="SNET", constraint_date=moment(16, 0))
    edit(task["A"], constraint_type="FNET", constraint_date=moment(11, 0))

    assert sentence(task["B"]) == (
        "Starts Mon 16 Mar 2026 because of its constraint: Start no earlier than Mon 16 Mar 2026."
    )
    assert sentence(task["A"]) == (
        "Starts Tue 3 Mar 2026 because of its constraint: Finish no earlier than Tue 10 Mar 2026."
    )


def test_constraint_of_a_summary_above_is_named_with_the_summary() -> None:
    project, task = example()
    phase = factories.task(project, "Phase")
    tasks.move_task(actor=None, task=task["A"], parent=phase)
    Task.objects.filter(pk=phase.pk).update(constraint_type="SNET", constraint_date=moment(4, 0))
    edit(task["A"], duration=4 * DAY)

    assert sentence(task["A"]).endswith(
        "because of the constraint of 6 Phase: Start no earlier than Wed 4 Mar 2026."
    )
    assert sentence(phase) == "A summary: it starts with the earliest task below it and ends with the last."


def test_started_and_finished_work_says_what_happened() -> None:
    """SCH-21, SCH-24, SCH-26: what is left of B waits for A, which should have been finished first."""
    project, task = example()
    day = date(2026, 3, 5)
    progress.set_data_date(actor=None, project=project, data_date=day)
    for name, start, left in (("A", moment(2), 2), ("B", moment(5), 2), ("C", moment(4), 4)):
        progress.record_progress(
            actor=None,
            task=task[name],
            data_date=day,
            actual_start=start,
            remaining_duration=left * DAY,
            expected_version=None,
        )

    assert sentence(task["A"]) == (
        "Started Mon 2 Mar 2026. The work that is left goes on after the data date Thu 5 Mar 2026."
    )
    assert sentence(task["B"]) == (
        "Started Thu 5 Mar 2026. The work that is left waits for 1 A (FS), which finishes Tue 10 Mar 2026. "
        "Out of sequence: before it comes 1 A."
    )


def test_begun_work_that_its_finish_date_holds_says_so() -> None:
    """SCH-15: only the start part of a constraint is over once work has begun."""
    project, task = example()
    edit(task["A"], constraint_type="FNET", constraint_date=moment(14, 0))
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    progress.record_progress(
        actor=None,
        task=task["A"],
        data_date=date(2026, 3, 5),
        actual_start=moment(2),
        remaining_duration=2 * DAY,
        expected_version=None,
    )

    assert sentence(task["A"]) == (
        "Started Mon 2 Mar 2026. The work that is left keeps its constraint: "
        "Finish no earlier than Fri 13 Mar 2026."
    )


def test_as_late_as_possible_and_by_hand() -> None:
    _project, task = example()
    edit(task["E"], constraint_type="ALAP")
    edit(task["C"], is_manual=True, planned_start=moment(4))

    assert sentence(task["E"]).endswith("any later, and it would hold up what follows or miss a date.")
    assert sentence(task["C"]) == "Scheduled by hand: it keeps the dates that somebody gave it."


def test_dates_that_are_not_computed_have_no_reason() -> None:
    _project, task = example(is_auto=False)
    _other, computed = example()
    edit(computed["E"], is_active=False)

    assert reason(task["A"]) is None
    assert reason(computed["E"]) is None


def test_lag_is_written_as_planners_do() -> None:
    project = Project.objects.select_related("calendar").get(pk=factories.project().pk)

    def words(**facts: Any) -> str:
        with override("de"):
            return link_words(Link(type="FS", **facts), project=project)

    assert words() == "FS"
    assert words(lag=-720) == "FS − 1,5 T"
    assert words(lag=2880, lag_kind="ELAPSED") == "FS + 2 T nach der Uhr"
    assert words(lag_percent=Decimal("50.00")) == "FS + 50 %"


def test_page_and_endpoint_say_the_reason_to_people_who_see_tasks() -> None:
    """SEC-10: who sees milestones only does not learn the names of tasks."""
    project, task = example()
    page, endpoint = f"/projects/{project.code}/plan/", f"/api/v1/projects/{project.code}/tasks/"
    alice, emma = factories.manager_of(project), factories.user("Emma")
    factories.grant(emma, Role.EXECUTIVE, project.node)
    client = Client()

    client.force_login(alice)
    text = client.get(f"{page}{task['F'].uid}/").content.decode()
    assert "Starts Wed 18 Mar 2026 because 4 D (FS) finishes Wed 18 Mar 2026." in text
    assert client.get(f"{endpoint}{task['F'].uid}/").json()["why"] == {
        "driver": "LINK",
        "link": Link.objects.get(predecessor=task["D"], successor=task["F"]).pk,
        "sentence": "Starts Wed 18 Mar 2026 because 4 D (FS) finishes Wed 18 Mar 2026.",
    }

    client.force_login(emma)
    assert "4 D" not in client.get(f"{page}{task['F'].uid}/").content.decode()
    assert client.get(f"{endpoint}{task['F'].uid}/").json()["why"] is None
