"""Input of offices and their members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo_portal.accounts.choices import Discipline
from pmo_portal.accounts.models import OrgUnit, Person
from portfolio.choices import PmoMandate, PmoRole
from portfolio.models import Pmo
from projects.forms.saving import VersionedForm, date_field


def _person(label: Any, *, required: bool = False) -> forms.ModelChoiceField:
    people = Person.objects.order_by("name", "pk")
    return forms.ModelChoiceField(label=label, queryset=people, required=required, empty_label="–")


class OfficeForm(VersionedForm):
    """An office."""

    name = forms.CharField(label=_("Name"), max_length=150)
    mandate = forms.ChoiceField(
        label=_("Mandate"),
        choices=PmoMandate.choices[1:],
        help_text=_("The need assessment recommends one."),
    )
    scope_unit = forms.ModelChoiceField(
        label=_("Works for the unit"),
        queryset=OrgUnit.objects.order_by("name", "pk"),
        required=False,
        empty_label=_("The whole organization"),
    )
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=Pmo.objects.order_by("name", "pk"), required=False, empty_label="–"
    )
    head = _person(_("Head"))
    answer_days = forms.IntegerField(
        label=_("Answers within (working days)"),
        min_value=1,
        max_value=60,
        initial=3,
        help_text=_("What the office promises to people who ask for help; Monday to Friday."),
    )


class CharterForm(forms.Form):
    """A new version of a charter."""

    text = forms.CharField(
        label=_("Charter"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Purpose, services, what the office decides, and how it is measured."),
    )
    change_note = forms.CharField(label=_("What is new"), required=False, max_length=400)


class MemberForm(VersionedForm):
    """A member of an office."""

    person = _person(_("Person"), required=True)
    discipline = forms.ChoiceField(label=_("Discipline"), choices=Discipline.choices)
    role = forms.ChoiceField(label=_("Role"), choices=PmoRole.choices, initial=PmoRole.ANALYST)
    topics = forms.CharField(
        label=_("Can help with"),
        required=False,
        max_length=300,
        help_text=_("Topics, separated by commas: earned value, forecasts. People find experts by them."),
    )
    allocation_percent = forms.IntegerField(
        label=_("Allocation (%)"), min_value=1, max_value=100, initial=100
    )
    valid_from = date_field(_("From"), required=True)
    valid_to = date_field(_("Until"), help_text=_("The last day; who leaves stays in the history."))


class AskForm(forms.Form):
    """A question to an office."""

    pmo = forms.ModelChoiceField(
        label=_("Office"), queryset=Pmo.objects.order_by("name", "pk"), empty_label=_("Choose an office")
    )
    discipline = forms.ChoiceField(
        label=_("Discipline"), choices=[("", _("Choose a discipline")), *Discipline.choices]
    )
    title = forms.CharField(label=_("Question"), max_length=150)
    text = forms.CharField(
        label=_("Details"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Members of the office read this. Leave out what is confidential."),
    )


class AnswerForm(VersionedForm):
    """The answer to a question."""

    answer = forms.CharField(
        label=pgettext_lazy("noun", "Answer"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )
