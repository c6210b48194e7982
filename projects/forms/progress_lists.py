"""Progress of many tasks at once: a small form for each row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from pmo_portal.common.errors import DomainError, StaleObject
from projects.choices import MILESTONES
from projects.forms.saving import add_errors, field_for, show_other_change
from projects.forms.tasks import ProgressForm, progress_values
from projects.models import Project, Task
from projects.selectors.plan_dates import shown_finish, shown_start
from projects.services.progress import RowsRefused
from projects.services.progress_rules import ProgressDraft
from projects.services.task_dates import KnownHours, working_hours_for


class ProgressRowForm(ProgressForm):
    """The progress of one row of the list."""

    def __init__(self, *args: Any, task: Task, **options: Any) -> None:
        super().__init__(*args, task=task, prefix=prefix_of(task.uid), **options)
        self.fields["note"].widget = forms.TextInput()
        for name, field in self.fields.items():
            field.help_text = ""
            if name != "version":
                field.widget.attrs["aria-label"] = f"{field.label}: {task.name}"

    @property
    def is_said(self) -> bool:
        """Whether somebody changed anything of the row."""
        return bool(set(self.changed_data) - {"version"})

    def draft(self) -> ProgressDraft:
        """Return what is said of the task."""
        said = self.said()
        if self.task.kind in MILESTONES:
            said["actual_start"] = said["actual_finish"]
        return ProgressDraft(task=self.task, **said)

    def refuse(self, fault: DomainError | ValidationError) -> None:
        """Put a refusal on its field."""
        if isinstance(fault, ValidationError):
            add_errors(self, fault)
            return
        self.add_error(field_for(self, fault.field), str(fault))
        if isinstance(fault, StaleObject):
            show_other_change(self, progress_values(self.task))


class QuickForm(ProgressRowForm):
    """The progress of one task without a comment, for a person in a hurry."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["note"]


def answered(form: ProgressRowForm, draft: ProgressDraft) -> dict[str, Any]:
    """Return what the form would send if somebody had typed the answer."""
    values = progress_values(form.task)
    values |= {
        "actual_start": shown_start(draft.actual_start),
        "actual_finish": shown_finish(draft.actual_finish),
    }
    names = [name for name in form.fields if values.get(name) is not None]
    return {form.add_prefix(name): values[name] for name in names}


def prefix_of(uid: int) -> str:
    """Return the prefix of the fields of a task."""
    return f"t{uid}"


def posted_uids(posted: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the tasks whose rows were sent."""
    heads = [name.removesuffix("-version")[1:] for name in posted if name.endswith("-version")]
    return [int(head) for head in heads if head.isdecimal() and len(head) < 10]


def row_forms(tasks: Sequence[Task], *, project: Project, posted: Any = None) -> list[ProgressRowForm]:
    """Return a form for each task; calendars are learned once each."""
    hours: KnownHours = {}
    forms_of_rows = []
    for task in tasks:
        task.project = project
        key = (task.calendar_id, task.duration_kind)
        if posted is not None and key not in hours:
            hours[key] = working_hours_for(task, project=project)
        forms_of_rows.append(
            ProgressRowForm(posted, task=task, hours=hours.get(key), initial=progress_values(task))
        )
    return forms_of_rows


def said_rows(rows: Sequence[ProgressRowForm]) -> list[ProgressRowForm] | None:
    """Return the rows somebody changed; None if one of them cannot be read."""
    said = [form for form in rows if form.is_said]
    readable = [form.is_valid() for form in said]
    return said if all(readable) else None


def refuse_rows(rows: Sequence[ProgressRowForm], refusal: RowsRefused) -> None:
    """Put what the service refused on the rows."""
    by_uid = {form.task.uid: form for form in rows}
    for row in refusal.faults:
        by_uid[row.uid].refuse(row.fault)
