"""Input of assessments: a round, the answers, targets and actions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import OrgUnit, Person
from portfolio.choices import AssessmentKind, Effort, GapState, MaturityScope
from portfolio.interchange.assessment_file import maturity_perspectives, need_questions
from portfolio.rollup.maturity import HIGHEST, Aim
from portfolio.selectors.assessment_evidence import Evidence
from portfolio.selectors.assessment_words import (
    LEVELS,
    STATEMENT_ANSWERS,
    perspective_names,
    read_text,
)
from projects.forms.saving import VersionedForm, date_field

EVIDENCE = "evidence-"


class PeopleField(forms.ModelMultipleChoiceField):
    """People who can sign in."""

    def __init__(self, **options: Any) -> None:
        people = Person.objects.filter(user__is_active=True).order_by("name", "pk")
        super().__init__(
            queryset=people, widget=forms.SelectMultiple(attrs={"data-select": "", "size": 8}), **options
        )


class AssessmentForm(forms.Form):
    """A new assessment with its respondents."""

    title = forms.CharField(label=_("Title"), max_length=150)
    scope = forms.ChoiceField(
        label=_("What is assessed"),
        choices=MaturityScope.choices,
        help_text=_("Portfolio, program and project are assessed separately."),
    )
    held_on = date_field(_("As of"), required=True)
    answer_by = date_field(
        _("Answers wanted by"), help_text=_("Who has not answered by then is reminded once.")
    )
    org_unit = forms.ModelChoiceField(
        label=_("About the unit"),
        queryset=OrgUnit.objects.order_by("name", "pk"),
        required=False,
        empty_label=_("The whole organization"),
    )
    people = PeopleField(
        label=_("Respondents"), help_text=_("Their answers are averaged; where they differ is shown.")
    )

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        if kind == AssessmentKind.NEED:
            del self.fields["scope"]


class InviteForm(forms.Form):
    """More respondents."""

    people = PeopleField(label=_("Respondents"))


class WithdrawForm(VersionedForm):
    """Why an assessment is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def _answer_field(label: str, choices: list[tuple[int, str]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        coerce=int,
        empty_value=None,
        choices=choices,
        widget=forms.RadioSelect,
    )


class NeedForm(forms.Form):
    """The twenty questions; all may stay open."""

    FACTORS = (("C", _("Complexity")), ("Z", _("Size")), ("M", _("Maturity")))

    def __init__(self, *args: Any, known: Mapping[str, Evidence] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = known or {}
        for question in need_questions():
            texts = [read_text(answer) for answer in question.answers]
            self.fields[question.code] = _answer_field(read_text(question.text), list(enumerate(texts)))

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The questions by factor, each with what the portal knows about it."""
        return [
            {
                "code": letter,
                "name": name,
                "questions": [
                    {"field": self[code], "known": self.known.get(code), "suggested": self._suggested(code)}
                    for code in self.fields
                    if code.startswith(letter)
                ],
            }
            for letter, name in self.FACTORS
        ]

    def _suggested(self, code: str) -> str:
        """Return the answer a counted number stands for, in words."""
        known = self.known.get(code)
        choices: Any = getattr(self.fields[code], "choices", [])
        return "" if known is None or known.answer is None else str(dict(choices)[known.answer])

    @property
    def answers(self) -> dict[str, int]:
        """The given answers by code."""
        return {code: value for code, value in self.cleaned_data.items() if value is not None}

    @property
    def evidence(self) -> dict[str, str]:
        """Nothing: the questions of this assessment need none."""
        return {}


class MaturityForm(forms.Form):
    """The statements with their evidence; all may stay open."""

    def __init__(self, *args: Any, known: Mapping[str, Evidence] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = known or {}
        for perspective in maturity_perspectives():
            for statement in perspective.statements:
                self.fields[statement.code] = _answer_field(
                    read_text(statement.text), [(value, str(word)) for value, word in STATEMENT_ANSWERS]
                )
                self.fields[EVIDENCE + statement.code] = forms.CharField(
                    label=_("Evidence"),
                    required=False,
                    max_length=1000,
                    widget=forms.TextInput(
                        attrs={"placeholder": _("What shows it; needed for largely and fully")}
                    ),
                )

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The statements by perspective and level, each with what the portal knows about it."""
        return [
            {
                "code": perspective.code,
                "name": read_text(perspective.name),
                "questions": [
                    {
                        "field": self[statement.code],
                        "evidence": self[EVIDENCE + statement.code],
                        "level": statement.level,
                        "level_name": LEVELS[statement.level],
                        "known": self.known.get(statement.code),
                    }
                    for statement in perspective.statements
                ],
            }
            for perspective in maturity_perspectives()
        ]

    @property
    def answers(self) -> dict[str, int]:
        """The given answers by code."""
        return {
            code: value
            for code, value in self.cleaned_data.items()
            if value is not None and not code.startswith(EVIDENCE)
        }

    @property
    def evidence(self) -> dict[str, str]:
        """The given evidence by code of the statement; of unanswered ones none."""
        given = self.answers
        return {code: text for code in given if (text := self.cleaned_data.get(EVIDENCE + code, ""))}


def initial_answers(answers: Mapping[str, int], evidence: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form of answers starts with."""
    return {**answers, **{EVIDENCE + code: text for code, text in evidence.items()}}


class AimsForm(forms.Form):
    """A target level and a weight for each perspective."""

    def __init__(self, *args: Any, aims: Mapping[str, Aim], **options: Any) -> None:
        super().__init__(*args, **options)
        levels = [
            (0, _("no target")),
            *((level, f"{level} · {LEVELS[level]}") for level in range(2, HIGHEST + 1)),
        ]
        for code, name in perspective_names().items():
            aim = aims.get(code)
            self.fields[code] = forms.TypedChoiceField(
                label=name,
                coerce=int,
                choices=levels,
                initial=aim.target if aim else 0,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.fields[f"weight-{code}"] = forms.TypedChoiceField(
                label=_("Weight"),
                coerce=int,
                choices=[(number, str(number)) for number in (1, 2, 3)],
                initial=aim.weight if aim else 1,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Target and weight of each perspective."""
        return [(self[code], self[f"weight-{code}"]) for code in perspective_names()]

    @property
    def aims(self) -> dict[str, Aim]:
        """The targets that are set."""
        given = self.cleaned_data
        return {
            code: Aim(given[code], given[f"weight-{code}"]) for code in perspective_names() if given[code]
        }


class GapActionForm(VersionedForm):
    """An action of the gap plan."""

    action = forms.CharField(label=_("Action"), max_length=300, required=False)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Person.objects.order_by("name", "pk"), required=False, empty_label="–"
    )
    due = date_field(_("Due"))
    effort = forms.ChoiceField(label=_("Effort"), required=False, choices=[("", "–"), *Effort.choices])
    state = forms.ChoiceField(label=_("State"), choices=GapState.choices)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to end the action: what was done, or why it is not pursued."),
    )

    def __init__(self, *args: Any, is_lead: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_lead:
            for name in ("action", "owner", "due", "effort"):
                del self.fields[name]
