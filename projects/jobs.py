"""Jobs of projects: the clock, never rules."""

from datetime import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.jobs import RunningJob, job
from pmo_portal.common.schedule import schedule_daily
from projects.selectors.projects import open_project
from projects.services import dependencies, import_work, schedule_quality, schedules


@job("projects.read_schedule_import", title=_("Read a schedule"), tells_owner=False)
def read_schedule_import(*, job: RunningJob, import_id: int, **_ignored: Any) -> None:
    """Read an uploaded schedule."""
    import_work.read_uploaded(job=job, import_id=import_id)


@job("projects.write_schedule_import", title=_("Import a schedule"), tells_owner=False)
def write_schedule_import(*, job: RunningJob, import_id: int, **_ignored: Any) -> None:
    """Write the projects of a confirmed schedule."""
    import_work.write_confirmed(job=job, import_id=import_id, today=timezone.localdate())


@job("projects.reschedule_project", title=_("Compute the dates of a project"), tells_owner=False)
def reschedule_project(*, job: RunningJob, project_id: int, **_ignored: Any) -> None:
    """Date a plan anew after a calendar it counts with has changed; a closed one stays as it is."""
    project = open_project(project_id)
    with job.effect() as result:
        effect = project and schedules.reschedule(actor=None, project=project)
        result["moved"] = len(effect.moves) if effect else 0


@job("projects.check_plan", title=_("Check a plan"))
def check_plan(*, job: RunningJob, project_id: int, **_ignored: Any) -> None:
    """Check how well a plan is built."""
    today = timezone.localdate()
    changed = schedule_quality.check_plan_safely(project_id=project_id, as_of=today, guard=job.step)
    with job.effect() as result:
        result["changed"] = changed


@job("projects.order_missing_checks", title=_("Find plans to be checked"))
def order_missing_checks(*, job: RunningJob, **_ignored: Any) -> None:
    """Order the checks of plans that have none."""
    with job.effect() as result:
        result["ordered"] = schedule_quality.order_missing_checks()


@job("projects.tell_moved_milestones", title=_("Tell projects of moved milestones they wait for"))
def tell_moved_milestones(*, job: RunningJob, **_ignored: Any) -> None:
    """Tell what moved in loads that touched many projects at once."""
    with job.effect() as result:
        result["told"] = dependencies.tell_all_moved(today=timezone.localdate())


schedule_daily("projects.order_missing_checks", at=time(1, 30))
schedule_daily("projects.tell_moved_milestones", at=time(1, 45))
