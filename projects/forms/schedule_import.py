"""Input of an import: the file and its place, then what to do with each project of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.scopes import holds
from projects.access import import_targets, own_import_nodes
from projects.choices import MissingRows
from projects.models import ScheduleImport
from projects.selectors.plan_update_page import UpdatePreview
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
        """Return code and title of a project; the title of others, indented below what it is part of."""
        if obj.kind == ScopeKind.PROJECT:
            return f"{obj.project.code} {obj.title}"
        depth = max(0, str(obj.path).count("/") - 2)
        return "\u2003" * depth + obj.title


class UploadForm(forms.Form):
    """A schedule file and where it goes: new projects below a portfolio, or the plan of an own project."""

    file = forms.FileField(
        label=_("Schedule file"), allow_empty_file=True, error_messages={"required": _("Choose a file.")}
    )
    target = TargetField(
        help_text=_("A portfolio or program takes new projects; a project of yours is brought up to date.")
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        homes, own = list(import_targets(user)), list(own_import_nodes(user))
        field = self.fields["target"]
        field.queryset = ScopeNode.objects.filter(pk__in=[node.pk for node in (*homes, *own)])
        groups = ((_("New projects in"), homes), (_("Update my project"), own))
        field.choices = [
            (title, [(node.pk, field.label_from_instance(node)) for node in nodes])
            for title, nodes in groups
            if nodes
        ]
        self.has_targets = bool(homes or own)
        self.may_create = bool(homes)
        self.may_found = not self.has_targets and holds(user, "portfolio.edit")


class PlanUploadForm(forms.Form):
    """A schedule file for the plan of one project."""

    file = forms.FileField(
        label=_("Schedule file"), allow_empty_file=True, error_messages={"required": _("Choose a file.")}
    )


class UpdateForm(forms.Form):
    """Which project of the file brings the plan up to date, and what becomes of rows it does not have."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=999_999_999)
    number = forms.TypedChoiceField(
        label=_("Project of the file"),
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    missing = forms.ChoiceField(
        label=_("Rows that are no longer in the file"),
        choices=MissingRows.choices,
        initial=MissingRows.KEEP,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        help_text=_("Rows with progress, cost or a baseline stay in any case."),
    )

    def __init__(
        self,
        *args: Any,
        schedule_import: ScheduleImport,
        previews: Sequence[UpdatePreview],
        **options: Any,
    ) -> None:
        earlier = next((one for one in schedule_import.choices if one.get("is_included")), {})
        options.setdefault(
            "initial",
            {
                "version": schedule_import.version,
                "number": 0,
                "missing": earlier.get("missing", MissingRows.KEEP),
            },
        )
        super().__init__(*args, **options)
        self.fields["number"].choices = [(item.number, item.name) for item in previews]
        self.previews = previews
        if not all(item.may_remove for item in previews):
            self.fields["missing"].choices = [
                choice for choice in MissingRows.choices if choice[0] != MissingRows.REMOVE
            ]
        if len(previews) == 1:
            self.fields["number"].widget = forms.HiddenInput()
        if not any(item.missing.total for item in previews):
            self.fields["missing"].widget = forms.HiddenInput()


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
