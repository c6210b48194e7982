"""Input of the board: where a card goes, a new card, limits of columns."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.saving import VersionedForm


class CardMoveForm(VersionedForm):
    """Another column for a card; ``lane`` only where it changes lanes too."""

    to = forms.ChoiceField(label=_("Move to"))
    lane = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, columns: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = list(columns.items())


class CardForm(forms.Form):
    """A new task in a column."""

    name = forms.CharField(label=_("Name"), max_length=250)
    to = forms.ChoiceField(label=_("Column"))

    def __init__(self, *args: Any, columns: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = list(columns.items())


class LimitsForm(VersionedForm):
    """How much may be in progress in each column."""

    def __init__(self, *args: Any, columns: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.columns = columns
        for key, title in columns.items():
            self.fields[f"limit_{key}"] = forms.IntegerField(
                label=title, min_value=1, max_value=999, required=False
            )

    @property
    def limits(self) -> dict[str, int | None]:
        """The limits by column."""
        return {key: self.cleaned_data[f"limit_{key}"] for key in self.columns}
