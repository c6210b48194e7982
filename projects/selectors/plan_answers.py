"""What a step did to a plan, as the page takes it over: only what is another now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.choices import TaskKind
from projects.interchange.link_words import LinkWords, write_links
from projects.models import Link, PlanChange, Project, Task
from projects.selectors.calendars import working_time
from projects.selectors.moves import moves_sentence
from projects.selectors.plan_dates import shown_finish
from projects.selectors.plan_grid import (
    COLUMNS,
    LINKS_READ,
    READ_COLUMNS,
    link_words,
    packed_link,
    packed_row,
    units_of,
)
from projects.selectors.plan_pieces import set_pieces
from projects.selectors.plan_snapshot import Cells, PlanSnapshot, cell, place_of

MOMENTS = frozenset(
    {"planned_start", "planned_finish", "actual_start", "actual_finish", "constraint_date", "deadline"}
)
TO_THE_MINUTE = 16
MOST_LISTED = 200


class StepDone(Protocol):
    """A step, as `projects.services.plan_changes.steps.Step`."""

    @property
    def project(self) -> Project: ...
    @property
    def base(self) -> str: ...
    @property
    def revision(self) -> str: ...
    @property
    def change(self) -> int | None: ...
    @property
    def keys(self) -> Mapping[str, int] | None: ...
    @property
    def before(self) -> PlanSnapshot | None: ...
    @property
    def after(self) -> PlanSnapshot | None: ...
    @property
    def hours(self) -> Any: ...


def step_answer(step: StepDone, *, sees_money: bool) -> dict[str, Any]:
    """
    Return rows and links that are another now, and what moved, ready for JSON.

    No query, four to learn the project's calendar where the finish of the plan moves. A step that had been
    done before has no rows: its base is none the page can hold, so the page reads the plan again.
    """
    answer: dict[str, Any] = {
        "change": step.change,
        "revision": step.revision,
        "base": step.base,
        "keys": dict(step.keys or {}),
    }
    if step.before is None or step.after is None:
        nothing = {"moved": 0, "uids": [], "finish_days": None, "missed": [], "sentence": ""}
        return answer | {
            "rows": [],
            "gone": [],
            "order": None,
            "links": {"rows": [], "gone": []},
            "effect": nothing,
        }
    before, after = step.before, step.after
    uids = {pk: cell(row, "uid") for pk, row in after.tasks.items()}
    changed_links = [pk for pk, row in after.links.items() if before.links.get(pk) != row]
    gone_links = [pk for pk in before.links if pk not in after.links]
    order = list(uids.values())
    same_order = order == [cell(row, "uid") for row in before.tasks.values()]
    return answer | {
        "rows": _rows(step.project, before, after, uids, changed_links, sees_money=sees_money),
        "gone": [cell(row, "uid") for pk, row in before.tasks.items() if pk not in after.tasks],
        "order": None if same_order else order,
        "links": {"rows": [_link(after.links[pk], uids) for pk in changed_links], "gone": gone_links},
        "effect": _effect(step, before, after),
    }


def _rows(
    project: Project,
    before: PlanSnapshot,
    after: PlanSnapshot,
    uids: Mapping[int, int],
    changed_links: Sequence[int],
    *,
    sees_money: bool,
) -> list[list[Any]]:
    """Return the packed rows that differ, in the order of the outline; links differ with their successor."""
    at_end = place_of(Link, "successor_id")
    affected = {after.links[pk][at_end] for pk in changed_links}
    affected |= {row[at_end] for pk, row in before.links.items() if pk not in after.links}
    wanted = [pk for pk, row in after.tasks.items() if before.tasks.get(pk) != row or pk in affected]
    chosen = set(wanted)
    words: dict[int, list[LinkWords]] = defaultdict(list)
    for row in after.links.values():
        if row[at_end] in chosen:
            words[row[at_end]].append(link_words(_link(row, uids)))
    units = units_of(project)
    places = [(place_of(Task, name), name in MOMENTS) for name in READ_COLUMNS]
    rows = [
        packed_row(_read(after.tasks[pk], places), uids, write_links(words[pk], units), True, sees_money)
        for pk in wanted
    ]
    set_pieces(rows, project, columns=COLUMNS)
    return rows


def _read(row: Cells, places: Sequence[tuple[int, bool]]) -> list[Any]:
    return [
        value[:TO_THE_MINUTE] if is_moment and value is not None else value
        for value, is_moment in ((row[place], is_moment) for place, is_moment in places)
    ]


def _link(row: Cells, uids: Mapping[int, int]) -> list[Any]:
    return packed_link([row[place_of(Link, name)] for name in LINKS_READ], uids)


def _effect(step: StepDone, before: PlanSnapshot, after: PlanSnapshot) -> dict[str, Any]:
    """Return which leaf rows have other planned dates, and how far the end of the plan moves."""
    dates = [place_of(Task, name) for name in ("planned_start", "planned_finish")]
    at_kind, at_missed = place_of(Task, "kind"), place_of(Task, "is_deadline_missed")
    moved, missed = [], []
    for pk, row in after.tasks.items():
        old = before.tasks.get(pk)
        if row[at_kind] == TaskKind.SUMMARY:
            continue
        if old is not None and any(row[place] != old[place] for place in dates):
            moved.append(cell(row, "uid"))
        if row[at_missed] and not (old and old[at_missed]):
            missed.append(cell(row, "uid"))
    days = _finish_days(step, before, after)
    return {
        "moved": len(moved),
        "uids": moved,
        "finish_days": days,
        "missed": missed,
        "sentence": moves_sentence(len(moved), days, len(missed)),
    }


def _finish_days(step: StepDone, before: PlanSnapshot, after: PlanSnapshot) -> int | None:
    """Return the working days the plan finishes later; None where it has or had no finish."""
    first, last = (_last_finish(state) for state in (before, after))
    if first is None or last is None:
        return None
    if first == last:
        return 0
    former, finish = (
        shown_finish(datetime.fromisoformat(f"{text[:TO_THE_MINUTE]}+00:00")) for text in (first, last)
    )
    hours = step.hours or working_time(step.project.calendar)
    return hours.working_days_between(former, finish) if former and finish else None


def _last_finish(state: PlanSnapshot) -> str | None:
    place = place_of(Task, "planned_finish")
    return max((row[place] for row in state.tasks.values() if row[place] is not None), default=None)


def step_sentence(counts: Mapping[str, int], *, is_undo: bool) -> str:
    """Return what a step was, in one sentence."""
    words = {
        "set": lambda number: ngettext("%(count)s row changed", "%(count)s rows changed", number),
        "add": lambda number: ngettext("%(count)s row added", "%(count)s rows added", number),
        "delete": lambda number: ngettext("%(count)s row deleted", "%(count)s rows deleted", number),
        "indent": lambda number: ngettext("%(count)s row indented", "%(count)s rows indented", number),
        "outdent": lambda number: ngettext("%(count)s row outdented", "%(count)s rows outdented", number),
        "move": lambda number: ngettext("%(count)s row moved", "%(count)s rows moved", number),
        "copy": lambda number: ngettext("%(count)s row copied", "%(count)s rows copied", number),
        "link": lambda number: ngettext("%(count)s link added", "%(count)s links added", number),
        "relink": lambda number: ngettext("%(count)s link changed", "%(count)s links changed", number),
        "unlink": lambda number: ngettext("%(count)s link removed", "%(count)s links removed", number),
    }
    parts = [words[name](number) % {"count": number} for name, number in counts.items() if name in words]
    sentence = _("%(parts)s.") % {"parts": ", ".join(parts)}
    return _("Undone: %(what)s") % {"what": sentence} if is_undo else sentence


def step_rows(project: Project, *, limit: int = MOST_LISTED) -> list[dict[str, Any]]:
    """Return the steps of a plan, newest first, ready for JSON. One query."""
    rows = (
        PlanChange.objects.filter(project=project)
        .select_related("actor")
        .defer("touched")
        .order_by("-number")[:limit]
    )
    return [
        {
            "number": row.number,
            "at": row.at.isoformat(),
            "by": row.actor.name if row.actor else "",
            "sentence": step_sentence(row.counts, is_undo=bool(row.effect.get("undoes"))),
            "undoes": row.effect.get("undoes"),
            "is_undone": row.is_undone,
        }
        for row in rows
    ]
