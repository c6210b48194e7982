"""Input of gates: forum, answers, votes, the decision with its conditions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.common.templatetags.common import money2
from portfolio.choices import ConditionState, GateAnswer, GatePart, GateVote
from portfolio.forms.governance import text_field
from portfolio.models import GateCheck, GateMember
from portfolio.selectors.gate_facts import Asked
from portfolio.selectors.gate_forum import ForumChoices
from portfolio.selectors.gate_funds import Funds
from portfolio.selectors.gate_page import DecisionChoice
from portfolio.selectors.methodologies import said
from portfolio.services.gate_conditions import ConditionGiven
from portfolio.services.gate_decisions import TAKES
from portfolio.services.gate_preparation import Given
from projects.forms.saving import VersionedForm, amount_field, date_field
from projects.models import BudgetLine

CONDITIONS = 5


@dataclass(frozen=True)
class ReleaseOffer:
    """What can be released at a gate, for people who see money: for which phase, out of which budget."""

    phase: str
    funds: Funds


def add_release(form: forms.Form, release: ReleaseOffer | None) -> None:
    """Add the field of the amount a gate releases; nothing where none can be released."""
    if release is None:
        return
    totals = release.funds.money
    values = {
        "budget": money2(totals.budget, totals.currency),
        "released": money2(release.funds.released or 0, totals.currency),
        "left": money2(release.funds.left, totals.currency),
    }
    form.fields["released_amount"] = amount_field(
        _("Money released for %(phase)s (%(currency)s)")
        % {"phase": release.phase, "currency": totals.currency},
        required=False,
        help_text=_("Budget %(budget)s, released so far %(released)s, left %(left)s.") % values,
    )


def add_closing_lines(form: forms.Form, lines: Sequence[BudgetLine]) -> None:
    """Add the lines of the budget a hold may leave open; nothing without one."""
    if lines:
        form.fields["closing_lines"] = forms.ModelMultipleChoiceField(
            label=_("Costs still booked during the hold"),
            queryset=BudgetLine.objects.filter(pk__in=[line.pk for line in lines]).order_by("name", "pk"),
            required=False,
            widget=forms.SelectMultiple(attrs={"data-select": "", "size": 6}),
            help_text=_("Costs of closing. On all other lines nothing is booked until it goes on."),
        )


class PersonField(forms.ModelChoiceField):
    """One of some people."""

    def label_from_instance(self, obj: Any) -> str:
        """Show the name."""
        return str(obj.name)


class PeopleField(forms.ModelMultipleChoiceField):
    """Some of some people."""

    def label_from_instance(self, obj: Any) -> str:
        """Show the name."""
        return str(obj.name)


class ForumForm(VersionedForm):
    """Who decides and who advises."""

    chair = PersonField(
        label=_("Chair"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        help_text=_("Decides after the votes; has a vote too."),
    )
    deciders = PeopleField(
        label=_("Deciders"),
        queryset=User.objects.none(),
        widget=forms.SelectMultiple(attrs={"data-select": "", "size": 6}),
        help_text=_("They hold a role that decides this gate and do not work in the project."),
    )
    advisers = PeopleField(
        label=_("Advisers"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-select": "", "size": 6}),
        help_text=_("They are told and have no vote."),
    )

    def __init__(
        self, *args: Any, choices: ForumChoices, members: Iterable[GateMember], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        deciding = User.objects.filter(pk__in=[row.pk for row in choices.deciders]).order_by("name", "pk")
        seeing = [row.pk for row in choices.everybody]
        fields: dict[str, Any] = self.fields
        fields["chair"].queryset = fields["deciders"].queryset = deciding
        fields["advisers"].queryset = User.objects.filter(pk__in=seeing).order_by("name", "pk")
        present = {
            part: [row.user_id for row in members if row.part == part] for part in map(str, GatePart.values)
        }
        chairs, others = present["CHAIR"], present["DECIDER"]
        fields["chair"].initial = chairs[0] if chairs else None
        fields["deciders"].initial = [*chairs, *others] or [row.pk for row in choices.deciders]
        fields["advisers"].initial = present["ADVISER"]


class AnswersForm(VersionedForm):
    """The questions of a gate that people answer; all may stay open."""

    def __init__(
        self, *args: Any, lines: Sequence[Asked], answers: Iterable[GateCheck], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        given = {row.check_code: row for row in answers}
        for asked in lines:
            present = given.get(asked.code)
            self.fields[asked.code] = forms.ChoiceField(
                label=f"{asked.code} {said(asked.text)}",
                choices=[("", _("Not answered")), *GateAnswer.choices],
                widget=forms.RadioSelect,
                required=False,
                initial=present.answer if present else "",
            )
            self.fields[f"{asked.code}-note"] = forms.CharField(
                label=_("Note"), required=False, max_length=2000, initial=present.note if present else ""
            )
            self.fields[f"{asked.code}-link"] = forms.URLField(
                label=_("Link to the evidence"),
                required=False,
                max_length=500,
                assume_scheme="https",
                initial=present.link if present else "",
            )

    @property
    def questions(self) -> list[dict[str, Any]]:
        """Each question with its three fields."""
        return [
            {
                "asked": asked,
                "answer": self[asked.code],
                "note": self[f"{asked.code}-note"],
                "link": self[f"{asked.code}-link"],
            }
            for asked in self.lines
        ]

    @property
    def answers(self) -> dict[str, Given]:
        """The answers by code; one left open is taken back."""
        data = self.cleaned_data
        return {
            asked.code: Given(
                data.get(asked.code) or "", data[f"{asked.code}-note"], data[f"{asked.code}-link"]
            )
            for asked in self.lines
        }


class RequestForm(VersionedForm):
    """The wish for a decision."""


class FormerForm(forms.Form):
    """A gate that was passed before the project was kept here."""

    decided_on = date_field(_("Decided on"), required=True)
    note = text_field(_("Who decided, and where it is written"))

    def __init__(self, *args: Any, release: ReleaseOffer | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        add_release(self, release)


class RenewForm(forms.Form):
    """The day a lapsed gate is held again."""

    next_on = date_field(_("Planned for"), required=True)


class VoteForm(forms.Form):
    """A vote with its reason."""

    vote = forms.ChoiceField(label=_("Vote"), choices=GateVote.choices, widget=forms.RadioSelect)
    reason = text_field(_("Reason"))


class DecisionForm(VersionedForm):
    """The decision of the chair, with what it needs."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = text_field(_("Reason"))
    rework = text_field(
        _("Rework"), required=False, help_text=_("What has to be done before the gate is held again.")
    )
    next_on = date_field(_("Next review"), help_text=_("The day the gate is held again."))
    valid_until = date_field(
        _("Valid until"),
        help_text=_("Hold: 90 days unless you say otherwise. Go: 180 days if nothing is begun on it."),
    )

    def __init__(
        self,
        *args: Any,
        decisions: Sequence[DecisionChoice],
        owners: Iterable[User],
        release: ReleaseOffer | None = None,
        lines: Sequence[BudgetLine] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        add_release(self, release)
        add_closing_lines(self, lines)
        fields: dict[str, Any] = self.fields
        fields["decision"].choices = [(each.code, f"{each.title} – {each.effect}") for each in decisions]
        people = User.objects.filter(pk__in=[row.pk for row in owners]).order_by("name", "pk")
        for number in range(1, CONDITIONS + 1):
            fields[f"condition_{number}"] = forms.CharField(
                label=_("Condition %(number)s") % {"number": number}, required=False, max_length=400
            )
            fields[f"owner_{number}"] = PersonField(
                label=_("Owner"), queryset=people, required=False, empty_label=_("Choose a person")
            )
            fields[f"due_{number}"] = date_field(_("Due"))

    def clean(self) -> dict[str, Any]:
        """Ask for text, owner and day of each condition that has any of them."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, CONDITIONS + 1):
            names = [f"{name}_{number}" for name in ("condition", "owner", "due")]
            if not any(data.get(name) for name in names):
                continue
            for name in names:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A condition has a text, an owner and a day."))
        return data

    @property
    def main_rows(self) -> list[dict[str, Any]]:
        """The fields beside the conditions, each with the decisions it belongs to; "" for every one."""
        names = ("decision", "reason", "released_amount", "rework", "next_on", "valid_until", "closing_lines")
        return [{"field": self[name], "takes": _takes(name)} for name in names if name in self.fields]

    @property
    def condition_takes(self) -> str:
        """The decisions that take conditions."""
        return _takes("conditions")

    @property
    def condition_rows(self) -> list[dict[str, Any]]:
        """The fields of each condition."""
        return [
            {name: self[f"{name}_{number}"] for name in ("condition", "owner", "due")}
            for number in range(1, CONDITIONS + 1)
        ]

    @property
    def given(self) -> Mapping[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        names = ("decision", "reason", "rework", "next_on", "valid_until")
        conditions = [
            ConditionGiven(
                data[f"condition_{number}"], data[f"owner_{number}"], data[f"due_{number}"], number
            )
            for number in range(1, CONDITIONS + 1)
            if data[f"condition_{number}"]
        ]
        more = {
            "conditions": conditions,
            "released_amount": data.get("released_amount"),
            "closing_lines": list(data.get("closing_lines", ())),
        }
        return {**{name: data[name] for name in names}, **more}


def _takes(name: str) -> str:
    """Return the classes of the decisions that take a field; the page shows it with one of them."""
    return " ".join(f"of-{decision.value}" for decision, taken in TAKES.items() if name in taken)


class EvidenceForm(forms.Form):
    """What was done for a condition."""

    evidence = text_field(_("What was done, and where it is seen"))


class SettleForm(forms.Form):
    """Whether a condition is met or waived."""

    state = forms.ChoiceField(
        label=_("Outcome"), choices=ConditionState.choices[1:], widget=forms.RadioSelect
    )
    note = text_field(_("Note"), required=False, help_text=_("To waive it, say why."))
