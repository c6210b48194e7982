"""The answers of the update assistant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.choices import MILESTONES, TimeKind
from projects.engine.working_time import WorkingTime
from projects.forms.saving import VersionedForm, date_field
from projects.models import Task
from projects.selectors.calendars import working_time
from projects.selectors.plan_dates import shown_start
from projects.selectors.progress_list import ProgressRow, on_plan_moments
from projects.selectors.work_days import in_days, in_minutes
from projects.services import progress_answers
from projects.services.progress_rules import ProgressDraft

ON_PLAN, OTHER_DAY, STARTED, NOT_STARTED = "on_plan", "other_day", "started", "not_started"
# A refusal of the service by the answer it belongs to.
FIELDS = {
    OTHER_DAY: {"actual_start": "done_start", "actual_finish": "done_finish"},
    STARTED: {"actual_start": "began", "remaining_duration": "days_left"},
    NOT_STARTED: {"note": "because"},
}


def days_field(label: Any) -> forms.DecimalField:
    """Return a field for working days left."""
    return forms.DecimalField(label=label, min_value=0, max_value=20000, decimal_places=2, required=False)


class AnswerForm(VersionedForm):
    """What happened with one task."""

    answer = forms.ChoiceField(label=_("What happened?"), widget=forms.RadioSelect)
    done_start = date_field(_("Started on"))
    done_finish = date_field(_("Finished on"))
    began = date_field(_("Started on"))
    days_left = days_field(_("Working days left"))
    because = forms.CharField(label=_("Because"), max_length=500, required=False)

    def __init__(self, *args: Any, task: Task, row: ProgressRow, **options: Any) -> None:
        super().__init__(*args, **options)
        self.task, self.row = task, row
        self.fields["answer"].choices = self._answers()
        if task.duration_kind == TimeKind.ELAPSED:
            self.fields["days_left"].label = _("Elapsed days left")
        if task.kind in MILESTONES:
            del self.fields["done_start"], self.fields["began"], self.fields["days_left"]
            self.fields["done_finish"].label = _("Reached on")
        elif task.actual_start is not None:
            del self.fields["done_start"], self.fields["began"]
        if task.actual_start is not None:
            del self.fields["because"]

    def _answers(self) -> list[tuple[str, Any]]:
        """The answers that can be true of the task."""
        is_milestone = self.task.kind in MILESTONES
        found: list[tuple[str, Any]] = []
        if self.row.plan_finish:
            found.append((ON_PLAN, _("Reached on plan") if is_milestone else _("Done on plan")))
        found.append(
            (OTHER_DAY, _("Reached on another day") if is_milestone else _("Done on another day"))
            if self.row.plan_finish
            else (OTHER_DAY, _("Reached") if is_milestone else _("Done"))
        )
        if not is_milestone:
            found.append(
                (STARTED, _("Started, not done yet") if not self.row.is_started else _("Not done yet"))
            )
        if self.task.actual_start is None:
            found.append((NOT_STARTED, _("Not reached yet") if is_milestone else _("Not started, later")))
        return found

    @property
    def options(self) -> list[dict[str, Any]]:
        """Each answer with its fields, for the template."""
        names = {
            OTHER_DAY: ("done_start", "done_finish"),
            STARTED: ("began", "days_left"),
            NOT_STARTED: ("because",),
        }
        return [
            {
                "value": value,
                "title": title,
                "is_chosen": self["answer"].value() == value,
                "fields": [self[name] for name in names.get(value, ()) if name in self.fields],
            }
            for value, title in self.fields["answer"].choices
        ]

    def draft(self) -> ProgressDraft:
        """Return the entry the answer stands for."""
        given, task = self.cleaned_data, self.task
        hours: WorkingTime = working_time(task.calendar or task.project.calendar)
        if given["answer"] == ON_PLAN:
            start, finish = on_plan_moments(task, data_date=task.project.data_date)
            assert finish is not None, "offered only with a finish on plan"
            return progress_answers.done_between(task, start=start, finish=finish)
        if given["answer"] == OTHER_DAY:
            return progress_answers.done_on_day(
                task, start=given.get("done_start"), finish=given["done_finish"], hours=hours
            )
        if given["answer"] == STARTED:
            left = in_minutes(given["days_left"], task.project, task.duration_kind) or 0
            return progress_answers.under_way(task, start=given.get("began"), left=left, hours=hours)
        return progress_answers.not_started(task, because=given["because"])

    def field_of(self, name: str | None) -> str | None:
        """Return the field a refusal of the service belongs to."""
        found = FIELDS.get(self.cleaned_data.get("answer", ""), {}).get(name or "")
        return found if found in self.fields else None

    def clean(self) -> dict[str, Any]:
        """Ask for what the answer needs."""
        values = super().clean() or {}
        answer = values.get("answer")
        if answer == STARTED and values.get("days_left") is None and "days_left" not in self.errors:
            self.add_error("days_left", _("Say how much work is left."))
        if answer == NOT_STARTED and not values.get("because", "").strip():
            self.add_error("because", _("Say why it starts later."))
        return values


def answer_values(task: Task, row: ProgressRow) -> dict[str, Any]:
    """Return what the form shows at first."""
    began = shown_start(task.actual_start) or row.plan_start
    return {
        "done_start": began,
        "began": began,
        "days_left": in_days(task.remaining_duration, task.project, task.duration_kind)
        if task.actual_start
        else None,
        "version": task.version,
    }
