"""Input of who works on a task."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import Person
from projects.forms.saving import VersionedForm
from projects.models import Assignment, Resource, Task
from projects.selectors.assignments import people_without_resource, resources_for

RESOURCE, PERSON = "resource-", "person-"


class AssignForm(VersionedForm):
    """A resource, or somebody who works in the project, joins a task."""

    resource = forms.ChoiceField(label=_("Person or resource"))
    units_percent = forms.DecimalField(
        label=_("Units (%)"),
        min_value=0,
        max_value=10_000,
        decimal_places=2,
        initial=100,
        help_text=_("100 is one full time."),
    )

    def __init__(self, *args: Any, task: Task, **options: Any) -> None:
        super().__init__(*args, **options)
        project = task.project
        self._resources = {
            f"{RESOURCE}{row.pk}": row for row in resources_for(project).exclude(assignments__task=task)
        }
        self._people = {f"{PERSON}{row.pk}": row for row in people_without_resource(project)}
        self.fields["resource"].choices = self._choices()  # type: ignore[attr-defined]
        self.fields["version"].initial = task.version

    def _choices(self) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = [("", _("Choose who"))]
        if self._people:
            found.append(
                (str(_("People of the project")), [(key, row.name) for key, row in self._people.items()])
            )
        if self._resources:
            found.append((str(_("Resources")), [(key, row.name) for key, row in self._resources.items()]))
        return found

    def who(self) -> dict[str, Resource | Person]:
        """Return what `assign_resource` takes for the one who was chosen."""
        key = self.cleaned_data["resource"]
        if key in self._people:
            return {"person": self._people[key]}
        return {"resource": self._resources[key]}


class AssignmentForm(VersionedForm):
    """Units and work of a resource on a task."""

    units_percent = forms.DecimalField(
        label=_("Units (%)"),
        min_value=0,
        max_value=10_000,
        decimal_places=2,
        help_text=_("100 is one full time."),
    )
    work_hours = forms.DecimalField(
        label=_("Work (hours)"), min_value=0, max_value=100_000_000, decimal_places=2
    )

    @property
    def changes(self) -> dict[str, Any]:
        """The values that differ from what the form showed."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}


def assignment_values(row: Assignment) -> dict[str, Any]:
    """Return the present values of `AssignmentForm`; the version is that of the task."""
    return {
        "units_percent": _short(row.units_percent),
        "work_hours": _short(row.work_hours),
        "version": row.task.version,
    }


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01")).normalize() + 0
