"""Input of baselines, members and calendars."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import holidays
from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from projects.forms.saving import VersionedForm, date_field
from projects.models import Calendar, CalendarException, Project
from projects.selectors.calendars import calendars_for
from projects.services.calendars import DayOff, list_holidays

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HOURS = re.compile(r"(?:[0-9]{1,2}:[0-9]{2}[-–][0-9]{1,2}:[0-9]{2}[ ,]+)+")


class BaselineForm(forms.Form):
    """Freeze the plan."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    effective_from = date_field(
        _("Effective from"), required=True, help_text=_("Figures of earlier days keep the former baseline.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for every baseline after the original one."),
    )


class DeclineForm(forms.Form):
    """Why no baseline is set."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def asked_baseline(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what an address asks for, as far as the form can show it."""
    form = BaselineForm(asked)
    return {name: asked[name] for name in form.fields if asked.get(name) and not form[name].errors}


class MemberForm(forms.Form):
    """A role for a person."""

    user = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.filter(is_active=True).order_by("name", "pk"),
        empty_label=_("Choose a person"),
    )
    role = forms.ChoiceField(label=_("Role"))
    valid_from = date_field(_("From"))
    valid_to = date_field(_("Until"))
    is_deputy = forms.BooleanField(label=_("Deputy"), required=False)
    takes_over = forms.BooleanField(
        label=_("Takes over"),
        required=False,
        help_text=_("Ends the membership of the present sponsor or project manager."),
    )

    def __init__(self, *args: Any, roles: frozenset[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [choice for choice in Role.choices if choice[0] in roles]


class CalendarForm(VersionedForm):
    """Working hours of a calendar, and its days off."""

    name = forms.CharField(label=_("Name"), max_length=150)
    hours_per_day = forms.DecimalField(
        label=_("Hours per day"),
        min_value=1,
        max_value=24,
        decimal_places=2,
        initial=8,
        help_text=_("What one day of duration stands for."),
    )
    days_off = forms.CharField(
        label=_("Days off and other hours"),
        required=False,
        widget=forms.Textarea(
            attrs={
                "rows": 6,
                "placeholder": "2026-12-24 08:00-12:00 Half day\n2026-12-28..2026-12-31 Closed",
            }
        ),
        help_text=_(
            "One per line: a day or first..last day, then a name. With hours before the name it is a day "
            "with these hours. Lines of a CSV file (first day, last day, name) can be pasted too."
        ),
    )
    holidays_of = forms.ChoiceField(
        label=_("Add public holidays of"),
        required=False,
        choices=[("", "–"), *((code, code) for code in sorted(holidays.list_supported_countries()))],
    )

    def __init__(
        self, *args: Any, project: Project | None, calendar: Calendar | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._former_week = (calendar.week_pattern or {}) if calendar else {}
        self.fields["base"] = forms.ModelChoiceField(
            label=_("Based on"),
            required=False,
            empty_label="–",
            queryset=calendars_for(project).exclude(pk=calendar.pk if calendar else None),
            help_text=_("Days off of that calendar count here too."),
        )
        for day, title in WEEKDAYS.items():
            self.fields[f"hours_{day}"] = forms.CharField(
                label=title,
                required=False,
                max_length=60,
            )
        self.fields["hours_0"].help_text = _(
            "Like 08:00-12:00 13:00-17:00. Empty is a day off, or as in the calendar this one is based on."
        )
        self.order_fields(["version", "name", "hours_per_day", "base", *(f"hours_{day}" for day in WEEKDAYS)])

    def clean(self) -> dict[str, Any]:
        """Read the hours and days off."""
        values = super().clean() or {}
        week = {}
        for day in WEEKDAYS:
            try:
                week[str(day)] = self._hours_of(day, values.get(f"hours_{day}") or "", values.get("base"))
            except ValueError:
                self.add_error(f"hours_{day}", _("Write hours like 08:00-12:00 13:00-17:00."))
        values["week_pattern"] = week
        try:
            values["off"] = read_days_off(values.get("days_off") or "")
        except ValueError:
            self.add_error("days_off", _("Write one day per line, such as 2026-12-25 Christmas."))
        return values

    def _hours_of(self, day: int, text: str, base: Calendar | None) -> list[list[int]] | None:
        """Return the hours of a day; a day left to the calendar below stays so while it is empty."""
        is_inherited = self._former_week.get(str(day), []) is None and base is not None
        return None if is_inherited and not text.strip() else read_hours(text)

    @property
    def changes(self) -> dict[str, Any]:
        """The columns to save."""
        return {name: self.cleaned_data[name] for name in ("name", "hours_per_day", "base", "week_pattern")}

    def days_off_from(self, first_year: int) -> list[DayOff]:
        """Return the days of the form, and the public holidays of five years that were chosen."""
        days: list[DayOff] = list(self.cleaned_data["off"])
        country = self.cleaned_data["holidays_of"]
        if not country:
            return days
        known = {(day.start, day.finish) for day in days}
        found = list_holidays(country=country, years=range(first_year, first_year + 5))
        return days + [day for day in found if (day.start, day.finish) not in known]


def read_hours(text: str) -> list[list[int]]:
    """
    Return intervals of minutes from words like ``08:00-12:00 13:00-17:00``.

    Raises
    ------
    ValueError
        If a word is no interval.
    """
    found = []
    for word in text.replace(",", " ").replace("–", "-").split():
        first, _dash, second = word.partition("-")
        start, finish = _minutes(first), _minutes(second)
        found.append([start, finish if finish > start else finish + 1440])
    return found


def _minutes(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    total = int(hours) * 60 + int(minutes or 0)
    if not 0 <= total <= 1440:
        raise ValueError(text)
    return total


def read_days_off(text: str) -> list[DayOff]:
    """
    Return the days of each line: ``2026-12-24 08:00-12:00 Half day``, or cells of a CSV file.

    Raises
    ------
    ValueError
        If a line does not begin with a day.
    """
    return [_read_day(line) for line in filter(None, (line.strip() for line in text.splitlines()))]


def _read_day(line: str) -> DayOff:
    if line[10:11] in {",", ";", "\t"}:
        cells = [cell.strip().strip('"') for cell in line.split(line[10])]
        last = cells.pop(1) if len(cells) > 1 and DAY.fullmatch(cells[1]) else cells[0]
        line = f"{cells[0]}..{last} {' '.join(cells[1:])}"
    days, _space, name = line.partition(" ")
    first, _dots, last = days.partition("..")
    start, finish = date.fromisoformat(first), date.fromisoformat(last or first)
    if finish < start or finish - start > timedelta(days=3660):
        raise ValueError(line)
    hours = HOURS.match(name.strip() + " ")
    intervals = read_hours(hours.group()) if hours else []
    title = name.strip()[hours.end() :] if hours else name
    return DayOff(start, finish, title.strip()[:150], tuple((a, b) for a, b in intervals))


def written_hours(intervals: Any) -> str:
    """Return intervals of minutes as words."""
    return " ".join(f"{_clock(start)}-{_clock(finish)}" for start, finish in intervals or [])


def _clock(minutes: int) -> str:
    return f"{minutes % 1440 // 60:02d}:{minutes % 60:02d}" if minutes != 1440 else "24:00"


def calendar_values(calendar: Calendar) -> dict[str, Any]:
    """Return the present values of `CalendarForm`. One query for the days off."""
    week = calendar.week_pattern or {}
    days = CalendarException.objects.filter(calendar=calendar).order_by("start", "pk")
    return {
        "name": calendar.name,
        "hours_per_day": calendar.hours_per_day,
        "base": calendar.base,
        **{f"hours_{day}": written_hours(week.get(str(day))) for day in WEEKDAYS},
        "days_off": "\n".join(_written_day(entry) for entry in days),
        "version": calendar.version,
    }


def _written_day(entry: CalendarException) -> str:
    days = str(entry.start) if entry.start == entry.finish else f"{entry.start}..{entry.finish}"
    return " ".join(filter(None, (days, written_hours(entry.intervals), entry.name)))
