"""A large plan in the middle of its work: owners, two baselines, two reports of progress, late work."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.large_plan import plan_document, write_plan

WEEKS_BEFORE = 4
LONGER = 480 * 2
SUNDAY_TASK = 363


def monday_of(today: date) -> date:
    """Return the Monday of this week."""
    return today - timedelta(days=today.weekday())


def run_plan(code: str, tasks: int, *, manager: str, team: Sequence[str], today: date) -> None:
    """
    Write a plan that began four weeks before this one, for a manager and a team; again does nothing.

    Its calendar knows no holidays, so every day of it lies equally far from Monday whenever it is made.
    The packages go round in the team. What ends in 0 nobody reported, what ends in 5 is still in work.
    """
    from projects.models import Project

    if Project.objects.filter(code=code).exists():
        return
    start = monday_of(today) - timedelta(weeks=WEEKS_BEFORE)
    document = _without_holidays(plan_document(tasks, start=start), sunday=start + timedelta(days=34))
    project = write_plan(code, document, manager=manager)
    _share_out(project, team)
    _freeze(project, "Kick-off", start)
    _report(project, start + timedelta(days=13))
    _lengthen(project)
    _freeze(project, "More tests", start + timedelta(days=14))
    _report(project, start + timedelta(days=27))


def _without_holidays(document: Any, *, sunday: date) -> Any:
    """Give the plan weeks without holidays, and a task on this Sunday: something of a week is yet to come."""
    from projects.interchange.document import Calendar, Interval, Weekdays
    from projects.interchange.vocabulary import Constraint, Convention

    day = (Interval(480, 720), Interval(780, 1020))
    calendars = (
        Calendar(1, "No holidays", weekdays=Weekdays(day, day, day, day, day, (), ())),
        Calendar(2, "Every day", weekdays=Weekdays(day, day, day, day, day, day, day)),
    )
    morning = datetime.combine(sunday, datetime.min.time()).replace(hour=8)
    held = {"calendar_uid": 2, "constraint": Constraint.SNET, "constraint_date": morning, "duration": 480.0}
    tasks = tuple(replace(task, **held) if task.uid == SUNDAY_TASK else task for task in document.tasks)
    options = replace(document.options, default_calendar_uid=1, convention=Convention.PORTAL)
    return replace(document, options=options, calendars=calendars, tasks=tasks)


def _share_out(project: Any, team: Sequence[str]) -> None:
    """Let each package belong to the next of the team."""
    from pmo_portal.accounts.choices import Role
    from pmo_portal.accounts.models import Person, RoleGrant
    from projects.models import Task

    people = {person.email: person for person in Person.objects.filter(email__in=team)}
    for number, email in enumerate(team):
        RoleGrant.objects.get_or_create(user=people[email].user, role=Role.TEAM_MEMBER, node=project.node)
        packages = list(project.tasks.leaves().values_list("parent__uid", flat=True).distinct())
        own = sorted(packages)[number :: len(team)]
        Task.objects.filter(project=project, parent__uid__in=own).leaves().update(owner=people[email])


def _freeze(project: Any, name: str, day: date) -> None:
    from projects.services.baselines import set_baseline

    project.refresh_from_db()
    set_baseline(actor=None, project=project, effective_from=day, name=name, reason="Agreed with the board.")


def _lengthen(project: Any) -> None:
    """Let every test that nobody began take two days more."""
    from projects.models import Task
    from projects.services.schedules import settle_plan

    tests = Task.objects.filter(project=project, name__startswith="Test ", actual_start=None).leaves()
    for task in tests:
        task.duration += LONGER
    Task.objects.bulk_update(tests, ["duration"])
    project.refresh_from_db()
    settle_plan(project)


def _report(project: Any, day: date) -> None:
    from projects.engine.instants import end_of_day
    from projects.models import Task
    from projects.selectors.plan_dates import to_moment
    from projects.services.progress import record_progress_of_many, set_data_date
    from projects.services.progress_rules import ProgressDraft
    from projects.services.reports import publish_status
    from projects.services.schedule_quality import check_plan

    known = to_moment(end_of_day(day))
    due = Task.objects.filter(project=project, actual_finish=None, planned_start__lt=known).leaves()
    drafts = []
    for task in due.exclude(uid__endswith=0).order_by("uid"):
        is_done = task.uid % 10 != 5 and task.planned_finish <= known
        began = task.actual_start or task.planned_start
        drafts.append(
            ProgressDraft(task, began, task.planned_finish)
            if is_done
            else ProgressDraft(task, began, remaining_duration=480)
        )
    project.refresh_from_db()
    set_data_date(actor=None, project=project, data_date=day)
    project.refresh_from_db()
    record_progress_of_many(actor=None, project=project, data_date=day, drafts=drafts)
    project.refresh_from_db()
    check_plan(actor=None, project=project, as_of=day)
    project.refresh_from_db()
    published = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    publish_status(actor=None, project=project, period_end=day, published_at=published, source="plan.xml")
