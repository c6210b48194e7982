"""Input of what a project adds to its methodology."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from portfolio.choices import Cadence
from portfolio.forms.governance import text_field
from portfolio.models import OwnRequirement
from portfolio.rollup.methodology import EACH_GATE
from portfolio.rollup.tailored import RHYTHMS
from portfolio.selectors.governance import Governance
from portfolio.selectors.increments import ended_phases, increment_choices, room_choices
from portfolio.selectors.methodologies import said
from portfolio.services.own_requirements import OwnWish
from projects.models import Project
from projects.selectors.members import in_force_on, memberships

WEIGHTS = [(1, _("1 – light")), (2, _("2 – medium")), (3, _("3 – heavy"))]


class OwnRequirementForm(forms.Form):
    """Something a project asks of itself: due at a gate, or done again and again."""

    title = forms.CharField(label=_("What"), max_length=200)
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        help_text=_("Who sees to it that it is done."),
    )
    reason = text_field(_("Reason"), help_text=_("Why this project asks it of itself."))
    gate = forms.ChoiceField(label=_("Due at gate"), required=False)
    approver = forms.ChoiceField(
        label=_("Approved by"), required=False, help_text=_("For what is due at a gate.")
    )
    cadence = forms.ChoiceField(
        label=_("Or done"),
        required=False,
        choices=[("", "–"), *Cadence.choices],
        help_text=_("For a control that recurs."),
    )
    weight = forms.TypedChoiceField(label=_("Weight"), choices=WEIGHTS, coerce=int, initial=1)
    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        known: Governance,
        project: Project,
        today: date,
        row: OwnRequirement | None = None,
        **options: Any,
    ) -> None:
        names = ("title", "owner", "reason", "gate", "approver", "cadence", "weight")
        initial = {**{name: getattr(row, name) for name in names}, "expected": row.pk} if row else {}
        super().__init__(*args, initial=initial, **options)
        people = memberships(project).filter(in_force_on(today), user__is_active=True)
        owner: Any = self.fields["owner"]
        kept = User.objects.filter(pk=row.owner_id) if row else User.objects.none()
        owner.queryset = (User.objects.filter(pk__in=people.values("user_id")) | kept).order_by("name", "pk")
        owner.label_from_instance = lambda user: user.name
        content = known.content
        gate: Any = self.fields["gate"]
        over = ended_phases(project, known, today).values()
        gates = [each for each in content.gates if each.code not in over]
        gate.choices = [("", "–"), *((each.code, f"{each.code} {said(each.question)}") for each in gates)]
        approver: Any = self.fields["approver"]
        approver.choices = [
            ("", "–"),
            *((role.code, said(role.title)) for role in content.roles if role.held_by),
        ]
        if row is not None:
            _keep(gate, row.gate)
            _keep(approver, row.approver)

    @property
    def wish(self) -> OwnWish:
        """What is asked."""
        return OwnWish(**{name: value for name, value in self.cleaned_data.items() if name != "expected"})


class IncrementsForm(forms.Form):
    """The repeated phase of a hybrid methodology, where it goes, and how long an increment is."""

    increments = forms.ChoiceField(label=_("Increments"))
    inside = forms.ChoiceField(label=_("Inside the phase"))
    cadence = forms.ChoiceField(
        label=_("Review of an increment"),
        choices=[(value, Cadence(value).label) for value in RHYTHMS],
        initial=Cadence.MONTHLY,
        help_text=_("At the end of each increment, at least every thirteen weeks."),
    )
    note = text_field(_("Note"), required=False)

    def __init__(self, *args: Any, known: Governance, project: Project, today: date, **options: Any) -> None:
        placed = known.additions.placement
        initial = (
            {
                "increments": f"{placed.version_id}:{placed.phase}",
                "inside": placed.inside,
                "cadence": placed.cadence,
            }
            if placed
            else {}
        )
        super().__init__(*args, initial=initial, **options)
        self.sources = increment_choices(placed)
        increments: Any = self.fields["increments"]
        increments.choices = [(key, choice.title) for key, choice in self.sources.items()]
        inside: Any = self.fields["inside"]
        inside.choices = room_choices(project, known, today)

    @property
    def given(self) -> dict[str, Any]:
        """What the service needs."""
        choice = self.sources[self.cleaned_data["increments"]]
        rest = {name: self.cleaned_data[name] for name in ("inside", "cadence", "note")}
        return {"version": choice.version, "phase": choice.phase, **rest}


def _keep(field: Any, value: str) -> None:
    """Let a value that the version does not know any more stay to be seen."""
    if value and value != EACH_GATE and value not in dict(field.choices):
        field.choices = [*field.choices, (value, value)]
