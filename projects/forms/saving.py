"""From a form to one service and back: refusals land on their field, stale saves show the other change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError, StaleObject


@dataclass(frozen=True)
class OtherChange:
    """A value somebody else saved, beside the one in the form."""

    label: str
    theirs: str
    yours: str


class VersionedForm(forms.Form):
    """A form that knows which version it was filled from (XC-1, SEC-29)."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    other_changes: tuple[OtherChange, ...] = ()

    @property
    def changes(self) -> dict[str, Any]:
        """The values to hand to the service."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "reason"}}


class DayInput(forms.DateInput):
    """The browser's own picker, which shows nothing but a day as 2026-03-31."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        """Return the day; one that was typed in the language of the person stays after an error too."""
        return super().format_value(sent_day(value))


def sent_day(value: Any) -> Any:
    """Return the day somebody typed; what is none stays as it is."""
    try:
        return forms.DateField().to_python(value)
    except ValidationError:
        return value


def date_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """Return a field for a day, with the browser's own picker."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=DayInput(),
    )


def amount_field(
    label: Any, *, required: bool = True, help_text: Any = "", **bounds: Any
) -> forms.DecimalField:
    """Return a field for an amount of money."""
    return forms.DecimalField(
        label=label, required=required, help_text=help_text, max_digits=18, decimal_places=2, **bounds
    )


def currency_field(choices: list[str]) -> forms.ChoiceField:
    """Return a field for one of the currencies with a known rate."""
    return forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in choices])


def saves(form: Any, act: Callable[[], Any], *, fresh: Callable[[], dict[str, Any]] | None = None) -> bool:
    """
    Whether the form was valid and the service accepted it; what it refused stands on the form.

    Parameters
    ----------
    act : callable
        Calls one service with ``form.cleaned_data``.
    fresh : callable, optional
        Returns the present values by field name, ``version`` too; shown when the save is stale.
    """
    if not form.is_valid():
        return False
    try:
        act()
    except StaleObject as fault:
        form.add_error(None, str(fault))
        if fresh is not None:
            show_other_change(form, fresh())
    except DomainError as fault:
        form.add_error(field_for(form, fault.field), str(fault))
    except ValidationError as fault:
        add_errors(form, fault)
    return not form.errors


def add_errors(form: Any, fault: ValidationError) -> None:
    errors = fault.message_dict if hasattr(fault, "error_dict") else {NON_FIELD_ERRORS: fault.messages}
    for name, messages in errors.items():
        for message in messages:
            form.add_error(field_for(form, name), message)


def field_for(form: Any, name: str | None) -> str | None:
    """Return the field a refusal of a service belongs to; ``SERVICE_FIELDS`` of a form renames them."""
    found = getattr(form, "SERVICE_FIELDS", {}).get(name, name)
    return found if found in form.fields else None


def show_other_change(form: Any, now: dict[str, Any]) -> None:
    """Put both values beside each other and let the next save go on from the newer version."""
    form.other_changes = tuple(
        OtherChange(
            str(field.label), shown_value(field, now[name]), shown_value(field, form.cleaned_data[name])
        )
        for name, field in form.fields.items()
        if name in now
        and name != "version"
        and name in form.cleaned_data
        and shown_value(field, now[name]) != shown_value(field, form.cleaned_data[name])
    )
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = now["version"]


def shown_value(field: forms.Field, value: Any) -> str:
    """Return a value as people read it."""
    if value is None or value == "":
        return "—"
    if isinstance(field, forms.ModelChoiceField):
        found = value if isinstance(value, Model) else field.queryset.filter(pk=value).first()
        return str(found) if found else "—"
    if isinstance(field, forms.ChoiceField):
        return str(dict(_flat(field.choices)).get(str(value), value))
    if isinstance(field, forms.BooleanField):
        return str(_("Yes") if value else _("No"))
    return str(formats.localize(value, use_l10n=True))


def _flat(choices: Any) -> list[tuple[str, Any]]:
    return [(str(value), label) for value, label in choices if not isinstance(label, list | tuple)]
