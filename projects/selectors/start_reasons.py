"""Why a task is where it is: what set its start when the dates were computed, as one sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from projects.choices import ConstraintType, LinkType, StartDriver, TaskKind, TimeKind
from projects.engine.instants import end_of_day, start_of_day
from projects.engine.scheduling.reasons import DateRule, binding_rule, skipped_days
from projects.engine.working_time import WorkingTime
from projects.models import Link, Project, Task
from projects.selectors.calendars import working_time
from projects.selectors.dependencies import dependency_rows
from projects.selectors.plan_dates import shown_constraint, shown_finish, shown_start, to_instant

MINUTES_PER_DAY = 1440
NAMED_DAYS = 3
OF_START = frozenset({ConstraintType.SNET, ConstraintType.SNLT, ConstraintType.MSO})
UNSTARTED: Mapping[str, str | Promise] = {
    LinkType.FS: _("Starts %(start)s because %(other)s (%(link)s) finishes %(day)s."),
    LinkType.SS: _("Starts %(start)s because %(other)s (%(link)s) starts %(day)s."),
    LinkType.FF: _(
        "Starts %(start)s so that it does not finish too early: %(other)s (%(link)s) finishes %(day)s."
    ),
    LinkType.SF: _(
        "Starts %(start)s so that it does not finish too early: %(other)s (%(link)s) starts %(day)s."
    ),
}
BEGUN: Mapping[str, str | Promise] = {
    LinkType.FS: _(
        "Started %(start)s. The work that is left waits for %(other)s (%(link)s), which finishes %(day)s."
    ),
    LinkType.SS: _(
        "Started %(start)s. The work that is left waits for %(other)s (%(link)s), which starts %(day)s."
    ),
    LinkType.FF: _(
        "Started %(start)s. The work that is left does not end too early: %(other)s (%(link)s) finishes "
        "%(day)s."
    ),
    LinkType.SF: _(
        "Started %(start)s. The work that is left does not end too early: %(other)s (%(link)s) starts "
        "%(day)s."
    ),
}


@dataclass(frozen=True)
class StartReason:
    """What set the start of a task (`StartDriver`, empty for summaries), the link that did, and why."""

    driver: str
    link: int | None
    sentence: str


def start_reason(task: Task, *, links: Sequence[Link], user: Any) -> StartReason | None:
    """
    Return why a task starts when it does, and what should have come first (SCH-26).

    None while its dates are not computed.

    Up to eight queries, for the calendar and constraints of summaries; more where another project's milestone
    is the reason. Project and calendar must be loaded.

    Parameters
    ----------
    links : sequence of Link
        Those into the task, their predecessors loaded.
    user : User
        Who asks: other projects are named to those who may see them.
    """
    if not task.project.is_auto_scheduled or not task.is_active:
        return None
    found = _driver_reason(task, links=links, user=user)
    broken = [str(link.predecessor) for link in links if link.is_out_of_sequence]
    if found is None or not broken:
        return found
    said = gettext("Out of sequence: before it comes %(names)s.") % {"names": ", ".join(broken)}
    return replace(found, sentence=f"{found.sentence} {said}")


def _driver_reason(task: Task, *, links: Sequence[Link], user: Any) -> StartReason | None:
    """Return what set the start of an active task whose dates are computed."""
    if task.kind == TaskKind.SUMMARY:
        text = gettext("A summary: it starts with the earliest task below it and ends with the last.")
        return StartReason("", None, text) if task.planned_start else None
    if not task.start_driver or task.planned_start is None or task.planned_finish is None:
        return None
    if task.kind == TaskKind.LEVEL_OF_EFFORT and task.actual_start is None:
        text = gettext("Level of effort: it lasts as long as the work it accompanies.")
        return StartReason(task.start_driver, None, text)
    link = next((item for item in links if item.pk == task.start_link_id), None)
    if link is not None and task.start_driver == StartDriver.LINK:
        return StartReason(StartDriver.LINK, link.pk, _by_link(task, link))
    if task.start_driver == StartDriver.CONSTRAINT and _is_bound_from_outside(task):
        return StartReason(task.start_driver, None, _by_other_project(task, user))
    return StartReason(task.start_driver, None, _SENTENCES[StartDriver(task.start_driver)](task))


def _by_link(task: Task, link: Link) -> str:
    """Return the sentence about a link, and about holidays between its two ends."""
    other = link.predecessor
    by_finish = link.type in {LinkType.FS, LinkType.FF}
    bound = other.early_finish if by_finish else other.early_start
    bound = bound or (other.planned_finish if by_finish else other.planned_start)
    sentences = BEGUN if task.actual_start else UNSTARTED
    text = str(sentences[link.type]) % {
        "start": _day(shown_start(task.planned_start)),
        "other": other,
        "link": link_words(link, project=task.project),
        "day": _day(shown_finish(bound) if by_finish else shown_start(bound)),
    }
    if link.type != LinkType.FS or bound is None or task.planned_start is None or task.actual_start:
        return text
    calendar = _working_time(task).calendar
    between = skipped_days(calendar, after=to_instant(bound), until=to_instant(task.planned_start))
    return f"{text} {_not_worked(between)}".strip()


def _not_worked(days: Sequence[date]) -> str:
    if not days:
        return ""
    if len(days) > NAMED_DAYS:
        words = ngettext(
            "%(count)s day between is not worked.", "%(count)s days between are not worked.", len(days)
        )
        return words % {"count": len(days)}
    words = ngettext("%(days)s is not worked.", "%(days)s are not worked.", len(days))
    return words % {"days": ", ".join(_day(day) for day in days)}


def link_words(link: Link, *, project: Project) -> str:
    """Return type and lag of a link as planners write it: ``FS + 2 d``."""
    if link.lag_percent:
        return f"{link.type} {_signed(link.lag_percent, '%')}"
    if not link.lag:
        return str(link.type)
    if link.lag_kind == TimeKind.ELAPSED:
        unit = gettext("elapsed d")
        return f"{link.type} {_signed(Decimal(link.lag) / MINUTES_PER_DAY, unit)}"
    unit = pgettext("working days", "d")
    return f"{link.type} {_signed(Decimal(link.lag) / (project.calendar.hours_per_day * 60), unit)}"


def _signed(number: Decimal, unit: str) -> str:
    shown = abs(number).quantize(Decimal("0.01")).normalize() + 0
    return f"{'+' if number > 0 else '−'} {formats.number_format(shown, use_l10n=True)} {unit}"


def _by_project_start(task: Task) -> str:
    project, start = task.project, _day(shown_start(task.planned_start))
    known = project.data_date
    if known is not None and _is_held(task, known):
        return gettext(
            "Starts %(start)s, after the data date %(day)s: work that has not begun cannot lie before it, "
            "and nothing asks for a later start."
        ) % {"start": start, "day": _day(known)}
    return gettext("Starts %(start)s with the project: nothing asks for a later start.") % {"start": start}


def _is_held(task: Task, known: date) -> bool:
    """Return whether the data date holds back what could begin with the project."""
    start = task.planned_start
    is_after = start is not None and to_instant(start) >= end_of_day(known)
    return is_after and _begins_before(task.project, known)


def _begins_before(project: Project, known: date) -> bool:
    """Return whether the project began before the end of the data date."""
    if project.schedule_start is not None:
        return to_instant(project.schedule_start) < end_of_day(known)
    return project.planned_start is None or start_of_day(project.planned_start) < end_of_day(known)


def _by_constraint(task: Task) -> str:
    start = _day(shown_start(task.planned_start))
    found = _binding_constraint(task)
    if found is None and task.actual_start is not None:
        return _by_actual(task)
    if found is None:
        return gettext("Starts %(start)s because of a constraint.") % {"start": start}
    holder, kind, moment = found
    values = {
        "start": start,
        "constraint": ConstraintType(kind).label,
        "day": _day(shown_constraint(kind, moment)),
        "summary": holder,
    }
    if task.actual_start is not None:
        values["start"] = _day(shown_start(task.actual_start))
        return (
            gettext("Started %(start)s. The work that is left keeps its constraint: %(constraint)s %(day)s.")
            % values
        )
    if holder is None:
        return gettext("Starts %(start)s because of its constraint: %(constraint)s %(day)s.") % values
    return (
        gettext("Starts %(start)s because of the constraint of %(summary)s: %(constraint)s %(day)s.") % values
    )


def _is_bound_from_outside(task: Task) -> bool:
    """Return whether the promised date of another project's milestone holds exactly (RAI-17)."""
    if task.external_start is None or task.planned_start is None or task.planned_finish is None:
        return False
    rule = DateRule(to_instant(task.external_start), is_of_start=True)
    start, finish = to_instant(task.planned_start), to_instant(task.planned_finish)
    return binding_rule([rule], start=start, finish=finish, working_time=_working_time(task)) is not None


def _by_other_project(task: Task, user: Any) -> str:
    values = {"start": _day(shown_start(task.planned_start)), "day": _day(shown_finish(task.external_start))}
    rows = dependency_rows(task.project, user=user, today=date.max, uids=[task.uid])
    bounds = [row for row in rows if row.is_incoming and row.drives_schedule and row.promised]
    if not bounds:
        return gettext("Starts %(start)s because of a date promised by another project.") % values
    last = max(bounds, key=lambda row: row.promised or date.min)
    values |= {"milestone": last.other_milestone, "project": last.other, "day": _day(last.promised)}
    if last.is_hidden:
        return gettext(
            "Starts %(start)s: it waits for a milestone of another project, promised for %(day)s."
        ) % (values)
    return (
        gettext("Starts %(start)s: it waits for “%(milestone)s” of %(project)s, promised for %(day)s.")
        % values
    )


def _binding_constraint(task: Task) -> tuple[Task | None, str, datetime] | None:
    """Return the constraint that holds exactly, own ones first, and the summary it comes from. One query."""
    dated = (
        (task.constraint_type, task.constraint_date),
        (task.second_constraint_type, task.second_constraint_date),
    )
    found: list[tuple[Task | None, str, datetime]] = [(None, kind, day) for kind, day in dated if day]
    above = Task.objects.filter(
        project_id=task.project_id,
        kind=TaskKind.SUMMARY,
        constraint_type=ConstraintType.SNET,
        constraint_date__isnull=False,
    )
    found += [
        (summary, ConstraintType.SNET, summary.constraint_date)
        for summary in above.order_by("-constraint_date", "pk")
        if summary.constraint_date and task.sort_path.startswith(summary.sort_path)
    ]
    if task.actual_start is not None:
        found = [item for item in found if item[1] not in OF_START]
    if task.planned_start is None or task.planned_finish is None:
        return None
    place = binding_rule(
        [DateRule(to_instant(moment), kind in OF_START) for _holder, kind, moment in found],
        start=to_instant(task.planned_start),
        finish=to_instant(task.planned_finish),
        working_time=_working_time(task),
    )
    return None if place is None else found[place]


def _by_actual(task: Task) -> str:
    values = {
        "start": _day(shown_start(task.actual_start)),
        "finish": _day(shown_finish(task.actual_finish)),
        "day": _day(task.project.data_date),
    }
    if task.actual_finish is not None:
        return gettext("Happened: started %(start)s, finished %(finish)s.") % values
    if task.project.data_date is None or task.project.convention == "MICROSOFT":
        return gettext("Started %(start)s: its actual start.") % values
    return gettext("Started %(start)s. The work that is left goes on after the data date %(day)s.") % values


def _by_hand(task: Task) -> str:
    return gettext("Scheduled by hand: it keeps the dates that somebody gave it.")


def _by_resumption(task: Task) -> str:
    return gettext("Started %(start)s. The work that is left goes on when it is resumed, %(day)s.") % {
        "start": _day(shown_start(task.actual_start)),
        "day": _day(shown_start(task.resume_on)),
    }


def _by_leveling(task: Task) -> str:
    days = Decimal(task.leveling_delay) / MINUTES_PER_DAY
    return gettext("Starts %(start)s because leveling delays it by %(days)s days.") % {
        "start": _day(shown_start(task.planned_start)),
        "days": formats.number_format(days.quantize(Decimal("0.01")).normalize() + 0, use_l10n=True),
    }


def _as_late(task: Task) -> str:
    return gettext(
        "Starts %(start)s, as late as possible: any later, and it would hold up what follows or miss a date."
    ) % {"start": _day(shown_start(task.planned_start))}


def _by_lost_link(task: Task) -> str:
    return gettext("Starts %(start)s because of a link.") % {"start": _day(shown_start(task.planned_start))}


_SENTENCES: Mapping[StartDriver, Any] = {
    StartDriver.PROJECT_START: _by_project_start,
    StartDriver.LINK: _by_lost_link,
    StartDriver.CONSTRAINT: _by_constraint,
    StartDriver.ACTUAL: _by_actual,
    StartDriver.FIXED: _by_hand,
    StartDriver.RESUME: _by_resumption,
    StartDriver.LEVELING: _by_leveling,
    StartDriver.LATE: _as_late,
}


def _working_time(task: Task) -> WorkingTime:
    return working_time(task.calendar or task.project.calendar)


def _day(day: date | None) -> str:
    """Return a day with its weekday."""
    return "—" if day is None else str(formats.date_format(day, pgettext("format of a day", "D j M Y")))
