"""Links between tasks: never a ring (SCH-9, SCH-10, SEC-30)."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from projects import actions
from projects.choices import LinkType, TaskKind
from projects.models import Link, Project, Task
from projects.services.changes import (
    lock_links,
    lock_open_project,
    require_version,
    save_version,
    touch_project,
    write_changes,
)
from projects.services.schedules import settle_plan

EDITABLE = frozenset({"type", "lag", "lag_percent", "lag_kind", "lag_calendar"})
FACTS = ("predecessor", "successor", "type", "lag", "lag_percent", "lag_kind")


@transaction.atomic
def add_link(
    *, actor: User | None, project: Project, predecessor: Task, successor: Task, **facts: Any
) -> Link:
    """
    Return a new link: ``successor`` waits for ``predecessor``.

    Parameters
    ----------
    **facts
        ``type``, ``lag`` (minutes, negative is a lead), ``lag_percent``, ``lag_kind``, ``lag_calendar``.

    Raises
    ------
    DomainError
        ``SELF_LINK``, ``ANCESTOR_LINK``, ``SUMMARY_LINK``, ``DUPLICATE_LINK``, ``NO_TASK``, or ``CYCLE``
        with the tasks of the ring in order.
    """
    lock_links()
    locked = lock_open_project(project)
    if set(facts) - EDITABLE:
        raise ValueError(f"not to be set here: {sorted(set(facts) - EDITABLE)}")
    first, second = _fresh_ends(locked, predecessor, successor)
    _require_ends(first, second)
    _require_no_ring(locked, first, second)
    link = Link(project=locked, predecessor=first, successor=second, **facts)
    _require_new(link)
    link.full_clean()
    link.save()
    settle_plan(locked)
    _record(actor, actions.LINK_CREATED, link, locked, before=None)
    return link


@dataclass(frozen=True)
class LinkDraft:
    """``successor`` waits for ``predecessor``; ``lag`` in minutes, negative is a lead."""

    predecessor: Task
    successor: Task
    type: str = LinkType.FS
    lag: int = 0


@transaction.atomic
def add_links(*, actor: User | None, project: Project, drafts: Sequence[LinkDraft]) -> list[Link]:
    """
    Return many new links, looked through for rings once; all or nothing.

    Raises
    ------
    DomainError
        As `add_link`.
    """
    lock_links()
    locked = lock_open_project(project)
    tasks = _fresh_tasks(locked, drafts)
    links = []
    for draft in drafts:
        first, second = tasks[draft.predecessor.pk], tasks[draft.successor.pk]
        _require_ends(first, second)
        link = Link(project=locked, predecessor=first, successor=second, type=draft.type, lag=draft.lag)
        link.clean_fields(exclude=["project", "predecessor", "successor"])
        links.append(link)
    _require_different(locked, links)
    Link.objects.bulk_create(links, batch_size=500)
    require_no_rings(locked)
    settle_plan(locked)
    changes = [
        audit.Change(actions.LINK_CREATED, link, locked.node, after=_described(link), label=link.wording)
        for link in links
    ]
    audit.record_many(actor=actor, changes=changes)
    touch_project(locked)
    return links


@transaction.atomic
def edit_link(
    *, actor: User | None, link: Link, changes: Mapping[str, Any], expected_version: int | None
) -> Link:
    """Save another type or lag."""
    lock_links()
    project = lock_open_project(link.project)
    locked = Link.objects.select_for_update().get(pk=link.pk)
    require_version(locked.version, expected=expected_version)
    before, after = write_changes(locked, changes=changes, allowed=EDITABLE)
    if not after:
        return locked
    _require_new(locked)
    save_version(locked)
    settle_plan(project)
    _record(actor, actions.LINK_CHANGED, locked, project, before=before)
    return locked


@transaction.atomic
def remove_link(*, actor: User | None, link: Link) -> None:
    """Remove a link."""
    lock_links()
    project = lock_open_project(link.project)
    locked = Link.objects.select_for_update().get(pk=link.pk)
    gone = Link(pk=locked.pk)
    before, label = _described(locked), locked.wording
    locked.delete()
    settle_plan(project)
    audit.record(
        actor=actor,
        action=actions.LINK_DELETED,
        target=gone,
        node=project.node,
        before=before,
        label=label,
    )
    touch_project(project)


def _fresh_ends(project: Project, predecessor: Task, successor: Task) -> tuple[Task, Task]:
    """Return both tasks as they are now; both must belong to the project."""
    found = Task.objects.filter(project=project).in_bulk([predecessor.pk, successor.pk])
    if predecessor.pk not in found or successor.pk not in found:
        raise DomainError(_("There is no such task in this project."), code="NO_TASK", field="predecessor")
    return found[predecessor.pk], found[successor.pk]


def _require_ends(first: Task, second: Task) -> None:
    """Refuse links to itself, to an ancestor and to summaries (SCH-9)."""
    is_kin = first.sort_path.startswith(second.sort_path) or second.sort_path.startswith(first.sort_path)
    refuse_ends(
        is_same=first.pk == second.pk,
        is_kin=is_kin,
        summaries=[task.name for task in (first, second) if task.kind == TaskKind.SUMMARY],
    )


def refuse_ends(*, is_same: bool, is_kin: bool, summaries: Sequence[str]) -> None:
    """
    Refuse ends no link may have (SCH-9): a task and itself, a part and its whole, a summary.

    Raises
    ------
    DomainError
        ``SELF_LINK``, ``ANCESTOR_LINK``, ``SUMMARY_LINK``.
    """
    if is_same:
        raise DomainError(_("A task cannot wait for itself."), code="SELF_LINK", field="predecessor")
    if is_kin:
        raise DomainError(
            _("A task cannot be linked to the summary it is part of."),
            code="ANCESTOR_LINK",
            field="predecessor",
        )
    for name in summaries:
        raise DomainError(
            _("“%(name)s” is a summary. Link the tasks below it instead.") % {"name": name},
            code="SUMMARY_LINK",
            field="predecessor",
        )


def refuse_duplicate() -> NoReturn:
    """Say that the link is there already (SCH-10)."""
    raise Conflict(
        _("These two tasks are linked in this way already."), code="DUPLICATE_LINK", field="predecessor"
    )


def _require_no_ring(project: Project, first: Task, second: Task) -> None:
    """Refuse a link that closes a ring; the message names its tasks in order (SCH-10). Two queries."""
    following: dict[int, list[int]] = defaultdict(list)
    pairs = Link.objects.filter(project=project).values_list("predecessor_id", "successor_id").order_by("pk")
    for predecessor, successor in pairs:
        following[predecessor].append(successor)
    path = _path_between(following, second.pk, first.pk)
    if path is None:
        return
    _refuse_ring(project, path)


def _refuse_ring(project: Project, path: Sequence[int]) -> NoReturn:
    tasks = Task.objects.filter(project=project).in_bulk(path)
    names = [f"{tasks[pk].wbs} {tasks[pk].name}" for pk in path]
    raise Conflict(
        _("This link would close a ring: %(ring)s.") % {"ring": " → ".join([*names, names[0]])},
        code="CYCLE",
        field="predecessor",
    )


def _path_between(following: dict[int, list[int]], start: int, goal: int) -> list[int] | None:
    """Return the shortest way along links from ``start`` to ``goal``, both included."""
    came_from: dict[int, int | None] = {start: None}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == goal:
            path: list[int] = []
            step: int | None = here
            while step is not None:
                path.append(step)
                step = came_from[step]
            return path[::-1]
        for there in following.get(here, ()):
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    return None


def require_no_rings(project: Project) -> None:
    """Refuse if links of the project close a ring (SCH-10): what waits for nothing is taken away."""
    pairs = list(Link.objects.filter(project=project).values_list("predecessor_id", "successor_id"))
    following: dict[int, list[int]] = defaultdict(list)
    waiting_for: dict[int, int] = defaultdict(int)
    for predecessor, successor in pairs:
        following[predecessor].append(successor)
        waiting_for[successor] += 1
    free = [pk for pk in following if not waiting_for[pk]]
    while free:
        for successor in following.pop(free.pop(), ()):
            waiting_for[successor] -= 1
            if not waiting_for[successor]:
                free.append(successor)
    for start, successors in following.items():
        for successor in successors:
            path = _path_between(following, successor, start)
            if path is not None:
                _refuse_ring(project, path)


def _require_different(project: Project, links: Sequence[Link]) -> None:
    """Refuse links of the same pair and type, among themselves or with those of the project. One query."""
    keys = {(link.predecessor_id, link.successor_id, link.type) for link in links}
    kept = Link.objects.filter(project=project).values_list("predecessor_id", "successor_id", "type")
    if len(keys) != len(links) or keys & set(kept):
        refuse_duplicate()


def _fresh_tasks(project: Project, drafts: Sequence[LinkDraft]) -> dict[int, Task]:
    """Return the ends of the drafts as they are now. One query."""
    ends = {task.pk for draft in drafts for task in (draft.predecessor, draft.successor)}
    found = Task.objects.filter(project=project).in_bulk(ends)
    if len(found) != len(ends):
        raise DomainError(_("There is no such task in this project."), code="NO_TASK", field="predecessor")
    return found


def _require_new(link: Link) -> None:
    """Refuse a second link of the same pair and type (SCH-10)."""
    same = Link.objects.filter(
        predecessor_id=link.predecessor_id, successor_id=link.successor_id, type=link.type
    ).exclude(pk=link.pk)
    if same.exists():
        refuse_duplicate()


def _described(link: Link) -> dict[str, Any]:
    return {name: str(value) if isinstance(value := getattr(link, name), Task) else value for name in FACTS}


def _record(
    actor: User | None, action: str, link: Link, project: Project, *, before: Mapping[str, Any] | None
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=link,
        node=project.node,
        before=before,
        after=_described(link),
        label=link.wording,
    )
    touch_project(project)
