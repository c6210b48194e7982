"""Jobs of the portfolio: the clock, never rules."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.jobs import RunningJob, job
from pmo_portal.common.schedule import database_now, schedule_daily
from portfolio.services import (
    adoption,
    assessment_reminders,
    components,
    course_content,
    document_templates,
    gate_watch,
    help_requests,
    lesson_offers,
    library_content,
    library_upkeep,
    methodologies,
    project_templates,
    retention,
    rollups,
    table_imports,
    tiers,
    training_upkeep,
    waiver_watch,
    waivers,
)
from projects.services import dependencies


def _today() -> date:
    """Return the organization's date by the clock of the database."""
    return database_now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@job("portfolio.nightly_rollup", title=_("Nightly roll-up"))
def nightly_rollup(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Order the roll-up of a day."""
    with job.effect() as result:
        result["run"] = rollups.start_rollup(actor=None, as_of=date.fromisoformat(period)).pk


@job("portfolio.roll_up_day", title=_("Roll up a day"))
def roll_up_day(*, job: RunningJob, day: str, **_ignored: Any) -> None:
    """Order the roll-up of a day whose facts changed."""
    with job.effect() as result:
        result["run"] = rollups.start_rollup(actor=None, as_of=date.fromisoformat(day)).pk


@job("portfolio.rate_chunk", title=_("Rate projects"))
def rate_chunk(*, job: RunningJob, run_id: int, project_ids: Sequence[int], **_ignored: Any) -> None:
    """Rate the projects of one part of a roll-up."""
    chunk = rollups.judge_chunk(run_id=run_id, project_ids=project_ids)
    with job.effect() as result:
        result.update(asdict(rollups.keep_chunk(run_id=run_id, job_id=job.id, chunk=chunk)))


@job("portfolio.finish_rollup", title=_("Add up a roll-up"))
def finish_rollup(*, job: RunningJob, run_id: int, **_ignored: Any) -> None:
    """Add up the groups and end the run."""
    with job.effect() as result:
        result.update(asdict(rollups.finish_rollup(run_id=run_id)))


@job("portfolio.refresh_health", title=_("Refresh the health of a project"))
def refresh_health(*, job: RunningJob, project_id: int, **_ignored: Any) -> None:
    """Rate one project for today, and tell those that wait for its milestones what moved."""
    today = _today()
    chunk = rollups.judge_project(project_id=project_id, as_of=today, guard=job.step)
    with job.effect() as result:
        result["told"] = dependencies.tell_moved(project_id=project_id, today=today)
        result.update(asdict(rollups.keep_refreshed(as_of=today, chunk=chunk)))


@job("portfolio.aggregate_groups", title=_("Add up portfolios"))
def aggregate_groups(*, job: RunningJob, as_of: str, **_ignored: Any) -> None:
    """Add up all groups of a date."""
    with job.effect() as result:
        result["written"] = rollups.refresh_groups(as_of=date.fromisoformat(as_of))


@job("portfolio.refresh_sums", title=_("Add up portfolios of today"))
def refresh_sums(*, job: RunningJob, **_ignored: Any) -> None:
    """Add up all groups of today, such as at new exchange rates."""
    today = _today()
    with job.effect() as result:
        result["written"] = rollups.refresh_groups(as_of=today)


@job("portfolio.measure_adoption", title=_("Measure adoption"))
def measure_adoption(*, job: RunningJob, as_of: str, **_ignored: Any) -> None:
    """Count how far the projects of a rolled-up day use what the PMO offers."""
    with job.effect() as result:
        result["measured"] = adoption.measure_adoption(as_of=date.fromisoformat(as_of))


@job("portfolio.adopt_projects", title=_("Bring projects into their portfolios"))
def adopt_projects(*, job: RunningJob, **_ignored: Any) -> None:
    """Bring the components in line with the tree of scopes."""
    with job.effect() as result:
        result["changed"] = components.adopt_projects()


@job("portfolio.keep_methodologies", title=_("Bring published methodologies into force"))
def keep_methodologies(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Bring due versions and tiers into force; an installation without versions gets those of the portal."""
    today = date.fromisoformat(period)
    with job.effect() as result:
        result.update(asdict(methodologies.keep_methodologies(today=today)))
        result["changed_tiers"] = tiers.keep_tiers(today=today)


@job("portfolio.keep_templates", title=_("Load the project templates of the portal"))
def keep_templates(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Bring the shipped templates into an installation without any."""
    with job.effect() as result:
        day = datetime.combine(date.fromisoformat(period), time(), tzinfo=UTC)
        result["loaded"] = project_templates.keep_templates(now=day)


@job("portfolio.keep_documents", title=_("Load the document templates of the portal"))
def keep_documents(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Bring the shipped document templates in where there is none."""
    with job.effect() as result:
        result["loaded"] = document_templates.keep_documents(today=date.fromisoformat(period))


schedule_daily("portfolio.keep_documents", at=time(0, 25))
schedule_daily("portfolio.keep_templates", at=time(0, 20))


@job("portfolio.expire_waivers", title=_("Look after waivers"))
def expire_waivers(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Let waivers expire whose last day is over, and alert the PMO where too much is waived."""
    today = date.fromisoformat(period)
    with job.effect() as result:
        result["expired"] = waivers.expire_waivers(today=today)
        result["ending"] = waiver_watch.remind_of_ends(today=today)
        result["above_limit"] = waiver_watch.watch_waivers(today=today)


@job("portfolio.watch_gates", title=_("Look after gates"))
def watch_gates(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Remind of gates that come or are overdue, of late conditions, of holds that have ended."""
    with job.effect() as result:
        result.update(asdict(gate_watch.watch_gates(today=date.fromisoformat(period))))


schedule_daily("portfolio.watch_gates", at=time(6, 20))
schedule_daily("portfolio.expire_waivers", at=time(6, 0))
schedule_daily("portfolio.keep_methodologies", at=time(0, 15))
schedule_daily("portfolio.nightly_rollup", at=time(2, 0))
schedule_daily("portfolio.prune_figures", at=time(3, 0))


@job("portfolio.read_table_import", title=_("Read a table of projects"))
def read_table_import(*, job: RunningJob, import_id: int, **_ignored: Any) -> None:
    """Read the uploaded table."""
    table_imports.read_import(import_id, job=job)


@job("portfolio.preview_table_import", title=_("Preview a table of projects"))
def preview_table_import(*, job: RunningJob, import_id: int, **_ignored: Any) -> None:
    """Work out what the import would do."""
    table_imports.preview_import(import_id, job=job)


@job("portfolio.write_table_import", title=_("Import a table of projects"))
def write_table_import(*, job: RunningJob, import_id: int, **_ignored: Any) -> None:
    """Write the rows of a confirmed import."""
    table_imports.write_import(import_id, job=job, now=timezone.now())


@job("portfolio.prune_figures", title=_("Let go of old daily figures"))
def prune_figures(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Keep daily figures for 90 days, month ends and closes for ever."""
    with job.effect() as result:
        result.update(asdict(retention.prune_figures(today=date.fromisoformat(period))))


@job("portfolio.review_library", title=_("Look after the library"))
def review_library(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Fill an empty library with the starter content; mark items that are due for review, remind owners."""
    today = date.fromisoformat(period)
    with job.effect() as result:
        result["loaded"] = library_content.keep_library(today=today)
        result.update(asdict(library_upkeep.review_library(today=today)))


schedule_daily("portfolio.review_library", at=time(6, 0))


@job("portfolio.remind_of_assessments", title=_("Remind of assessments"))
def remind_of_assessments(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Remind respondents who are late, and PMO heads of the yearly repetition."""
    with job.effect() as result:
        result.update(asdict(assessment_reminders.remind_of_assessments(today=date.fromisoformat(period))))


schedule_daily("portfolio.remind_of_assessments", at=time(6, 30))


@job("portfolio.chase_help", title=_("Remind of requests for help"))
def chase_help(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Remind of requests that are late, and escalate them."""
    with job.effect() as result:
        result.update(asdict(help_requests.chase_help(today=date.fromisoformat(period))))


schedule_daily("portfolio.chase_help", at=time(7, 0))


@job("portfolio.keep_training", title=_("Look after training"))
def keep_training(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Assign required courses, let certificates expire, remind people."""
    today = date.fromisoformat(period)
    with job.effect() as result:
        result["loaded"] = course_content.keep_courses(today=today)
        result.update(asdict(training_upkeep.keep_training(today=today)))


schedule_daily("portfolio.keep_training", at=time(6, 10))


@job("portfolio.offer_lessons", title=_("Offer lessons to projects"))
def offer_lessons(*, job: RunningJob, period: str, **_ignored: Any) -> None:
    """Offer published lessons to the projects they fit."""
    with job.effect() as result:
        result.update(asdict(lesson_offers.offer_daily(today=date.fromisoformat(period))))


schedule_daily("portfolio.offer_lessons", at=time(6, 20))
