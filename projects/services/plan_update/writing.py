"""Store what was worked out: all of it or nothing, under the locks of links and project."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from projects import actions
from projects.choices import MissingRows
from projects.interchange.takeover_tasks import PlacedTask
from projects.models import Link, Project, Task, TaskProgress
from projects.services.changes import described_values, save_version, touch_project
from projects.services.document_money import write_baselines, write_money
from projects.services.document_tasks import BATCH, MOST_UID, write_links
from projects.services.document_writing import first_day_of
from projects.services.former_values import entry_day, recorded_at, remember_plan, remember_project
from projects.services.links import require_no_rings
from projects.services.outline import rebuild_outline
from projects.services.plan_update.rows import PROGRESS_COLUMNS
from projects.services.plan_update.supply_writing import write_calendar_updates, write_supplies
from projects.services.plan_update.worked_out import MissingRow, Place, PlanUpdate
from projects.services.plan_update.working_out import span_with
from projects.services.progress import ENTRY_COLUMNS
from projects.services.schedules import settle_plan

PLACE = "UPDATE projects_task SET parent_id = %s, position = %s WHERE id = %s"


def write_update(
    *,
    actor: User | None,
    project: Project,
    update: PlanUpdate,
    missing: str,
    today: date,
    file_name: str,
    counts: Mapping[str, Any],
) -> bool:
    """
    Store the update and return whether anything was to be stored.

    The caller holds the locks of links and ``project`` and worked the update out behind them. ``counts`` goes
    into the audit trail.
    """
    gone = _rows_to_touch(update, missing)
    if not gone and not update.has_effect:
        return False
    remember_project(project)
    remember_plan(project)
    write_calendar_updates(project, update.supplies.calendars)
    _write_header(project, update, gone)
    tasks = _write_rows(project, update)
    _write_places(update, tasks)
    removed = _write_missing(update, gone, missing)
    rebuild_outline(project)
    _write_links(project, update, tasks)
    write_supplies(project, update.supplies, tasks=tasks, takes_rates=update.takes_rates)
    first_day = first_day_of(update.taken) or today
    if update.takes_baselines:
        write_baselines(project, taken=update.taken, tasks=tasks, first_day=first_day, actor=actor)
    if update.takes_money:
        write_money(project, taken=update.taken, tasks=tasks, first_day=first_day)
    _write_entries(update, tasks, actor)
    settle_plan(project)
    _record(actor, project, update, removed, counts={**counts, "file": file_name})
    touch_project(project)
    return True


def _rows_to_touch(update: PlanUpdate, missing: str) -> list[MissingRow]:
    """Return the rows that are not in the file and are set inactive or removed."""
    if missing == MissingRows.KEEP:
        return []
    rows = [row for row in update.missing if row.is_removable]
    return rows if missing == MissingRows.REMOVE else [row for row in rows if row.task.is_active]


def _write_header(project: Project, update: PlanUpdate, gone: list[MissingRow]) -> None:
    """Save what changes of the project; its span is that of the rows that stay."""
    left = {row.task.pk for row in gone}
    kept = [row.task for row in update.missing if row.task.pk not in left]
    values = {**update.header_values, **span_with(project, update.taken, kept)}
    changed = {name: value for name, value in values.items() if getattr(project, name) != value}
    for name, value in changed.items():
        setattr(project, name, value)
    save_version(project, names=[*changed])


def _write_rows(project: Project, update: PlanUpdate) -> dict[int, Task]:
    """Store new rows and new values; return all rows of the file by their uid there."""
    tasks = dict(update.matching.tasks)
    _release_numbers(update)
    for row in update.rows:
        if row.values:
            _save_row(row.task, row.values, is_counted=bool(row.changes))
    uids = _free_uids(update)
    entered_on = entry_day(project)
    levels: dict[int, list[PlacedTask]] = defaultdict(list)
    for item in update.added:
        levels[len(item.numbers)].append(item)
    for _level, items in sorted(levels.items()):
        rows = [
            Task(
                project=project,
                uid=uids[item.task.uid],
                entered_on=entered_on,
                parent=None if item.parent_uid is None else tasks[item.parent_uid],
                position=update.places[item.task.uid].position,
                **update.added_values[item.task.uid],
            )
            for item in items
        ]
        made = Task.objects.bulk_create(rows, batch_size=BATCH)
        tasks |= {item.task.uid: row for item, row in zip(items, made, strict=True)}
    return tasks


def _release_numbers(update: PlanUpdate) -> None:
    """Take numbers of the file away from rows that are not in it: they belong to other rows now."""
    claimed = {item.task.uid for item in update.taken.tasks}
    holders = [row.task.pk for row in update.missing if row.task.source_uid in claimed]
    if holders:
        Task.objects.filter(pk__in=holders).update(source_uid=None, source_guid="")


def _save_row(task: Task, values: Mapping[str, Any], *, is_counted: bool) -> None:
    for name, value in values.items():
        setattr(task, name, value)
    names = [*values]
    if is_counted:
        task.version += 1
        task.updated_at = Now()
        names += ["version", "updated_at"]
    task.save(update_fields=names)


def _free_uids(update: PlanUpdate) -> dict[int, int]:
    """Return the number each new row gets: its own where it was never used here, else one that never was."""
    used = update.state.used_uids
    wanted = [item.task.uid for item in update.added]
    own = {uid for uid in wanted if 0 <= uid <= MOST_UID and uid not in used}
    fresh = count(max((*used, *own), default=0) + 1)
    return {uid: uid if uid in own else next(fresh) for uid in wanted}


def _write_places(update: PlanUpdate, tasks: Mapping[int, Task]) -> None:
    """Hang every stored row where it belongs. One statement for those that move."""
    moves = [
        (*key, task.pk)
        for task, place in [
            *(
                (update.matching.tasks[row.item.task.uid], update.places[row.item.task.uid])
                for row in update.rows
            ),
            *((row.task, update.missing_places[row.task.pk]) for row in update.missing),
        ]
        if (key := _place_key(place, tasks)) != (task.parent_id, task.position)
    ]
    if moves:
        with connection.cursor() as cursor:
            cursor.executemany(PLACE, moves)


def _place_key(place: Place, tasks: Mapping[int, Task]) -> tuple[int | None, int]:
    if place.parent is not None:
        return place.parent.pk, place.position
    return (None if place.parent_uid is None else tasks[place.parent_uid].pk), place.position


def _write_missing(update: PlanUpdate, gone: list[MissingRow], missing: str) -> list[Task]:
    """Set rows inactive or remove them; return what was removed."""
    if missing == MissingRows.DEACTIVATE:
        for row in gone:
            _save_row(row.task, {"is_active": False}, is_counted=True)
        return []
    labels = [Task(pk=row.task.pk, wbs=row.task.wbs, name=row.task.name) for row in gone]
    Task.objects.filter(pk__in=[row.task.pk for row in gone]).delete()
    return labels


def _write_links(project: Project, update: PlanUpdate, tasks: Mapping[int, Task]) -> None:
    links = update.links
    Link.objects.filter(pk__in=[link.pk for link in links.removed]).delete()
    for item in links.changed:
        for name, value in item.values.items():
            setattr(item.link, name, value)
        item.link.version += 1
        item.link.save(update_fields=[*item.values, "version"])
    write_links(project, links=links.added, tasks=tasks)
    require_no_rings(project)


def _write_entries(update: PlanUpdate, tasks: Mapping[int, Task], actor: User | None) -> None:
    """Store progress at the data date of the file; another entry of the same date is replaced (SCH-20)."""
    day = update.state.day
    if day is None or not update.entries:
        return
    rows = [
        TaskProgress(
            task=tasks[entry.item.task.uid],
            data_date=day,
            **{name: entry.values[name] for name in PROGRESS_COLUMNS},
            forecast_start=entry.values["planned_start"],
            forecast_finish=entry.values["planned_finish"],
            recorded_by=actor,
            recorded_at=recorded_at(),
        )
        for entry in update.entries
    ]
    TaskProgress.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["task", "data_date"],
        update_fields=ENTRY_COLUMNS,
    )


def _record(
    actor: User | None,
    project: Project,
    update: PlanUpdate,
    removed: list[Task],
    *,
    counts: Mapping[str, Any],
) -> None:
    """Write one line with the counts, and one for each row that changed or went."""
    changes = [
        audit.Change(actions.PLAN_UPDATED, project, project.node, after=counts),
        *(
            audit.Change(
                actions.TASK_CHANGED,
                row.task,
                project.node,
                before={change.name: _plain(change.old) for change in row.changes},
                after={change.name: _plain(change.new) for change in row.changes},
            )
            for row in update.changed
        ),
        *(
            audit.Change(
                actions.LINK_DELETED, link, project.node, before=_link_facts(link), label=link.wording
            )
            for link in update.links.removed
        ),
        *(
            audit.Change(
                actions.TASK_DELETED,
                task,
                project.node,
                before={"name": task.name, "wbs": task.wbs, "rows": 1},
            )
            for task in removed
        ),
    ]
    audit.record_many(actor=actor, changes=changes)


def _link_facts(link: Link) -> dict[str, Any]:
    return described_values(link, names=("predecessor", "successor", "type", "lag"))


def _plain(value: Any) -> Any:
    return str(value) if hasattr(value, "_meta") else value
