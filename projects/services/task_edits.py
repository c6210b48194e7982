"""
The rules of an edit of one row, for those who edit one and for those who edit many at once.

What the rules ask about a row is answered by `Around`, query by query, or by one of its heirs from memory.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import MILESTONES, ConstraintType, TaskKind, TimeKind
from projects.engine.working_time import WorkingTime
from projects.models import Assignment, Project, Task
from projects.services.changes import write_changes
from projects.services.efforts import follow_task, workers_of
from projects.services.task_dates import KnownHours, fit_dates, working_hours_for
from projects.services.task_interruptions import checked_interruptions
from projects.services.techniques import require_technique_open

EDITABLE = frozenset(
    {
        "name",
        "notes",
        "kind",
        "is_active",
        "is_manual",
        "duration",
        "duration_kind",
        "planned_start",
        "planned_finish",
        "work_hours",
        "task_type",
        "is_effort_driven",
        "calendar",
        "constraint_type",
        "constraint_date",
        "deadline",
        "priority",
        "is_key_milestone",
        "owner",
        "ev_technique",
        "fixed_cost",
        "extra",
        "interruptions",
    }
)
EDITABLE_LATER = EDITABLE | {"is_completion"}
"""A row that is made cannot be the completion at once: it would take the mark from another."""
OF_SUMMARIES = frozenset({"name", "notes", "is_active", "owner", "deadline", "priority", "extra"})
DATED = frozenset(
    {"planned_start", "planned_finish", "duration", "duration_kind", "kind", "calendar", "interruptions"}
)


class Around:
    """
    What the rules ask about a row: each answer is a query.

    ``known_hours`` keeps calendars that were asked for, by key of the calendar and kind of time.
    """

    def __init__(self, project: Project) -> None:
        """Answer for rows of a locked project."""
        self.project = project
        self.known_hours: KnownHours = {}

    def hours(self, task: Task) -> WorkingTime:
        """Return the working time of a row."""
        key = (task.calendar_id, task.duration_kind)
        if key not in self.known_hours:
            self.known_hours[key] = working_hours_for(task, project=self.project)
        return self.known_hours[key]

    def project_hours(self) -> WorkingTime | None:
        """Return the working time of the project's calendar, if it was asked for before."""
        return self.known_hours.get((None, TimeKind.WORK))

    def has_children(self, task: Task) -> bool:
        """Whether other rows are part of it."""
        return Task.objects.filter(parent=task).exists()

    def is_assigned(self, task: Task) -> bool:
        """Whether people or resources work on it."""
        return Assignment.objects.filter(task=task).exists()

    def workers(self, task: Task) -> list[Assignment]:
        """Return the assignments that do its work."""
        return workers_of(task)

    def keep_workers(self, rows: Sequence[Assignment]) -> None:
        """Save assignments that followed their task."""
        for row in rows:
            row.save()


def apply_edit(
    around: Around, task: Task, changes: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Write new values into a row that is not saved here; return what differs, before and after.

    A new start or duration moves the finish, a new finish changes the duration. People assigned to the row
    follow its work or duration.

    Raises
    ------
    DomainError
        ``SUMMARY_FIELD`` for values a summary takes from below (SCH-33), ``SUMMARY_KIND``,
        ``MILESTONE_DURATION``, ``NO_ASSIGNMENTS``, ``REASON_NEEDED``, and those of `fit_dates` and
        `follow_task`.
    """
    project = around.project
    planned = (task.planned_start, task.planned_finish)
    duration = task.duration
    before, after = write_changes(
        task, changes=wanted_columns(project, task, changes), allowed=EDITABLE_LATER
    )
    if not after:
        return before, after
    if task.kind == TaskKind.SUMMARY or "kind" in after:
        _require_kind(around, task, after)
    elif task.kind in MILESTONES and task.duration:
        raise DomainError(
            _("A milestone has no duration. Make the row a task first."),
            code="MILESTONE_DURATION",
            field="duration",
        )
    if "kind" in after and task.kind != TaskKind.TASK and "interruptions" not in after:
        _drop_interruptions(task, before, after)
    if "interruptions" in after:
        task.interruptions = checked_interruptions(task)
    if DATED & set(after):
        fit_dates(task, after, around.hours(task))
    followed, rows = follow_task(
        task, duration=duration, changed=frozenset(after), workers=lambda: around.workers(task)
    )
    around.keep_workers(rows)
    if "duration" in followed:
        fit_dates(task, {"duration": task.duration}, around.hours(task))
    after |= followed
    if project.is_auto_scheduled and not task.is_manual:
        task.planned_start, task.planned_finish = planned
    require_technique_open(task, after)
    return before, after


def _drop_interruptions(task: Task, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Let go of the rests of a row that is no task any more: only tasks are interrupted."""
    if task.interruptions:
        before["interruptions"], after["interruptions"] = task.interruptions, None
        task.interruptions = None


def wanted_columns(project: Project, task: Task, changes: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the columns to write: where the engine owns the dates, a start somebody asks for is a constraint.

    Clearing the start lifts it. Dates set by hand, and constraints given along, stay what they are.
    """
    wanted = dict(changes)
    is_manual = wanted.get("is_manual", task.is_manual)
    if "planned_start" not in wanted or not project.is_auto_scheduled or is_manual:
        return wanted
    if not {"constraint_type", "constraint_date"} & wanted.keys() and task.actual_start is None:
        start = wanted["planned_start"]
        wanted["constraint_type"] = ConstraintType.ASAP if start is None else ConstraintType.SNET
        wanted["constraint_date"] = start
    return wanted


def _require_kind(around: Around, task: Task, changed: Mapping[str, Any]) -> None:
    """Refuse what a summary takes from below, and a change into or out of a summary by hand."""
    is_summary = around.has_children(task)
    if is_summary and set(changed) - OF_SUMMARIES:
        raise DomainError(
            _("A summary takes these values from the tasks below it. Change those tasks instead."),
            code="SUMMARY_FIELD",
            field=sorted(set(changed) - OF_SUMMARIES)[0],
        )
    if not is_summary and task.kind == TaskKind.SUMMARY and "kind" in changed:
        raise DomainError(
            _("A task becomes a summary when you put other tasks below it."),
            code="SUMMARY_KIND",
            field="kind",
        )
    if task.kind in MILESTONES:
        if around.is_assigned(task):
            raise DomainError(
                _("Milestones take no assignments. Take people and resources off the task first."),
                code="NO_ASSIGNMENTS",
                field="kind",
            )
        task.duration = 0


def require_unbound(task: Task, *, is_linked: bool, is_assigned: bool) -> None:
    """
    Refuse a row that cannot become a summary (SCH-9, SCH-35).

    Raises
    ------
    DomainError
        ``SUMMARY_LINK`` while it is linked, ``SUMMARY_ASSIGNMENT`` while somebody works on it.
    """
    if is_linked:
        raise DomainError(
            _("“%(name)s” is linked to other tasks. Remove its links before it becomes a summary.")
            % {"name": task.name},
            code="SUMMARY_LINK",
            field="parent",
        )
    if is_assigned:
        raise DomainError(
            _("People or resources work on “%(name)s”. Take them off before it becomes a summary.")
            % {"name": task.name},
            code="SUMMARY_ASSIGNMENT",
            field="parent",
        )
