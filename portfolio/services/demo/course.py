"""How invented work advances: which planned day is reached when, and what that makes of each step."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from portfolio.services.demo.months import DAY, Ruler
from portfolio.services.demo.plans import Step
from projects.choices import TaskKind
from projects.models import Task
from projects.services.progress_rules import ProgressDraft


@dataclass(frozen=True)
class Course:
    """Planned days reached per working day: ``pace`` for the first ``turn`` working days, then ``later``."""

    pace: float
    later: float
    turn: float

    def reached(self, elapsed: float) -> float:
        """Return the planned day reached after ``elapsed`` working days."""
        first = min(elapsed, self.turn)
        return first * self.pace + max(elapsed - self.turn, 0) * self.later

    def when(self, planned: float) -> float:
        """Return the working days after which a planned day is reached."""
        at_turn = self.turn * self.pace
        return planned / self.pace if planned <= at_turn else self.turn + (planned - at_turn) / self.later

    def lateness(self, elapsed: float) -> int:
        """Return the working days the work is behind its plan, rounded."""
        return round(elapsed - self.reached(elapsed))


@dataclass(frozen=True)
class Standing:
    """
    Where a step stands after ``elapsed`` working days.

    ``share`` is the part done (0 to 1); ``state`` one of "waiting", "running", "done".
    """

    state: str
    share: float

    @property
    def physical(self) -> Decimal:
        """Percent, in whole percents."""
        return Decimal(round(self.share * 100))


def standing(step: Step, course: Course, elapsed: float) -> Standing:
    """Return where a step stands after ``elapsed`` working days."""
    reached = course.reached(elapsed)
    if reached >= step.finish - 1e-9:
        return Standing("done", 1.0)
    if reached <= step.start or ceil(course.when(step.start)) >= elapsed:
        return Standing("waiting", 0.0)
    return Standing("running", max((reached - step.start) / step.length, 0.01))


def draft_of(step: Step, task: Task, course: Course, elapsed: int, ruler: Ruler) -> ProgressDraft:
    """Return what the project manager says of a step after ``elapsed`` working days."""
    now = standing(step, course, elapsed)
    if now.state == "waiting":
        return ProgressDraft(task=task)
    # The day after what comes before has ended, which takes its last day whole.
    begun = min(ceil(course.when(step.start)), elapsed - 1)
    if now.state == "done":
        ended = ruler.finish(max(min(ceil(course.when(step.finish)), elapsed), 1))
        if step.kind != TaskKind.TASK:
            return ProgressDraft(task=task, actual_start=ended, actual_finish=ended)
        return ProgressDraft(task=task, actual_start=ruler.start(max(begun, 0)), actual_finish=ended)
    left = max(ceil(step.finish - course.reached(elapsed)), 1) * DAY
    return ProgressDraft(
        task=task,
        actual_start=ruler.start(max(begun, 0)),
        remaining_duration=left,
        percent_physical=min(now.physical, Decimal(99)),
    )
