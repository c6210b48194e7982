"""Input of a project's governance: version, questionnaire, gate dates, artefacts, choices, waivers."""

from collections.abc import Container, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolio.choices import ArtefactState, MethodologyState
from portfolio.models import ArtefactStep, MethodologyVersion
from portfolio.models.gate import label_of
from portfolio.rollup.compliance import OPEN_CHOICES, Choice
from portfolio.rollup.methodology import TierRule
from portfolio.rollup.tier import WEIGHTS
from portfolio.selectors.complexity_words import QUESTIONS
from portfolio.selectors.governance import Governance
from portfolio.selectors.methodologies import said
from projects.forms.saving import VersionedForm, date_field


def text_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a field for a few sentences."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )


class BindForm(forms.Form):
    """The version a project follows."""

    version = forms.ModelChoiceField(
        label=_("Methodology"),
        queryset=MethodologyVersion.objects.none(),
        empty_label=_("Choose a methodology"),
    )
    note = text_field(_("Note"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        in_force = MethodologyVersion.objects.filter(state=MethodologyState.EFFECTIVE)
        field: Any = self.fields["version"]
        field.queryset = in_force.select_related("methodology").order_by("methodology__code")
        field.label_from_instance = lambda row: f"{row.name} ({row})"


class ComplexityForm(forms.Form):
    """The ten questions, each with its five answers."""

    def __init__(self, *args: Any, answers: Mapping[str, int], **options: Any) -> None:
        super().__init__(*args, initial=dict(answers), **options)
        for code in WEIGHTS:
            question = QUESTIONS[code]
            self.fields[code] = forms.TypedChoiceField(
                label=f"{code} {question.title}",
                choices=[
                    (number, f"{number}: {text}") for number, text in enumerate(question.answers, start=1)
                ],
                coerce=int,
                widget=forms.RadioSelect,
                required=False,
                empty_value=0,
            )

    @property
    def answers(self) -> dict[str, int]:
        """The answers that were given; the service asks for all ten."""
        return {code: value for code, value in self.cleaned_data.items() if value}


class GatesForm(VersionedForm):
    """A day for each gate; a repeatable one has one more than are planned, a decided one keeps its day."""

    def __init__(
        self, *args: Any, known: Governance, decided: Container[tuple[str, int]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.decided = decided
        self.keys: dict[str, tuple[str, int]] = {}
        self.SERVICE_FIELDS: dict[str, str] = {}
        for gate in known.content.gates:
            count = 1 + max((number for code, number in known.gate_days if code == gate.code), default=0)
            for number in range(1, count + 1 if gate.is_repeatable else max(count, 2)):
                has_number = gate.is_repeatable or number > 1
                name = f"{gate.code}.{number}" if has_number else gate.code
                self._add(name, (gate.code, number), known, f"{name} – {said(gate.question)}")

    def _add(self, name: str, key: tuple[str, int], known: Governance, label: str) -> None:
        day = known.gate_days.get(key)
        self.keys[name] = key
        self.SERVICE_FIELDS[label_of(*key)] = name
        self.fields[name] = date_field(label)
        self.fields[name].initial = day
        if day is not None and key in self.decided:
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Decided: the day stays.")

    @property
    def dates(self) -> dict[tuple[str, int], date | None]:
        """The days by gate and occurrence; an empty one that was empty is left out by the service."""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


class StepForm(forms.Form):
    """Something that happened to an artefact."""

    state = forms.ChoiceField(label=_("What happened"))
    link = forms.URLField(
        label=_("Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where the document, or the page of the portal, is found."),
    )
    note = text_field(_("Note"), required=False)

    def __init__(
        self, *args: Any, is_control: bool, last: ArtefactStep | None = None, **options: Any
    ) -> None:
        now = {"state": last.state, "link": last.link} if last and not is_control else {}
        super().__init__(*args, initial=now, **options)
        known = dict(ArtefactState.choices)
        wanted = (
            [ArtefactState.DONE]
            if is_control
            else [
                ArtefactState.IN_WORK,
                ArtefactState.SUBMITTED,
                ArtefactState.APPROVED,
                ArtefactState.RETURNED,
            ]
        )
        field: Any = self.fields["state"]
        field.choices = [(state, known[state]) for state in wanted]


class TailorForm(forms.Form):
    """A choice about a requirement."""

    choice = forms.ChoiceField(label=_("Choice"), required=False)
    note = text_field(_("Note"), required=False, help_text=_("Dropping needs a note."))

    def __init__(self, *args: Any, rule: TierRule, **options: Any) -> None:
        super().__init__(*args, **options)
        titles = {
            Choice.KEEP: _("Keep it: it counts"),
            Choice.DROP: _("Drop it"),
            Choice.ADD: _("Add it: it counts"),
        }
        wanted = [(choice.value, titles[choice]) for choice in OPEN_CHOICES[rule]]
        field: Any = self.fields["choice"]
        field.choices = [*wanted, ("", _("No choice: as the tier says"))]


class WaiverForm(forms.Form):
    """Leave to do without a mandatory requirement for a time."""

    reason = text_field(_("Reason"), help_text=_("Why the requirement cannot be met."))
    risk = text_field(_("Risk"), help_text=_("What could happen because of it."))
    compensating_control = text_field(_("Compensating control"), help_text=_("What is done instead."))
    expires_on = date_field(_("Expires on"), required=True, help_text=_("At most twelve months ahead."))


class WaiverDecisionForm(forms.Form):
    """Approve or reject a waiver."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("APPROVED", _("Approve")), ("REJECTED", _("Reject"))],
        widget=forms.RadioSelect,
    )
    note = text_field(_("Note"), required=False, help_text=_("A rejection needs one."))


class MigrateForm(forms.Form):
    """Go on to another version; it knows which one the person saw the project on."""

    expected = forms.IntegerField(widget=forms.HiddenInput)
    note = text_field(_("Note"), required=False)
