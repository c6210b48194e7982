"""How far a roll-up is."""

from dataclasses import dataclass
from datetime import date

from pmo_portal.common.models import Job
from portfolio.choices import RunState
from portfolio.models import RollupRun


@dataclass(frozen=True)
class RunProgress:
    """The newest run up to a day; ``percent`` only while it runs."""

    pk: int
    as_of: date
    state: str
    percent: int | None
    failed: int

    @property
    def is_running(self) -> bool:
        """Whether workers still compute."""
        return self.state == RunState.RUNNING


def run_progress(day: date) -> RunProgress | None:
    """Return the newest run up to a day; None before the first. Two queries while it runs, else one."""
    run = RollupRun.objects.filter(as_of__lte=day).order_by("-as_of", "-pk").first()
    if run is None:
        return None
    percent = None
    if run.state == RunState.RUNNING:
        waiting = Job.objects.filter(group=run.job_group).unfinished().count()
        parts = run.chunks_total + 1
        percent = 100 * max(0, parts - max(waiting, 1)) // parts
    return RunProgress(run.pk, run.as_of, run.state, percent, run.projects_failed)
