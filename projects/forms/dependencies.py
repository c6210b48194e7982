"""Input of dependencies between projects."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.choices import MILESTONES
from projects.forms.saving import VersionedForm, date_field
from projects.models import Project, ProjectDependency, Task
from projects.selectors.dependencies import forecast_of, shown_moment

NEED_HELP = _("The last day on which it helps. Between the other project's date and this day lies your room.")
DRIVES_HELP = _("The date promised then counts as “start no earlier than” for your milestone.")


class MilestoneField(forms.ModelChoiceField):
    """A milestone of one project, with its day."""

    def label_from_instance(self, milestone: Any) -> str:
        """Return number, name and day."""
        day = shown_moment(forecast_of(milestone), milestone.kind)
        return f"{milestone} · {day:%Y-%m-%d}" if day else str(milestone)


def open_milestones(project: Project) -> Any:
    """Return the active milestones that are not reached yet, in order of the outline."""
    found = Task.objects.filter(project=project, kind__in=MILESTONES, is_active=True)
    return found.filter(actual_finish__isnull=True).in_order()


class GiverForm(forms.Form):
    """Which project to wait for."""

    giver = forms.ModelChoiceField(
        label=_("Wait for a milestone of"),
        queryset=Project.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a project"),
        widget=forms.Select(attrs={"data-select": ""}),
        help_text=_("Projects whose milestones you may see."),
    )

    def __init__(self, *args: Any, givers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["giver"].queryset = givers  # type: ignore[attr-defined]


class DependencyForm(forms.Form):
    """Which of its milestones, and what of ours waits for it."""

    giver_milestone = MilestoneField(label=_("Its milestone"), queryset=Task.objects.none())
    milestone = MilestoneField(
        label=_("Your milestone that waits"),
        queryset=Task.objects.none(),
        help_text=_("Link your tasks to it: then they move with it."),
    )
    need_by = date_field(_("Needed by"), required=True, help_text=NEED_HELP)
    drives_schedule = forms.BooleanField(
        label=_("Bounds your schedule"), required=False, initial=True, help_text=DRIVES_HELP
    )

    def __init__(self, *args: Any, giver: Project, receiver: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["giver_milestone"].queryset = open_milestones(giver)  # type: ignore[attr-defined]
        self.fields["milestone"].queryset = open_milestones(receiver)  # type: ignore[attr-defined]


class DependencyEditForm(VersionedForm):
    """When it is needed, and whether it bounds the plan."""

    need_by = date_field(_("Needed by"), required=True, help_text=NEED_HELP)
    drives_schedule = forms.BooleanField(
        label=_("Bounds your schedule"), required=False, help_text=DRIVES_HELP
    )


class RenegotiateForm(VersionedForm):
    """Ask for another date."""

    need_by = date_field(_("Needed by"), required=True, help_text=NEED_HELP)
    note = forms.CharField(
        label=_("What you ask for, and why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("The managers of the other project read it."),
    )


class DeclineForm(VersionedForm):
    """Say why a project does not agree."""

    note = forms.CharField(
        label=_("Why, and what is possible instead"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("The managers of the other project read it."),
    )


def dependency_values(dependency: ProjectDependency) -> dict[str, Any]:
    """Return the present values of the forms."""
    return {
        "need_by": dependency.need_by,
        "drives_schedule": dependency.drives_schedule,
        "version": dependency.version,
    }
