"""
Take a step back: what it changed becomes what it was, exactly.

What somebody else changed since stays theirs: the step is refused then, and nothing is written. Rows that
others put beside those of the step keep their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, NotAllowed
from pmo_portal.common.garbage import collection_paused
from pmo_portal.common.upserts import update_rows
from projects import actions
from projects.access import PlanRights, may_import_into
from projects.choices import ChangeSource, TaskKind
from projects.models import Assignment, Link, PlanChange, Project, Task
from projects.selectors.plan_snapshot import (
    Cells,
    PlanSnapshot,
    cell,
    columns_of,
    hanging_tables,
    place_of,
    plain_cell,
    read_hanging,
    read_snapshot,
    stored_value,
)
from projects.services.changes import lock_links, lock_open_project, save_versions
from projects.services.dependencies import write_bounds
from projects.services.former_values import remember_tasks, today
from projects.services.links import require_no_rings
from projects.services.outline import rebuild_outline
from projects.services.plan_changes import journal, owned
from projects.services.plan_changes.acts import Clash, FieldsClash
from projects.services.plan_changes.board import Board
from projects.services.plan_changes.fields import FIELD_OF_COLUMN
from projects.services.plan_changes.history import tell_who
from projects.services.plan_changes.rights import require_way_back
from projects.services.plan_changes.steps import Made, Step, finish_step, repeated, taken
from projects.services.plan_changes.writing import delete_links, delete_tasks, save_link_versions
from projects.services.schedules import note_dates, settle_plan
from projects.services.tasks import next_uid

Touched = Mapping[str, Any]
IN_THE_WAY = _("Somebody changed these rows since, so the step cannot be undone as a whole.")
LEFT_OUT = frozenset({"id", "wbs", "sort_path", "outline_level", "position", "start_link_id", "updated_at"})


@collection_paused()
@transaction.atomic
def undo_step(*, actor: User | None, project: Project, rights: PlanRights, number: int, key: str) -> Step:
    """
    Take back a step the person took; taking back that one does it again.

    Raises
    ------
    FieldsClash
        ``MERGE``: somebody changed what the step changed.
    Conflict
        ``UNDONE`` if it is undone already, ``PAST_DAY`` for an import of a former day: what it brought stays
        in the past (SEC-37), ``MERGE`` where something else stands in the way,
        ``PROJECT_CLOSED``.
    NotAllowed
        If it is a step of somebody else, or changed what the person may not change any more.
    """
    lock_links()
    locked = lock_open_project(project)
    former = taken(project=locked, actor=actor, key=key)
    if former is not None:
        return repeated(locked, former)
    change = PlanChange.objects.select_for_update(of=("self",)).filter(project=locked, number=number).first()
    _require_undoable(change, actor, rights)
    assert change is not None
    found: Touched = change.touched
    keys = {int(pk) for pk in found["tasks"]}
    before = read_snapshot(locked)
    before = replace(before, hanging=read_hanging(keys, known=_known(found)))
    if change.source == ChangeSource.PLAN_FILE:
        _require_import(actor, locked)
    else:
        require_way_back(change, rights, before)
    _Undoing(locked, found, before).run()
    locked.refresh_from_db()
    settle_plan(locked)
    change.is_undone = True
    change.save(update_fields=["is_undone"])
    if change.undoes_id is not None:
        PlanChange.objects.filter(pk=change.undoes_id).update(is_undone=False)
    made = Made(
        key=key,
        counts=change.counts,
        keys={},
        moved=set(found["moved"]),
        reported=(),
        lines=(),
        hanging=keys,
        last_uid=next_uid(locked) - 1,
        undoes=change,
        is_kept_anyway=bool(found.get("owned")),
    )
    if change.source:
        _tell_trail(actor, change, locked)
    return finish_step(actor=actor, project=locked, before=before, made=made, hours=None)


def _require_undoable(change: PlanChange | None, actor: User | None, rights: PlanRights) -> None:
    if change is None:
        raise Conflict(_("This step is not kept any more, so it cannot be undone."), code="NO_STEP")
    if change.actor_id != (actor.pk if actor else None):
        raise NotAllowed(_("Only the person who took a step can undo it."))
    if change.undoes is not None and change.undoes.source:
        raise Conflict(
            _("An import that was taken back is not done again. Import the file anew."), code="IMPORT"
        )
    if change.is_undone:
        raise Conflict(_("This step is undone already."), code="UNDONE")
    if change.source and change.at.astimezone(ZoneInfo(settings.TIME_ZONE)).date() != today():
        raise Conflict(
            _(
                "The figures of a past day rest on this import, so it stays. Bring in the former file as an "
                "update, or correct what is wrong."
            ),
            code="PAST_DAY",
        )
    may_write = rights.edits or rights.records or rights.records_own
    if not may_write and change.source != ChangeSource.PLAN_FILE:
        raise NotAllowed(_("You may see this plan, but not change it in this way."))


def _require_import(actor: User | None, project: Project) -> None:
    if actor is not None and not may_import_into(actor, project.node):
        raise NotAllowed(_("You may not import into this project, so you cannot take an import back."))


def _tell_trail(actor: User | None, change: PlanChange, project: Project) -> None:
    """Say in the trail that an import was taken back; the rows follow one by one."""
    audit.record(
        actor=actor,
        action=actions.IMPORT_TAKEN_BACK,
        target=project,
        node=project.node,
        after={"file": change.file_name, "step": change.number},
    )


def _known(found: Touched) -> dict[str, dict[int, Cells]]:
    """Return the keys of hanging rows a step changed, to be read even where they point elsewhere now."""
    return {label: {int(pk): () for pk in rows} for label, rows in found["hanging"].items()}


class _Undoing:
    """One step on its way back."""

    def __init__(self, project: Project, found: Touched, before: PlanSnapshot) -> None:
        """Take what the step changed and the plan as it stands now."""
        self.project, self.found, self.before = project, found, before
        self.tasks = {int(pk): row for pk, row in found["tasks"].items()}
        self.links = {int(pk): row for pk, row in found["links"].items()}
        self.made = [pk for pk, row in self.tasks.items() if row["before"] is None]
        self.gone = [pk for pk, row in self.tasks.items() if row["after"] is None]
        self.changed = [pk for pk, row in self.tasks.items() if row["before"] and row["after"]]

    def run(self) -> None:
        """Check, then write: what came goes, what went comes back, the rest becomes what it was."""
        self._require_same()
        owned.restore(self.project, self.found.get("owned", {}))
        remember_tasks(self.project, [*self.made, *self.changed])
        note_dates(Task.objects.filter(pk__in=self.changed).only("planned_start", "planned_finish"))
        delete_links([pk for pk, row in self.links.items() if row["before"] is None])
        self._detach_made()
        self._restore_tasks()
        self._write_tasks()
        self._write_orders()
        delete_tasks(self.made)
        rebuild_outline(self.project)
        self._restore_links()
        self._restore_hanging()
        owned.remove(self.found.get("owned", {}))
        if self.gone:
            write_bounds(self.project)
        self._require_sound()

    # What others did since

    def _require_same(self) -> None:
        """Refuse where something the step changed is not as the step left it."""
        clashes: list[Clash] = []
        for pk, row in self.tasks.items():
            clashes += self._clashes_of(pk, row)
        self._require_untouched_links()
        self._require_untouched_hanging()
        if owned.changed_since(self.project, self.found.get("owned", {})):
            raise _in_the_way()
        if clashes:
            board = Board(self.project, self.before, last_uid=0)
            raise FieldsClash(tell_who(board, clashes), IN_THE_WAY)
        self._require_nothing_below()

    def _clashes_of(self, pk: int, row: Mapping[str, Any]) -> list[Clash]:
        cells = self.before.tasks.get(pk)
        parent = (row["before"] or {}).get("parent_id")
        if parent is not None and parent not in self.before.tasks and parent not in self.gone:
            raise _in_the_way()
        if row["after"] is None:
            if cells is not None or self._has_number(row["uid"]):
                raise _in_the_way()
            return []
        if cells is None:
            raise _in_the_way()
        skipped = LEFT_OUT | journal.derived_columns(self.project, cells, cells)
        found = []
        for column, after in row["after"].items():
            now = plain_cell(Task, column, cells[place_of(Task, column)])
            if column in skipped or now == after:
                continue
            was = None if row["before"] is None else row["before"][column]
            if row["before"] is None or now != was:
                field = FIELD_OF_COLUMN.get(column, column)
                found.append(Clash(0, row["uid"], field, after, was, now, "", None))
        return found

    def _has_number(self, uid: int) -> bool:
        return any(cell(row, "uid") == uid for row in self.before.tasks.values())

    def _require_untouched_links(self) -> None:
        places = {name: place_of(Link, name) for name in columns_of(Link)}
        for pk, row in self.links.items():
            cells = self.before.links.get(pk)
            if (cells is None) != (row["after"] is None):
                raise _in_the_way()
            for column, after in (row["after"] or {}).items():
                if column in journal.OF_LINKS or cells is None:
                    continue
                if plain_cell(Link, column, cells[places[column]]) != after:
                    raise _in_the_way()

    def _require_untouched_hanging(self) -> None:
        for table in hanging_tables():
            now = self.before.hanging.get(table.label, {})
            for key, row in self.found["hanging"].get(table.label, {}).items():
                cells = now.get(int(key))
                if table.goes_along and (cells is None) != (row["after"] is None):
                    raise _in_the_way()
                for column, after in (row["after"] or {}).items():
                    if column in journal.FORECAST or cells is None:
                        continue
                    if plain_cell(table.model, column, cells[table.columns.index(column)]) != after:
                        raise _in_the_way()

    def _require_nothing_below(self) -> None:
        """Refuse to delete rows others hung something on since."""
        made = set(self.made)
        if any(
            cell(row, "parent_id") in made and pk not in made and not self._leaves(pk)
            for pk, row in self.before.tasks.items()
        ):
            raise _in_the_way()
        ends = [place_of(Link, name) for name in ("predecessor_id", "successor_id")]
        for pk, row in self.before.links.items():
            if pk not in self.links and made & {row[place] for place in ends}:
                raise _in_the_way()
        for table in hanging_tables():
            known = {int(key) for key in self.found["hanging"].get(table.label, {})}
            at = table.columns.index(table.key)
            now = self.before.hanging.get(table.label, {})
            if any(row[at] in made and pk not in known for pk, row in now.items()):
                raise _in_the_way()

    def _leaves(self, pk: int) -> bool:
        """Whether undoing hangs the row elsewhere."""
        row = self.tasks.get(pk)
        return row is not None and "parent_id" in (row["before"] or {})

    # Writing

    def _detach_made(self) -> None:
        if self.made:
            Task.objects.filter(pk__in=self.made).update(parent=None)

    def _restore_tasks(self) -> None:
        """Store rows again under their old keys, without a mark another took; where they hang follows."""
        rows = [self._object(Task, pk, self.tasks[pk]["before"]) for pk in self.gone]
        is_taken = any(cell(row, "is_completion") for row in self.before.tasks.values())
        for row in rows:
            row.parent_id, row.start_link_id = None, None
            row.is_completion = row.is_completion and not is_taken
            row.version += 1
        Task.objects.bulk_create(rows, batch_size=500)

    def _object(self, model: type[models.Model], pk: int, values: Mapping[str, Any]) -> Any:
        return model(
            **{name: stored_value(model, name, value) for name, value in values.items()} | {"id": pk}
        )

    def _write_tasks(self) -> None:
        """Write the facts that were others; rows with the same columns in one statement."""
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for pk in self.changed:
            values = _stored(Task, self.tasks[pk]["before"])
            values = {name: value for name, value in values.items() if name not in LEFT_OUT | {"parent_id"}}
            if values:
                groups.setdefault(tuple(sorted(values)), []).append({"pk": pk, **values})
        for rows in groups.values():
            update_rows(Task, rows)
        save_versions(Task, self.changed)

    def _write_orders(self) -> None:
        """Hang every row where it hung, between those that others put there since."""
        keys = {cell(row, "uid"): pk for pk, row in self.before.tasks.items()}
        keys |= {self.tasks[pk]["uid"]: pk for pk in self.gone}
        parents = {"": None} | {str(uid): pk for uid, pk in keys.items()}
        current = journal.rows_below(self.before.tasks)
        acted = set(self.found["moved"]) | {self.tasks[pk]["uid"] for pk in (*self.made, *self.gone)}
        acted |= {row["uid"] for row in self.tasks.values() if "parent_id" in (row["after"] or {})}
        written = []
        for parent, (former, left) in self.found["orders"].items():
            now = current.get(int(parent) if parent else None, [])
            order = former if now == left else _merged(now, former, acted)
            if parent and int(parent) not in keys:
                continue
            written += [
                {"pk": keys[uid], "parent_id": parents[parent], "position": place}
                for place, uid in enumerate(order)
                if uid in keys
            ]
        update_rows(Task, written)

    def _restore_links(self) -> None:
        rows = [
            self._object(Link, pk, row["before"]) for pk, row in self.links.items() if row["after"] is None
        ]
        Link.objects.bulk_create(rows, batch_size=500)
        changed = [pk for pk, row in self.links.items() if row["before"] and row["after"]]
        for pk in changed:
            update_rows(Link, [{"pk": pk, **_stored(Link, self.links[pk]["before"])}])
        save_link_versions(changed)

    def _restore_hanging(self) -> None:
        for table in hanging_tables():
            rows = {int(key): row for key, row in self.found["hanging"].get(table.label, {}).items()}
            again = [pk for pk, row in rows.items() if row["after"] is None and table.goes_along]
            table.model._default_manager.bulk_create(
                [self._object(table.model, pk, rows[pk]["before"]) for pk in again], batch_size=500
            )
            extra = [pk for pk, row in rows.items() if row["before"] is None]
            if extra and table.goes_along:
                table.model._default_manager.filter(pk__in=extra).delete()
            groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
            for pk, row in rows.items():
                if row["before"] and row["after"]:
                    values = _stored(table.model, row["before"])
                    groups.setdefault(tuple(sorted(values)), []).append({"pk": pk, **values})
            for group in groups.values():
                update_rows(table.model, group)

    def _require_sound(self) -> None:
        """Refuse rings and new summaries that are linked or staffed (SCH-9, SCH-10, SCH-35)."""
        if self.links:
            require_no_rings(self.project)
        summaries = Task.objects.filter(project=self.project, kind=TaskKind.SUMMARY)
        is_linked = Link.objects.filter(
            models.Q(predecessor__in=summaries) | models.Q(successor__in=summaries), project=self.project
        )
        imported = self._summary_links()
        if is_linked.exclude(pk__in=imported).exists():
            raise _in_the_way()
        staffed = Assignment.objects.filter(task__in=summaries)
        known = self._staffed_summaries()
        if staffed.exclude(task_id__in=known).exists():
            raise _in_the_way()

    def _summary_links(self) -> list[int]:
        """Return the links of summaries that stood before, as files bring them."""
        summaries = {pk for pk, row in self.before.tasks.items() if cell(row, "kind") == TaskKind.SUMMARY}
        ends = [place_of(Link, name) for name in ("predecessor_id", "successor_id")]
        return [pk for pk, row in self.before.links.items() if summaries & {row[place] for place in ends}]

    def _staffed_summaries(self) -> list[int]:
        return [pk for pk, row in self.before.tasks.items() if cell(row, "kind") == TaskKind.SUMMARY]


def _stored(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: stored_value(model, name, value) for name, value in values.items()}


def _in_the_way() -> Conflict:
    return Conflict(IN_THE_WAY, code="MERGE")


def _merged(now: Sequence[int], former: Sequence[int], acted: set[int]) -> list[int]:
    """Return the present order with the rows of the step back behind the row they stood behind."""
    order = [uid for uid in now if uid not in acted]
    for place, uid in enumerate(former):
        if uid not in acted:
            continue
        behind = next((order.index(each) for each in reversed(former[:place]) if each in order), -1)
        order.insert(behind + 1, uid)
    return order
