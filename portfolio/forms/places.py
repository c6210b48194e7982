"""Input of another home of a project, and of its secrecy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolio.access import portfolios_where, programs_where
from portfolio.models import Portfolio, Program
from projects.forms.saving import VersionedForm

HOME_RIGHT = "project.create"


def reason_field() -> forms.CharField:
    """Return the field for the reason."""
    return forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("It stands in the audit trail."),
    )


class HomeForm(forms.Form):
    """Which portfolio or program; only those where the person may create projects."""

    home = forms.ChoiceField(label=_("New home"))

    def __init__(self, *args: Any, user: Any, parent_id: int | None, **options: Any) -> None:
        super().__init__(*args, **options)
        programs = programs_where(user, HOME_RIGHT).exclude(node_id=parent_id)
        portfolios = portfolios_where(user, HOME_RIGHT).exclude(node_id=parent_id)
        self._homes: dict[str, Portfolio | Program] = {f"program:{item.code}": item for item in programs}
        self._homes |= {f"portfolio:{item.code}": item for item in portfolios}
        self.fields["home"].choices = [
            ("", _("Choose a portfolio or program")),
            (_("Portfolios"), [(key, str(item)) for key, item in self._homes.items() if "portfolio:" in key]),
            (
                _("Programs"),
                [
                    (key, f"{item.portfolio.name} › {item.name}")
                    for key, item in self._homes.items()
                    if isinstance(item, Program)
                ],
            ),
        ]

    @property
    def has_homes(self) -> bool:
        """Whether there is another place the person may move the project to."""
        return bool(self._homes)

    @property
    def chosen(self) -> Portfolio | Program | None:
        """The home that was chosen; None while none was."""
        return self._homes.get(str(self.data.get("home", ""))) if self.is_bound else None


class MoveForm(VersionedForm):
    """The reason for a move; the home was chosen before."""

    home = forms.CharField(widget=forms.HiddenInput)
    reason = reason_field()


class SecrecyForm(VersionedForm):
    """The reason for hiding or showing a project."""

    stays_in_sight = forms.BooleanField(
        label=_("Give me the role of a stakeholder on this project, so that I still see it"), required=False
    )
    reason = reason_field()

    def __init__(self, *args: Any, would_lose_sight: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not would_lose_sight:
            del self.fields["stays_in_sight"]
