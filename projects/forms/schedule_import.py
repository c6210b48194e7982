"""Input of an import: the file and its place, then what to do with each project of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import ScopeNode
from projects.access import import_targets
from projects.models import ScheduleImport
from projects.selectors.schedule_imports import PreviewedProject
from projects.services.schedule_imports import Choice

EM_SPACE = "\u2003"


class TargetField(forms.ModelChoiceField):
    """A portfolio or program, shown with its depth in the tree."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Import into"))
        options.setdefault("help_text", _("The portfolio or program the new projects belong to."))
        super().__init__(queryset=ScopeNode.objects.none(), **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return the title, indented below what it is part of."""
        depth = max(0, str(obj.path).count("/") - 2)
        return "\u2003" * depth + obj.title


class UploadForm(forms.Form):
    """A schedule file and where its projects go."""

    file = forms.FileField(
        label=_("Schedule file"), allow_empty_file=True, error_messages={"required": _("Choose a file.")}
    )
    target = TargetField()

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        targets = import_targets(user)
        self.fields["target"].queryset = targets
        self.fields["target"].empty_label = None


class ConfirmForm(forms.Form):
    """Place, name, code and secrecy of each project of the file."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=999_999_999)
    target = TargetField()

    def __init__(
        self,
        *args: Any,
        user: Any,
        schedule_import: ScheduleImport,
        projects: Sequence[PreviewedProject],
        **options: Any,
    ) -> None:
        initial = {"version": schedule_import.version, "target": schedule_import.target_node}
        super().__init__(*args, initial={**initial, **options.pop("initial", {})}, **options)
        self.fields["target"].queryset = import_targets(user)
        self.fields["target"].empty_label = None
        self.previewed = projects
        suggestions = (schedule_import.preview or {}).get("projects", [])
        earlier = schedule_import.choices or [None] * len(projects)
        for project, given, chosen in zip(projects, suggestions, earlier, strict=True):
            self._add_project(project, code=given.get("code", ""), chosen=chosen or {})

    def _add_project(self, project: PreviewedProject, *, code: str, chosen: dict[str, Any]) -> None:
        number = project.number
        self.fields[f"is_included_{number}"] = forms.BooleanField(
            label=_("Import this project"), required=False, initial=chosen.get("is_included", True)
        )
        self.fields[f"name_{number}"] = forms.CharField(
            label=_("Name"), max_length=250, initial=chosen.get("name", project.name[:250])
        )
        self.fields[f"code_{number}"] = forms.CharField(
            label=_("Code"),
            max_length=40,
            required=False,
            validators=[validate_slug],
            initial=chosen.get("code", code),
            help_text=_("Empty takes the next free number."),
        )
        self.fields[f"is_confidential_{number}"] = forms.BooleanField(
            label=_("Confidential"),
            required=False,
            initial=chosen.get("is_confidential", False),
            help_text=_("Only people with a role on the project itself see it."),
        )

    def rows(self) -> list[tuple[PreviewedProject, list[Any], Any]]:
        """Return each project with its fields, the one that leaves it out apart."""
        return [
            (
                project,
                [self[f"{name}_{project.number}"] for name in ("name", "code", "is_confidential")],
                self[f"is_included_{project.number}"] if len(self.previewed) > 1 else None,
            )
            for project in self.previewed
        ]

    def choices(self) -> list[Choice]:
        """Return what the person chose; a file with one project always brings it in."""
        given = self.cleaned_data
        return [
            Choice(
                name=given[f"name_{project.number}"],
                code=given[f"code_{project.number}"],
                is_confidential=given[f"is_confidential_{project.number}"],
                is_included=given[f"is_included_{project.number}"] or len(self.previewed) == 1,
            )
            for project in self.previewed
        ]
