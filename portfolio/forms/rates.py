"""Input of exchange rates: one, or a table of them."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.choices import FxKind
from projects.forms.saving import date_field
from projects.services.rates import RateDraft

COLUMNS = ("from", "to", "date", "kind", "rate")
MOST_ROWS = 200
MOST_BYTES = 50_000


class CurrencyField(forms.CharField):
    """Three letters, in any case."""

    def clean(self, value: Any) -> Any:
        """Return the letters in upper case."""
        return str(super().clean(value)).strip().upper()


class RateForm(forms.Form):
    """One rate from a day on."""

    source = CurrencyField(
        label=_("One unit of"), max_length=3, widget=forms.TextInput(attrs={"placeholder": "GBP"})
    )
    target = CurrencyField(label=_("in"), max_length=3, widget=forms.TextInput(attrs={"placeholder": "EUR"}))
    rate = forms.DecimalField(
        label=_("is worth"), max_digits=18, decimal_places=8, help_text=_("Such as 1.17.")
    )
    valid_from = date_field(
        _("From"), required=True, help_text=_("It holds until a newer rate of the pair begins.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=FxKind.choices,
        help_text=_("Roll-ups use the budget rate, postings the spot rate of their day."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to correct a rate of the same day. It stands in the audit trail."),
    )
    seen = forms.DecimalField(required=False, widget=forms.HiddenInput)


class RatesTableForm(forms.Form):
    """A table of rates as text or as a file."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(
        label=_("or paste the lines here"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(
            attrs={"rows": 8, "placeholder": "from,to,date,kind,rate\nGBP,EUR,2027-01-01,BUDGET,1.17"}
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        help_text=_("Needed where rates of the same day are corrected."),
    )

    def clean(self) -> dict[str, Any]:
        """Take the file, else the text; refuse what is no table of rates."""
        values = super().clean() or {}
        upload = values.get("file")
        if upload is not None and upload.size > MOST_BYTES:
            self.add_error("file", _("The file is larger than 50 kB."))
            return values
        text = _decoded(upload.read()) if upload else values.get("text", "")
        values["lines"] = read_rates(text)
        values["source_text"] = text
        if values["lines"] is None:
            field = "file" if upload else "text"
            self.add_error(field, _("The first line names the columns: from, to, date, kind, rate."))
        elif not 1 <= len(values["lines"]) <= MOST_ROWS:
            self.add_error(None, _("Give between 1 and %(most)s lines of rates.") % {"most": MOST_ROWS})
        return values


@dataclass(frozen=True)
class RateLine:
    """A line of the table: what it says, or why it cannot be read."""

    number: int
    words: tuple[str, ...]
    draft: RateDraft | None
    fault: str | Promise = ""


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_rates(text: str) -> list[RateLine] | None:
    """Return the lines below the head; None without the columns from, to, date, kind, rate."""
    head = text.lstrip().splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=head.count)
    rows = list(csv.reader(io.StringIO(text.lstrip()), delimiter=separator))
    names = [name.strip().lower() for name in rows[0]] if rows else []
    if sorted(names) != sorted(COLUMNS):
        return None
    places = [names.index(name) for name in COLUMNS]
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            words = tuple(row[place].strip() if place < len(row) else "" for place in places)
            lines.append(_line(number, words, decimal_comma=separator != ","))
    return lines


def _line(number: int, words: tuple[str, ...], *, decimal_comma: bool) -> RateLine:
    source, target, day, kind, rate = words
    try:
        valid_from = date.fromisoformat(day)
    except ValueError:
        return RateLine(number, words, None, _("Write the day like 2027-01-01."))
    try:
        value = Decimal(rate.replace(",", ".") if decimal_comma else rate)
    except InvalidOperation:
        return RateLine(number, words, None, _("Write the rate like 1.17."))
    if not value.is_finite():
        return RateLine(number, words, None, _("Write the rate like 1.17."))
    if kind.upper() not in FxKind.values:
        return RateLine(number, words, None, _("The kind is BUDGET, SPOT or AVERAGE."))
    return RateLine(number, words, RateDraft(source.upper(), target.upper(), value, valid_from, kind.upper()))
