"""
The whole plan as the page of the grid holds it: packed rows, no model instances, a fixed number of queries.

What it says of each column stands in docs/api.md.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pmo_portal.accounts.access import may, permissions_on
from pmo_portal.accounts.models import Person
from pmo_portal.common.garbage import collection_paused
from projects.choices import FINISH_CONSTRAINTS, MILESTONES, TaskKind, TimeKind
from projects.interchange.link_words import LinkWords, write_links
from projects.interchange.time_words import Length, Units
from projects.models import Baseline, Link, Project, Task
from projects.selectors.calendars import calendars_for
from projects.selectors.columns import Bare, LocalMinute, Number
from projects.selectors.dependencies import GRID_COLUMNS, grid_dependencies
from projects.selectors.members import people_of
from projects.selectors.plan_pieces import set_pieces
from projects.selectors.plan_shading import plan_shading

COLUMNS = (
    *("uid", "parent", "level", "wbs", "name", "kind", "active", "manual", "minutes", "elapsed"),
    *("start", "finish", "start_day", "finish_day", "actual_start", "actual_finish"),
    *("percent", "physical", "remaining", "preds", "constraint", "constraint_day", "deadline"),
    *("calendar", "owner", "work", "total_float", "free_float"),
    *("critical", "near_critical", "longest", "deadline_missed"),
    *("key", "technique", "cost", "notes", "version", "pieces", "interruptions"),
)
LINK_COLUMNS = (
    *("pk", "from", "to", "type", "lag", "lag_percent", "elapsed", "driving", "out_of_sequence", "version"),
)

_READ: tuple[Any, ...] = (
    *("pk", "uid", "parent_id", "outline_level", "wbs", "name", "kind"),
    *(Bare("is_active"), Bare("is_manual"), "duration", "duration_kind"),
    *(LocalMinute("planned_start"), LocalMinute("planned_finish")),
    *(LocalMinute("actual_start"), LocalMinute("actual_finish")),
    *(Number("percent_complete"), Number("percent_physical"), "remaining_duration"),
    *("constraint_type", LocalMinute("constraint_date"), LocalMinute("deadline")),
    *("calendar_id", "owner_id", Number("work_hours"), "total_float", "free_float"),
    *(Bare("is_critical"), Bare("is_near_critical"), Bare("is_on_longest_path"), Bare("is_deadline_missed")),
    *(Bare("is_key_milestone"), "ev_technique", Number("fixed_cost"), "notes", "version", "interruptions"),
)
_READ_LINK: tuple[Any, ...] = (
    *("pk", "predecessor_id", "successor_id", "type", "lag", Number("lag_percent"), "lag_kind"),
    *(Bare("is_driving"), Bare("is_out_of_sequence"), "version"),
)
_TRUTH: Mapping[Any, bool | None] = {0: False, 1: True, None: None}
_MIDNIGHT = "00:00"


def plan_revision(project: Project) -> str:
    """Return what changes with every change of the project, whoever makes it; no query."""
    return f"{project.version}-{project.updated_at.timestamp():.6f}"


@collection_paused()
def plan_grid(project: Project, *, user: Any, today: date) -> dict[str, Any]:
    """
    Return everything the page of the plan shows, ready for JSON. Project and calendar must be loaded.

    People who see milestones only get those, without links and the rows they are part of; amounts are
    null without the right to see them. At most 25 queries, whatever the size; 15 more where other projects
    wait for this one or this one for others.
    """
    rights = permissions_on(user, project.node)
    sees_all = "task.view" in rights
    units = units_of(project)
    rows, links = grid_rows(project, units=units, sees_all=sees_all, sees_money="budget.view" in rights)
    used = sorted({row[_CALENDAR] for row in rows if row[_CALENDAR] is not None})
    shading = plan_shading(project, used, bounds=_bounds(rows, project, today))
    finishes = [row[_FINISH] for row in rows if row[_FINISH]]
    return {
        "revision": plan_revision(project),
        "project": _header(project, today=today, start=shading.first_moment),
        "may": _may(user, project, rights),
        "columns": list(COLUMNS),
        "rows": rows,
        "links": {"columns": list(LINK_COLUMNS), "rows": links},
        "dependencies": {
            "columns": list(GRID_COLUMNS),
            "rows": grid_dependencies(project, user=user, today=today, uids={row[0] for row in rows}),
        },
        "people": [list(pair) for pair in _people(project, rows)] if sees_all else [],
        "calendars": [list(pair) for pair in calendars_for(project).values_list("pk", "name")],
        "mine": Person.objects.filter(user=user).values_list("pk", flat=True).first(),
        "shading": shading.calendars,
        "baselines": _baselines(project) if "baseline.view" in rights else [],
        "own_fields": own_field_names(project) if sees_all else [],
        "finish": max(finishes, default=None),
        "sentence": "",
    }


_CALENDAR, _OWNER, _FINISH = (COLUMNS.index(name) for name in ("calendar", "owner", "finish"))
_START_DAY, _FINISH_DAY = COLUMNS.index("start_day"), COLUMNS.index("finish_day")


def units_of(project: Project, *, is_german: bool = False) -> Units:
    """Return how long days, weeks and months of the plan are. The calendar must be loaded."""
    calendar = project.calendar
    return Units(
        minutes_per_day=int(calendar.hours_per_day * 60),
        days_per_week=calendar.days_per_week,
        days_per_month=calendar.days_per_month,
        is_german=is_german,
    )


def grid_rows(
    project: Project, *, units: Units, sees_all: bool, sees_money: bool
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Return the rows in the order of the outline and the links, packed as `COLUMNS`. Two queries."""
    tasks = Task.objects.filter(project=project)
    if not sees_all:
        tasks = tasks.filter(kind__in=MILESTONES)
    found = list(tasks.order_by("sort_path", "pk").values_list(*_READ))
    uids = {row[0]: row[1] for row in found}
    read = Link.objects.filter(project=project).order_by("pk").values_list(*_READ_LINK)
    links = [packed_link(row, uids) for row in read] if sees_all else []
    words: dict[int, list[LinkWords]] = defaultdict(list)
    for link in links:
        words[link[2]].append(link_words(link))
    rows = []
    for row in found:
        named = words.get(row[1])
        rows.append(packed_row(row, uids, write_links(named, units) if named else "", sees_all, sees_money))
    set_pieces(rows, project, columns=COLUMNS)
    return rows, links


READ_COLUMNS = (
    *("id", "uid", "parent_id", "outline_level", "wbs", "name", "kind", "is_active", "is_manual"),
    *("duration", "duration_kind", "planned_start", "planned_finish", "actual_start", "actual_finish"),
    *("percent_complete", "percent_physical", "remaining_duration"),
    *("constraint_type", "constraint_date", "deadline", "calendar_id", "owner_id", "work_hours"),
    *("total_float", "free_float", "is_critical", "is_near_critical", "is_on_longest_path"),
    *(
        "is_deadline_missed",
        "is_key_milestone",
        "ev_technique",
        "fixed_cost",
        "notes",
        "version",
        "interruptions",
    ),
)
"""What `packed_row` takes, in its order; moments as text to the minute."""


def packed_row(
    row: Sequence[Any], uids: Mapping[int, int], preds: str, sees_all: bool, sees_money: bool
) -> list[Any]:
    """Return one row in the order of `COLUMNS`, with stored interruptions where `set_pieces` puts pieces."""
    (_pk, uid, parent, level, wbs, name, kind, active, manual, minutes, time_kind, start, finish) = row[:13]
    (actual_start, actual_finish, percent, physical, remaining, constraint, bound, deadline) = row[13:21]
    (calendar, owner, work, total, free, critical, near, longest, missed) = row[21:30]
    (key, technique, cost, notes, version, interruptions) = row[30:]
    start_day, finish_day = start and start[:10], _finish_day(finish)
    if kind == TaskKind.FINISH_MILESTONE:
        start_day = finish_day = finish_day or start_day
    elif kind == TaskKind.START_MILESTONE:
        start_day = finish_day = start_day or finish_day
    return [
        uid,
        uids.get(parent),
        level if sees_all else 1,
        wbs,
        name,
        kind,
        _TRUTH[active],
        _TRUTH[manual],
        minutes,
        time_kind == TimeKind.ELAPSED,
        start,
        finish,
        start_day,
        finish_day,
        actual_start,
        actual_finish,
        _whole(percent),
        None if kind == TaskKind.SUMMARY else _whole(physical),
        remaining_of(kind, actual_start, minutes, remaining),
        preds,
        constraint,
        _finish_day(bound) if constraint in FINISH_CONSTRAINTS else bound and bound[:10],
        _finish_day(deadline),
        calendar,
        owner,
        _whole(work),
        total,
        free,
        _TRUTH[critical],
        _TRUTH[near],
        _TRUTH[longest],
        _TRUTH[missed],
        _TRUTH[key],
        technique,
        f"{cost:.2f}" if sees_money else None,
        notes,
        version,
        interruptions,
        None,
    ]


def remaining_of(kind: str, actual_start: object, duration: int, remaining: int | None) -> int | None:
    """Return the minutes a task still takes: its duration before it began; None where nobody said it."""
    if remaining is None and kind == TaskKind.TASK and actual_start is None:
        return duration
    return remaining


def _finish_day(moment: str | None) -> str | None:
    """Return the day a finish is shown on: midnight belongs to the day before (SCH-3)."""
    if moment is None:
        return None
    if moment[11:] != _MIDNIGHT:
        return moment[:10]
    return (date.fromisoformat(moment[:10]) - timedelta(days=1)).isoformat()


def _whole(number: Any) -> float | int:
    """Return a whole number without its point, as both databases and JSON write it."""
    return int(number) if number == int(number) else float(number)


LINKS_READ = (
    *("id", "predecessor_id", "successor_id", "type", "lag", "lag_percent", "lag_kind"),
    *("is_driving", "is_out_of_sequence", "version"),
)
"""What `packed_link` takes, in its order."""


def packed_link(row: Sequence[Any], uids: Mapping[int, int]) -> list[Any]:
    """Return a link in the order of `LINK_COLUMNS`."""
    pk, before, after, kind, lag, percent, time_kind, driving, broken, version = row
    return [
        pk,
        uids[before],
        uids[after],
        kind,
        lag,
        percent if percent is None else _whole(percent),
        time_kind == TimeKind.ELAPSED,
        _TRUTH[driving],
        _TRUTH[broken],
        version,
    ]


def link_words(link: Sequence[Any]) -> LinkWords:
    percent = None if link[5] is None else Decimal(str(link[5]))
    return LinkWords(str(link[1]), link[3], Length(link[4], link[6]), percent)


def _people(project: Project, rows: Sequence[Sequence[Any]]) -> list[tuple[int, str]]:
    """Return who can own rows, and who owns some already. One query."""
    owners = {row[_OWNER] for row in rows} - {None}
    return list(people_of(project, owners=owners).values_list("pk", "name"))


def _may(user: Any, project: Project, rights: frozenset[str]) -> dict[str, bool]:
    """Return what the person may do on the page. One query."""
    records = may(user, "task.progress", project.node)
    return {
        "edit": "task.edit" in rights,
        "delete": "task.delete" in rights,
        "progress": records,
        "progress_own": not records and "task.progress" in rights,
        "money": "budget.view" in rights,
        "baseline": "baseline.view" in rights,
    }


def _header(project: Project, *, today: date, start: str | None) -> dict[str, Any]:
    calendar = project.calendar
    return {
        "code": project.code,
        "name": project.name,
        "start": start,
        "must_finish": project.must_finish_by and project.must_finish_by.isoformat(),
        "data_date": project.data_date and project.data_date.isoformat(),
        "today": today.isoformat(),
        "is_auto": project.is_auto_scheduled,
        "hours_per_day": _whole(float(calendar.hours_per_day)),
        "days_per_week": _whole(float(calendar.days_per_week)),
        "days_per_month": _whole(float(calendar.days_per_month)),
        "currency": project.currency,
    }


def _bounds(rows: Sequence[Sequence[Any]], project: Project, today: date) -> tuple[date, date]:
    """Return the first and last day the plan speaks of."""
    days = [row[place] for row in rows for place in (_START_DAY, _FINISH_DAY) if row[place]]
    known = [date.fromisoformat(day) for day in (min(days), max(days))] if days else []
    known += [day for day in (project.planned_start, project.must_finish_by, today) if day]
    return min(known), max(known)


def _baselines(project: Project) -> list[dict[str, Any]]:
    """Return the baselines, newest first. One query."""
    rows = Baseline.objects.filter(project=project).order_by("-number")
    return [
        {"number": number, "name": name, "set_on": at.date().isoformat(), "current": is_current}
        for number, name, at, is_current in rows.values_list("number", "name", "approved_at", "is_current")
    ]


def own_field_names(project: Project) -> list[str]:
    """Return the names of own fields that any row carries, in order. One query."""
    given = Task.objects.filter(project=project).exclude(extra={}).values_list("extra", flat=True)
    return sorted({str(name) for extra in given for name in extra})


def baseline_grid(project: Project, number: int, *, user: Any) -> dict[str, Any] | None:
    """Return the rows of one baseline that a person may see, by number of the row; None if there is none."""
    baseline = Baseline.objects.filter(project=project, number=number).first()
    if baseline is None:
        return None
    rights = permissions_on(user, project.node)
    rows = baseline.rows.order_by("task_uid", "pk")
    if "task.view" not in rights:
        rows = rows.filter(kind__in=MILESTONES)
    read: list[Any] = ["task_uid", LocalMinute("start"), LocalMinute("finish"), "duration"]
    found = rows.values_list(*read, *([Number("budget")] if "budget.view" in rights else []))
    return {
        "number": number,
        "columns": ["uid", "start", "finish", "start_day", "finish_day", "minutes", "cost"],
        "rows": [
            [uid, start, finish, start and start[:10], _finish_day(finish), minutes, *_amount(amounts)]
            for uid, start, finish, minutes, *amounts in found
        ],
    }


def _amount(amounts: Sequence[Any]) -> list[str | None]:
    return [f"{amounts[0]:.2f}"] if amounts else [None]


def own_fields_grid(project: Project) -> dict[str, Any]:
    """Return the own fields of the rows that have any, by number of the row. One query."""
    given = Task.objects.filter(project=project).exclude(extra={}).order_by("sort_path", "pk")
    rows = [[uid, extra] for uid, extra in given.values_list("uid", "extra")]
    return {"fields": sorted({str(name) for _uid, extra in rows for name in extra}), "rows": rows}
