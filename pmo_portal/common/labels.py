"""
What a job is about, in the language of whoever reads it.

A job is ordered by one person and read by others, so its row keeps the English sentence and the
values in it; the sentence is translated when a page shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

LONGEST = 200


@dataclass(frozen=True)
class Label:
    """
    A sentence marked with ``gettext_noop`` and the values of its placeholders.

    Values are text, whole numbers or days; days are shown the way the reader writes them.
    """

    template: str
    values: Mapping[str, str | int | date] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English sentence, as the trail, the log and the search know it."""
        return (self.template % dict(self.values) if self.values else self.template)[:LONGEST]

    @property
    def text(self) -> str:
        """Return the sentence in the language of the moment."""
        return label_text(self.template, self.kept_values, str(self))

    @property
    def kept_values(self) -> dict[str, Any]:
        """Return the values as JSON keeps them."""
        return {
            name: {"day": value.isoformat()} if isinstance(value, date) else value
            for name, value in self.values.items()
        }


def label_text(template: str, values: Mapping[str, Any], fallback: str) -> str:
    """
    Return the sentence in the language of the moment; ``fallback`` for rows without one.

    A sentence that does not fit its values (a job of another version) is shown as it was written.
    """
    if not template:
        return fallback
    try:
        shown = {name: _shown(value) for name, value in values.items()}
        return gettext(template) % shown if shown else gettext(template)
    except (KeyError, TypeError, ValueError):
        return fallback


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return date_format(date.fromisoformat(value["day"]), "SHORT_DATE_FORMAT")
    return value
