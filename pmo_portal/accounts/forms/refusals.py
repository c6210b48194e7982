"""What a service refuses becomes an error of the form it came from."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from pmo_portal.common.errors import DomainError

Result = TypeVar("Result")


def save_or_refuse(form: forms.BaseForm, act: Callable[[], Result]) -> Result | None:
    """Return what ``act`` returns; None when it refuses, with the reason written on the form."""
    try:
        return act()
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    except ValidationError as refusal:
        for field, messages in getattr(refusal, "message_dict", {NON_FIELD_ERRORS: refusal.messages}).items():
            form.add_error(field if field in form.fields else None, messages)
    return None
