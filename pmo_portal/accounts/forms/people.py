"""Forms about people and units."""

from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Discipline
from pmo_portal.accounts.models import OrgUnit, Person, User

PERSON_FIELDS = (
    "name",
    "email",
    "org_unit",
    "employee_no",
    "disciplines",
    "fte",
    "active_from",
    "active_to",
)


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class BareForm:
    """Mixin: the page writes the form tag and the buttons."""

    layout: tuple[Any, ...] = ()

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms renders the form."""
        helper = FormHelper()
        helper.form_tag = False
        if self.layout:
            helper.layout = Layout(*self.layout)
        return helper


class PersonForm(BareForm, forms.ModelForm):
    """Everything about a person but the sign-in."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    disciplines = forms.MultipleChoiceField(
        label=_("Disciplines"),
        choices=Discipline.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    layout = (
        "version",
        Row(Column("name"), Column("email")),
        Row(Column("org_unit"), Column("employee_no"), Column("fte")),
        InlineCheckboxes("disciplines"),
        Row(Column("active_from"), Column("active_to")),
    )

    class Meta:
        model = Person
        fields = [
            "name",
            "email",
            "org_unit",
            "employee_no",
            "disciplines",
            "fte",
            "active_from",
            "active_to",
        ]
        widgets = {"active_from": DateInput(), "active_to": DateInput()}
        help_texts = {"fte": _("1 is full time, 0.5 half time.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = OrgUnit.objects.order_by("name", "pk")
        self.fields["org_unit"].empty_label = "–"


class NewPersonForm(PersonForm):
    """A new person, with or without an invitation to sign in."""

    is_invited = forms.BooleanField(
        label=_("Invite to sign in"),
        required=False,
        initial=True,
        help_text=_("Sends a link to set a password. You can do this later too."),
    )
    layout = (*PersonForm.layout, "is_invited")

    def clean(self) -> dict[str, Any]:
        """Ask for an address when somebody shall sign in."""
        values = super().clean() or {}
        if values.get("is_invited") and not values.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter an e-mail address, or do not invite."))
        return values


class UnitForm(BareForm, forms.ModelForm):
    """An organization unit and its place."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    layout = (
        "version",
        Row(Column("code"), Column("name")),
        Row(Column("kind"), Column("parent")),
        Row(Column("manager"), Column("currency")),
        Row(Column("valid_from"), Column("valid_to")),
    )

    class Meta:
        model = OrgUnit
        fields = ["code", "name", "kind", "parent", "manager", "currency", "valid_from", "valid_to"]
        widgets = {"valid_from": DateInput(), "valid_to": DateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = OrgUnit.objects.exclude(pk=self.instance.pk).order_by("name", "pk")
        self.fields["manager"].queryset = Person.objects.order_by("name", "pk")
        for name in ("parent", "manager"):
            self.fields[name].empty_label = "–"


class ProfileForm(BareForm, forms.ModelForm):
    """What people change about themselves."""

    class Meta:
        model = User
        fields = ["name", "language", "theme"]
        help_texts = {"theme": _("Where you have chosen nothing else in the menu of the page.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [("", _("As the browser says")), *settings.LANGUAGES]
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=languages, required=False, initial=self.instance.language
        )
