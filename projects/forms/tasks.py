"""Input of tasks, links and progress; days in, moments of the plan out."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import Person
from pmo_portal.common.percentages import with_percent
from projects.choices import (
    CHOSEN_TASK_KINDS,
    MILESTONES,
    ConstraintType,
    EvTechnique,
    LinkType,
    TaskKind,
    TaskType,
    TimeKind,
)
from projects.engine.instants import end_of_day
from projects.engine.working_time import WorkingTime
from projects.forms.interruptions import InterruptionsField, interruption_lines, read_interruptions
from projects.forms.saving import VersionedForm, date_field
from projects.forms.techniques import plain_number
from projects.models import Project, Task
from projects.selectors.calendars import working_time
from projects.selectors.members import people_of
from projects.selectors.plan_dates import (
    constraint_moment,
    finish_moment,
    shown_constraint,
    shown_finish,
    shown_start,
    start_moment,
    to_moment,
)
from projects.selectors.value_profiles import planned_quantity
from projects.selectors.work_days import in_days, in_minutes
from projects.services.counted_progress import COUNTED

PLAIN = frozenset(
    {
        *("name", "kind", "owner", "is_key_milestone", "ev_technique", "notes", "constraint_type"),
        *("is_completion", "is_manual", "is_effort_driven"),
    }
)
SAID = ("task_type", "work_hours")


class TaskForm(VersionedForm):
    """A row of the plan."""

    name = forms.CharField(label=_("Name"), max_length=250)
    parent = forms.ModelChoiceField(
        label=_("Part of"),
        queryset=Task.objects.none(),
        required=False,
        empty_label=_("– the project itself –"),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=CHOSEN_TASK_KINDS)
    start = date_field(_("Start"))
    days = forms.DecimalField(
        label=_("Duration in working days"), min_value=0, max_value=20000, decimal_places=2, required=False
    )
    finish = date_field(_("Finish"), help_text=_("Leave it to follow from start and duration."))
    interruptions = InterruptionsField()
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Person.objects.none(), required=False, empty_label="–"
    )
    is_key_milestone = forms.BooleanField(
        label=_("Key milestone"), required=False, help_text=_("Shown to executives and on the roadmap.")
    )
    is_completion = forms.BooleanField(
        label=_("Completion milestone"),
        required=False,
        help_text=_("Its finish is the finish of the project. One milestone can be it."),
    )
    is_manual = forms.BooleanField(
        label=_("Set by hand"),
        required=False,
        help_text=_("Keeps its own start and finish; links do not move it."),
    )
    deadline = date_field(_("Deadline"), help_text=_("Warns when missed; never moves dates."))
    constraint_type = forms.ChoiceField(label=_("Constraint"), choices=ConstraintType.choices)
    constraint_date = date_field(_("Constraint date"))
    task_type = forms.ChoiceField(
        label=_("Task type"),
        choices=TaskType.choices,
        required=False,
        help_text=_("What stays when work, duration or units of its people change."),
    )
    is_effort_driven = forms.BooleanField(
        label=_("Effort driven"),
        required=False,
        help_text=_("The work stays the same when people come or go."),
    )
    work_hours = forms.DecimalField(
        label=_("Work (hours)"), min_value=0, max_value=9_999_999, decimal_places=2, required=False
    )
    ev_technique = forms.ChoiceField(label=_("Earned value technique"), choices=EvTechnique.choices)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, project: Project, task: Task | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.project, self.task = project, task
        self.fields["parent"].queryset = Task.objects.filter(project=project).in_order()
        self.fields["owner"].queryset = people_of(project, owners={task.owner_id} if task else ())
        if task is not None:
            del self.fields["parent"]
        if task is not None and task.duration_kind == TimeKind.ELAPSED:
            self.fields["days"].label = _("Duration in elapsed days")
        if task is None or task.kind not in MILESTONES:
            del self.fields["is_completion"]
        if not project.is_auto_scheduled:
            del self.fields["is_manual"]
        elif task is None or not task.is_manual:
            # The engine owns the dates: what a person wants of them is a constraint.
            del self.fields["start"], self.fields["finish"]
        if task is not None and task.kind != TaskKind.TASK:
            del self.fields["interruptions"]
        if task is not None and task.kind == TaskKind.SUMMARY:
            for name in set(self.fields) - {"version", "name", "owner", "deadline", "notes"}:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse what contradicts itself."""
        values = super().clean() or {}
        start, finish = values.get("start"), values.get("finish")
        if start and finish and finish < start:
            self.add_error("finish", _("The finish must not be before the start."))
        needs_date = values.get("constraint_type") not in {None, "", ConstraintType.ASAP, ConstraintType.ALAP}
        if needs_date and not values.get("constraint_date"):
            self.add_error("constraint_date", _("This constraint needs a date."))
        return values

    def clean_interruptions(self) -> str:
        """Refuse lines that cannot be read."""
        text: str = self.cleaned_data["interruptions"]
        self._interruptions(text)
        return text

    def _interruptions(self, text: str) -> list[list[int]] | None:
        former = self.task.interruptions if self.task else None
        return read_interruptions(text, project=self.project, former=former) or None

    @property
    def changes(self) -> dict[str, Any]:
        """The columns that differ from what the form showed; all of them for a new row."""
        names = self.changed_data if self.task else [name for name in self.fields if name != "parent"]
        given = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        if self.task is None and given.get("finish"):
            given.pop("days", None)
        found: dict[str, Any] = {name: given[name] for name in PLAIN & set(given)}
        if {"start", "finish", "days", "deadline", "constraint_date", "constraint_type"} & set(given):
            found |= self._times(given)
        if "interruptions" in given:
            found["interruptions"] = self._interruptions(given["interruptions"])
        return found | {name: given[name] for name in SAID if given.get(name) not in (None, "")}

    def _times(self, given: dict[str, Any]) -> dict[str, Any]:
        hours = working_time(
            self.task.calendar if self.task and self.task.calendar else self.project.calendar
        )
        found: dict[str, Any] = {}
        if "start" in given:
            found["planned_start"] = given["start"] and start_moment(given["start"], working_time=hours)
        if "finish" in given:
            found["planned_finish"] = given["finish"] and finish_moment(given["finish"], working_time=hours)
        if given.get("days") is not None:
            kind = self.task.duration_kind if self.task else TimeKind.WORK
            found["duration"] = in_minutes(given["days"], self.project, kind)
        if "deadline" in given:
            found["deadline"] = given["deadline"] and to_moment(end_of_day(given["deadline"]))
        if {"constraint_date", "constraint_type"} & set(given):
            found["constraint_date"] = self._constraint_moment()
        return found

    def _constraint_moment(self) -> datetime | None:
        day: date | None = self.cleaned_data.get("constraint_date")
        kind = self.cleaned_data.get("constraint_type")
        if day is None or kind in {ConstraintType.ASAP, ConstraintType.ALAP}:
            return None
        return constraint_moment(kind, day)


def task_values(task: Task) -> dict[str, Any]:
    """Return the present values of `TaskForm`."""
    return {
        "name": task.name,
        "kind": task.kind,
        "start": shown_start(task.planned_start),
        "days": in_days(task.duration, task.project, task.duration_kind),
        "finish": shown_finish(task.planned_finish),
        "owner": task.owner,
        "is_key_milestone": task.is_key_milestone,
        "is_completion": task.is_completion,
        "deadline": shown_finish(task.deadline),
        "is_manual": task.is_manual,
        "constraint_type": task.constraint_type,
        "constraint_date": shown_constraint(task.constraint_type, task.constraint_date),
        "task_type": task.task_type,
        "is_effort_driven": task.is_effort_driven,
        "work_hours": task.work_hours.normalize() + 0,
        "interruptions": interruption_lines(task),
        "ev_technique": task.ev_technique,
        "notes": task.notes,
        "version": task.version,
    }


class ProgressForm(VersionedForm):
    """What is done at the data date."""

    SERVICE_FIELDS: ClassVar[Mapping[str, str]] = {"remaining_duration": "days_left"}

    actual_start = date_field(_("Actual start"))
    actual_finish = date_field(_("Actual finish"), help_text=_("Only when the task is done."))
    percent_complete = forms.DecimalField(
        label=_("% complete"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
        help_text=_("Share of the time: the work left follows from it."),
    )
    days_left = forms.DecimalField(
        label=_("Working days left"),
        min_value=0,
        max_value=20000,
        decimal_places=2,
        required=False,
        help_text=_("Give this instead when you know better how long it still takes."),
    )
    percent_physical = forms.DecimalField(
        label=_("% physically done"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
        help_text=_("Share of the result; it is what earned value counts."),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, task: Task, hours: WorkingTime | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.task, self.hours = task, hours
        if task.duration_kind == TimeKind.ELAPSED:
            self.fields["days_left"].label = _("Elapsed days left")
        if task.kind in MILESTONES:
            for name in ("actual_start", "percent_complete", "days_left", "percent_physical"):
                del self.fields[name]
            self.fields["actual_finish"].label = _("Reached on")
            self.fields["actual_finish"].help_text = _("Empty while it is not reached.")
        else:
            self._count(task.ev_details or {})
            if task.actual_finish is not None:
                self.fields["actual_finish"].help_text = _("Empty it to open the task again.")

    def _count(self, details: dict[str, Any]) -> None:
        """Ask for what the technique counts instead of the percentage that follows from it."""
        planned = planned_quantity(details)
        if self.task.ev_technique in COUNTED and planned is not None:
            of = {"planned": f"{planned.normalize():f}", "unit": details.get("unit", "")}
            self.fields["quantity_done"] = forms.DecimalField(
                label=_("Points accepted") if "baseline_points" in details else _("Units done"),
                min_value=0,
                max_value=100_000_000,
                decimal_places=2,
                required=False,
                help_text=_("So far, of %(planned)s %(unit)s planned; it is what earned value counts.") % of,
            )
        elif self.task.ev_technique == EvTechnique.WEIGHTED_MILESTONES and details.get("milestones"):
            steps = enumerate(details["milestones"], 1)
            self.fields["steps_reached"] = forms.TypedMultipleChoiceField(
                label=_("Steps reached"),
                coerce=int,
                choices=[(number, _step_title(number, step)) for number, step in steps],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("The weights of these steps are what earned value counts."),
            )
        else:
            return
        del self.fields["percent_physical"]
        self.order_fields([name for name in self.fields if name != "note"])

    def said(self) -> dict[str, Any]:
        """
        Return what `record_progress` takes; percent and days left only where they were changed.

        The 100 percent of a finished task that is opened again say nothing (SCH-28).
        """
        given = self.cleaned_data
        hours = self.hours or working_time(self.task.calendar or self.task.project.calendar)
        start, finish = given.get("actual_start"), given.get("actual_finish")
        return {
            "actual_start": self._moment(start, self.task.actual_start, hours, is_finish=False),
            "actual_finish": self._moment(finish, self.task.actual_finish, hours, is_finish=True),
            "percent_complete": self._share(),
            "remaining_duration": self._left(),
            "percent_physical": given.get("percent_physical")
            if "percent_physical" in self.changed_data
            else None,
            "note": given.get("note", ""),
            "quantity_done": given.get("quantity_done"),
            "steps_reached": given.get("steps_reached"),
        }

    def _share(self) -> Decimal | None:
        given: Decimal | None = self.cleaned_data.get("percent_complete")
        if "percent_complete" in self.changed_data:
            return given
        is_reopened = self.task.actual_finish is not None and not self.cleaned_data.get("actual_finish")
        return None if is_reopened or "days_left" in self.changed_data or not given else given

    def _left(self) -> int | None:
        """Days left as given; those of the form as it was shown only when nothing else says it."""
        if "days_left" in self.changed_data or "percent_complete" not in self.changed_data:
            is_ended = bool(self.cleaned_data.get("actual_finish"))
            left: Decimal | None = self.cleaned_data.get("days_left")
            return None if is_ended else in_minutes(left, self.task.project, self.task.duration_kind)
        return None

    def _moment(
        self, day: date | None, former: datetime | None, hours: WorkingTime, *, is_finish: bool
    ) -> datetime | None:
        """Return the moment of a day; an unchanged day keeps its exact moment."""
        shown = shown_finish(former) if is_finish else shown_start(former)
        if day is None or day == shown:
            return former if day else None
        return finish_moment(day, working_time=hours) if is_finish else start_moment(day, working_time=hours)


def _step_title(number: int, step: dict[str, str]) -> str:
    return f"{step['name'] or number} ({with_percent(plain_number(step['weight']))})"


def progress_values(task: Task) -> dict[str, Any]:
    """Return the present values of `ProgressForm`."""
    return {
        "actual_start": shown_start(task.actual_start),
        "actual_finish": shown_finish(task.actual_finish),
        "percent_complete": task.percent_complete if task.actual_start else None,
        "days_left": in_days(
            task.duration if task.remaining_duration is None else task.remaining_duration,
            task.project,
            task.duration_kind,
        ),
        "percent_physical": task.percent_physical if task.actual_start else None,
        "quantity_done": (task.ev_progress or {}).get("done"),
        "steps_reached": (task.ev_progress or {}).get("reached", []),
        "version": task.version,
    }


class LinkForm(forms.Form):
    """A predecessor of a task."""

    predecessor = forms.ModelChoiceField(
        label=_("Waits for"), queryset=Task.objects.none(), empty_label=_("Choose a task")
    )
    type = forms.ChoiceField(label=_("Type"), choices=LinkType.choices, initial=LinkType.FS)
    lag_days = forms.DecimalField(
        label=_("Lag in working days"),
        required=False,
        initial=0,
        min_value=-2000,
        max_value=2000,
        decimal_places=2,
        help_text=_("Negative for a lead."),
    )

    def __init__(self, *args: Any, task: Task, **options: Any) -> None:
        super().__init__(*args, **options)
        self.task = task
        self.fields["predecessor"].queryset = (
            Task.objects.leaves().filter(project=task.project).exclude(pk=task.pk).in_order()
        )

    @property
    def lag(self) -> int:
        """The lag in minutes."""
        return in_minutes(self.cleaned_data["lag_days"] or Decimal(0), self.task.project) or 0


class MoveForm(forms.Form):
    """Another place in the outline."""

    to = forms.ChoiceField(choices=[(way, way) for way in ("indent", "outdent", "up", "down")])
