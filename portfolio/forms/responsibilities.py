"""Input of the responsibility matrix: a letter for each party of a row, and new rows."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolio.rollup.methodology import Share
from portfolio.selectors.responsibilities import Matrix, MatrixRow, Party
from portfolio.services.responsibilities import PartyKey
from projects.forms.saving import VersionedForm
from projects.models import Project, Task


class SharesForm(VersionedForm):
    """A select for each party: roles of the methodology first, then people by name."""

    def __init__(self, *args: Any, matrix: Matrix, parties: Iterable[Party], row: MatrixRow, **options: Any):
        present = {cell.party.key: cell.share for cell in row.cells}
        super().__init__(*args, initial={**present, "version": row.version}, **options)
        self.parties = {party.key: party for party in parties}
        for key, party in self.parties.items():
            self.fields[key] = forms.ChoiceField(
                label=party.title,
                required=False,
                choices=[("", "–"), *matrix.letters],
                help_text=party.gone or ", ".join(party.names),
            )

    @property
    def shares(self) -> dict[PartyKey, Share]:
        """The letters by party; parties without one are left out."""
        return {
            PartyKey(party.role, party.person_id): Share(self.cleaned_data[key])
            for key, party in self.parties.items()
            if self.cleaned_data[key]
        }


class RowForm(forms.Form):
    """Work of the plan, or a row in one's own words."""

    task = forms.ModelChoiceField(
        label=_("Work of the plan"),
        queryset=Task.objects.none(),
        required=False,
        empty_label="–",
        help_text=_("Work packages of the two upper levels, and milestones."),
    )
    title = forms.CharField(
        label=_("Or in your own words"),
        max_length=200,
        required=False,
        help_text=_("Such as “Decide on invoices”."),
    )

    def __init__(self, *args: Any, project: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        upper = Task.objects.filter(project=project, is_active=True, outline_level__lte=2)
        milestones = Task.objects.filter(project=project, is_active=True, kind__endswith="MILESTONE")
        field: Any = self.fields["task"]
        field.queryset = (upper | milestones).filter(responsibilities=None).order_by("sort_path", "pk")
        field.label_from_instance = lambda task: f"{task.wbs} {task.name}".strip()
