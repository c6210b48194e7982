"""Tell the story of one invented project, month by month, through the services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from pmo_portal.accounts.choices import Role
from portfolio.choices import GateDecision
from portfolio.services.components import create_project
from portfolio.services.demo.after_close import RECOVERED, tell_since_close
from portfolio.services.demo.cast import Cast
from portfolio.services.demo.catalogue import Story
from portfolio.services.demo.course import Course, draft_of, standing
from portfolio.services.demo.ledger import Ledger, commit, estimate, open_ledger, post_month
from portfolio.services.demo.lessons import learn_at_close
from portfolio.services.demo.months import DAY, Ruler, first_of_month, last_close, month_end
from portfolio.services.demo.plans import Step, invent_plan
from portfolio.services.demo.statements import SKIPPED, Situation, report_month
from portfolio.services.demo.stops import stop_at_gate
from projects.choices import ProjectState as S
from projects.choices import TaskKind
from projects.models import Project, Task
from projects.selectors.calendars import working_time
from projects.services.baselines import set_baseline
from projects.services.links import LinkDraft, add_links
from projects.services.members import add_member
from projects.services.progress import record_progress_of_many, set_data_date
from projects.services.progress_rules import ProgressDraft
from projects.services.states import change_state
from projects.services.tasks import create_tasks, replan_tasks

DAYS_A_MONTH = 20.7
REPLANNED_FROM = 4
PAUSED = {S.ON_HOLD: 2, S.CANCELED: 4}
UNSTARTED = frozenset({S.PROPOSED, S.APPROVED})
STARTING = frozenset({S.INITIATING, S.PLANNING})
BEFORE = {
    S.EXECUTING: S.PLANNING,
    S.CLOSING: S.EXECUTING,
    S.CLOSED: S.EXECUTING,
    S.ON_HOLD: S.EXECUTING,
    S.CANCELED: S.EXECUTING,
    S.PLANNING: S.INITIATING,
    S.INITIATING: S.APPROVED,
    S.APPROVED: S.PROPOSED,
}


STOPS: dict[str, tuple[GateDecision, str]] = {
    S.ON_HOLD: (GateDecision.HOLD, "The budget is frozen until the regulator has decided."),
    S.CANCELED: (GateDecision.KILL, "The business case does not hold any more."),
}
ROLES_IN_ORDER = (Role.SPONSOR, Role.PROJECT_MANAGER, Role.TEAM_MEMBER)


@dataclass
class Telling:
    """A project while its story is told."""

    cast: Cast
    story: Story
    as_of: date
    rng: Random
    project: Project
    ruler: Ruler
    course: Course
    steps: tuple[Step, ...]
    tasks: dict[str, Task]
    manager: str
    ledger: Ledger | None = None
    shown_delay: int = 0
    recorded: set[str] = field(default_factory=set)

    @property
    def length(self) -> int:
        """Planned working days."""
        return max(step.finish for step in self.steps)


def tell_story(
    story: Story, *, cast: Cast, as_of: date, rng: Random, number: int, rows: int, suffix: str = ""
) -> Project:
    """
    Return the project of a story with all its history up to ``as_of``.

    Parameters
    ----------
    number : int
        Place in the demo; chooses the people, 0 those of the sign-in page.
    rows : int
        Rows of its plan.
    suffix : str
        Added to the name when a story is told more than once.
    """
    start = first_of_month(last_close(as_of), months=1 - story.begun)
    told = _open_project(
        story, cast=cast, as_of=as_of, rng=rng, number=number, rows=rows, suffix=suffix, start=start
    )
    told.ledger = open_ledger(
        cast=cast,
        project=told.project,
        steps=told.steps,
        tasks=told.tasks,
        budget=story.budget,
        kind=story.kind,
        day=start,
    )
    if story.state in UNSTARTED | STARTING:
        _prepare(told, start)
    else:
        _carry_out(told, start)
    tell_since_close(since=story.since, cast=cast, project=told.project, ledger=_ledger(told), as_of=as_of)
    told.project.refresh_from_db()
    return told.project


def _open_project(
    story: Story,
    *,
    cast: Cast,
    as_of: date,
    rng: Random,
    number: int,
    rows: int,
    suffix: str,
    start: date,
) -> Telling:
    calendar = cast.calendars["field" if story.kind == "build" else "office"]
    ruler = Ruler.from_day(working_time(calendar), start)
    steps = invent_plan(rng, kind=story.kind, rows=rows, days=round(story.months * DAYS_A_MONTH))
    program = cast.programs.get(story.home)
    portfolio = program.portfolio if program else cast.portfolios[story.home]
    manager, sponsor = cast.manager(number), cast.sponsor(number)
    project = create_project(
        actor=cast.pmo,
        name=f"{story.name}{suffix}",
        code=f"NWU-{number + 1:03d}",
        portfolio=portfolio,
        program=program,
        description=f"{portfolio.description} This project: {story.name.lower()}{suffix}.",
        is_confidential="confidential" in story.marks,
        is_flagship="flagship" in story.marks,
        org_unit=cast.people[manager].org_unit,
        category=story.kind.capitalize(),
        tier=story.tier,
        calendar=calendar,
        planned_start=ruler.day(0),
        planned_finish=ruler.finish(max(step.finish for step in steps)).date(),
        state=BEFORE.get(S(story.state), S(story.state)),
        state_since=start,
    )
    team = cast.team(number, 3)
    _add_team(cast, project, (sponsor, manager, *team), since=start, today=as_of)
    course = Course(story.pace, story.later_pace or story.pace, ruler.length_until(_turn(story, start)))
    return Telling(
        cast=cast,
        story=story,
        as_of=as_of,
        rng=rng,
        project=project,
        ruler=ruler,
        course=course,
        steps=steps,
        tasks=_write_plan(cast, project, steps, ruler, manager, team),
        manager=manager,
    )


def _turn(story: Story, start: date) -> date:
    return first_of_month(start, months=story.turn or story.months * 3)


def _add_team(cast: Cast, project: Project, mailboxes: Sequence[str], *, since: date, today: date) -> None:
    """Give sponsor, manager and team their roles from the start of the project, or from now."""
    begin = min(since, today)
    for number, mailbox in enumerate(mailboxes):
        role = ROLES_IN_ORDER[min(number, 2)]
        user = cast.users[mailbox]
        add_member(actor=None, project=project, user=user, role=role, today=today, valid_from=begin)


def _write_plan(
    cast: Cast,
    project: Project,
    steps: Sequence[Step],
    ruler: Ruler,
    manager: str,
    team: Sequence[str],
) -> dict[str, Task]:
    """Write rows and links; everything has an owner."""
    drafts = []
    for number, step in enumerate(steps):
        draft: dict[str, Any] = {"key": step.key, "name": step.name, "kind": step.kind}
        if step.parent:
            draft["parent_key"] = step.parent
        if step.kind == TaskKind.TASK:
            draft["planned_start"] = ruler.start(step.start)
            draft["duration"] = step.length * DAY
            draft["owner"] = cast.people[team[number % len(team)]]
        elif step.kind != TaskKind.SUMMARY:
            draft["planned_finish"] = ruler.finish(step.finish)
            draft["is_key_milestone"] = True
            draft["owner"] = cast.people[manager]
        drafts.append(draft)
    tasks: dict[str, Task] = create_tasks(actor=cast.users[manager], project=project, drafts=drafts)
    links = [LinkDraft(tasks[key], tasks[step.key]) for step in steps for key in step.after]
    add_links(actor=cast.users[manager], project=project, drafts=links)
    return tasks


def _prepare(told: Telling, start: date) -> None:
    """A project that is not carried out yet: an estimate, and its state."""
    story, close = told.story, last_close(told.as_of)
    if story.state in STARTING:
        set_data_date(actor=told.cast.users[told.manager], project=told.project, data_date=close)
        ledger = _ledger(told)
        estimate(
            cast=told.cast,
            project=told.project,
            ledger=ledger,
            cpi=told.rng.uniform(0.94, 1.0),
            day=close,
        )
    if story.state != S.PROPOSED:
        _change_state(told, story.state, min(start, close))


def _carry_out(told: Telling, start: date) -> None:
    """Months of progress, cost and reports, from the baseline to the last month end."""
    story, cast = told.story, told.cast
    if story.state not in {S.CLOSING, S.CLOSED, S.ON_HOLD, S.CANCELED}:
        _change_state(told, S.EXECUTING, start)
    if "no baseline" not in story.marks:
        set_baseline(
            actor=cast.pmo, project=told.project, effective_from=start, name="Approved with the business case"
        )
    newest = month_end(last_close(told.as_of), months=-PAUSED.get(S(story.state), 0))
    months = [month_end(start, months=number) for number in range(story.begun + 1)]
    closes = [close for close in months if close <= newest]
    ended = next((close for close in closes if _is_done(told, close)), None)
    share = min(told.course.reached(told.ruler.elapsed(newest)) / told.length, 1.0)
    commit(
        cast=cast, project=told.project, ledger=_ledger(told), rng=told.rng, day=closes[0], share_done=share
    )
    for number, close in enumerate(closes, start=1):
        if ended is None or close <= ended:
            _tell_month(told, close, number=number, is_last=close in {ended, newest})
    _end(told, ended or newest)


def _tell_month(told: Telling, close: date, *, number: int, is_last: bool) -> None:
    """Data date, progress, new dates, cost and report of one month."""
    story, user = told.story, told.cast.users[told.manager]
    elapsed = told.ruler.elapsed(close)
    set_data_date(actor=user, project=told.project, data_date=close)
    _replan(told, elapsed)
    physical = _record(told, close, elapsed)
    reached = min(told.course.reached(elapsed), told.length)
    ledger = _ledger(told)
    gains = ledger.earn(physical)
    cpi = 1 + (story.cpi - 1) * min(1.0, 0.4 + 0.7 * reached / told.length) + told.rng.uniform(-0.008, 0.008)
    money: dict[str, Any] = {
        "cast": told.cast,
        "project": told.project,
        "ledger": ledger,
        "cpi": cpi,
    }
    post_month(**money, gains=gains, close=close)
    if number % 3 == 0 or is_last:
        estimate(**money, day=close)
    if "rebaselined" in story.marks and number == story.turn:
        set_baseline(
            actor=told.cast.pmo,
            project=told.project,
            effective_from=close + timedelta(days=1),
            name="New plan after review",
            reason="The steering committee accepted the later date after the review of the supplier.",
        )
    if close <= month_end(last_close(told.as_of), months=-SKIPPED[story.reports]):
        behind = told.course.lateness(elapsed)
        report_month(
            project=told.project,
            manager=user,
            rng=told.rng,
            situation=Situation(100 * behind / told.length, reached / max(min(elapsed, told.length), 1), cpi),
            close=close,
            as_of=told.as_of,
            habit=story.reports,
            marks=_marks(story, is_last=is_last),
        )


def _marks(story: Story, *, is_last: bool) -> frozenset[str]:
    """Return the marks of a month: who recovered sees the last month as it is."""
    return story.marks - {"pessimistic"} if is_last and story.since == RECOVERED else story.marks


def _replan(told: Telling, elapsed: int) -> None:
    """Move what has not started once the delay is worth it; the former dates stay in the entries."""
    delay = told.course.lateness(elapsed)
    if abs(delay - told.shown_delay) < REPLANNED_FROM:
        return
    waiting = [step for step in _leaves(told) if standing(step, told.course, elapsed).state == "waiting"]
    starts = {
        told.tasks[step.key].pk: (
            told.ruler.start(step.start + delay)
            if step.is_work
            else told.ruler.finish(max(step.finish + delay, 1))
        )
        for step in waiting
    }
    if starts:
        replan_tasks(actor=told.cast.users[told.manager], project=told.project, starts=starts)
    told.shown_delay = delay
    told.recorded -= {step.key for step in waiting}


def _record(told: Telling, close: date, elapsed: int) -> Mapping[str, Decimal]:
    """Record what moved; return percent physical by step."""
    drafts: list[ProgressDraft] = []
    physical: dict[str, Decimal] = {}
    for step in _leaves(told):
        now = standing(step, told.course, elapsed)
        draft = draft_of(step, told.tasks[step.key], told.course, elapsed, told.ruler)
        physical[step.key] = draft.percent_physical or now.physical
        if step.key in told.recorded and now.state == "waiting":
            continue
        if f"{step.key} done" in told.recorded:
            continue
        drafts.append(draft)
        told.recorded.add(f"{step.key} done" if now.state == "done" else step.key)
    if drafts:
        record_progress_of_many(
            actor=told.cast.users[told.manager], project=told.project, data_date=close, drafts=drafts
        )
    return physical


def _end(told: Telling, newest: date) -> None:
    """Bring the project into the state it has today."""
    state = told.story.state
    after = newest + timedelta(days=10)
    if state in {S.CLOSING, S.CLOSED}:
        _change_state(told, S.CLOSING, min(newest + timedelta(days=1), told.as_of))
        if state == S.CLOSED:
            day, manager = min(after, told.as_of), told.cast.users[told.manager]
            learn_at_close(manager=manager, project=told.project, kind=told.story.kind, day=day)
            _change_state(told, S.CLOSED, day)
    elif state in STOPS:
        _stop(told, after)


def _stop(told: Telling, day: date) -> None:
    """Let a gate hold or kill the project; where none could, the PMO does."""
    decision, reason = STOPS[S(told.story.state)]
    if not stop_at_gate(told.cast, told.project, decision=decision, day=day, as_of=told.as_of, reason=reason):
        _change_state(told, told.story.state, day, reason=reason)


def _change_state(told: Telling, state: str, day: date, *, reason: str = "") -> None:
    change_state(actor=told.cast.pmo, project=told.project, state=state, today=day, reason=reason)


def _is_done(told: Telling, close: date) -> bool:
    return told.course.reached(told.ruler.elapsed(close)) >= told.length


def _leaves(told: Telling) -> list[Step]:
    return [step for step in told.steps if step.kind != TaskKind.SUMMARY]


def _ledger(told: Telling) -> Ledger:
    assert told.ledger is not None
    return told.ledger
