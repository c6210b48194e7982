"""What people type into the plan, as values: each field with the sentence that says what it accepts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Final

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo_portal.accounts.models import Person
from pmo_portal.common.errors import DomainError
from projects.choices import CHOSEN_TASK_KINDS, ConstraintType, EvTechnique, LinkType
from projects.engine.plausible_dates import END_DATE, FIRST_DATE
from projects.interchange.link_words import LinkWords, read_lag, read_links, read_type
from projects.interchange.time_words import Length, NotUnderstood, Units, read_length
from projects.models import Calendar, Project, Task
from projects.selectors.calendars import calendars_for
from projects.selectors.members import people_of
from projects.selectors.plan_grid import own_field_names, units_of
from projects.selectors.task_stretches import RestDays
from projects.services.plan_changes.acts import OWN, Lag
from projects.services.plan_changes.rests import days_of

MOST_LETTERS: Final = {"name": 250, "notes": 20_000, "own": 2_000}
MOST_HOURS: Final = Decimal(9_999_999)
MOST_MONEY: Final = Decimal(10) ** 15
CENT: Final = Decimal("0.01")
RANGE: Final = re.compile(r"\s*(?:[–—]|\.\.|\s-\s|\bto\b|\bbis\b)\s*")
"""What stands between the first and the last day; a hyphen needs room, since days have some."""
_NUMBER = re.compile(r"^[+\-\u2212]?\d{1,15}(?:[.,]\d{1,6})?$")
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$")
_YES = frozenset({"1", "true", "yes", "y", "x", "ja", "j", "wahr"})
_NO = frozenset({"", "0", "false", "no", "n", "nein", "falsch", "-"})


def _refused(message: str, code: str = "INVALID") -> DomainError:
    return DomainError(message, code=code)


@dataclass
class PlanWords:
    """Reads the fields of one plan in the language of the person; lists are read when first asked."""

    project: Project
    units: Units = field(init=False)

    def __post_init__(self) -> None:
        """Take the length of days from the calendar of the plan."""
        self.units = units_of(self.project, is_german=(get_language() or "").startswith("de"))

    @cached_property
    def _people(self) -> Sequence[Person]:
        owners = Task.objects.filter(project=self.project, owner__isnull=False).values_list("owner_id")
        found = people_of(self.project, owners={pk for (pk,) in owners.distinct()})
        return list(found.select_related("user"))

    @cached_property
    def _calendars(self) -> Sequence[Calendar]:
        return list(calendars_for(self.project))

    @cached_property
    def _own_fields(self) -> frozenset[str]:
        return frozenset(own_field_names(self.project))

    def read(self, name: str, value: Any) -> Any:
        """
        Return the value of a field.

        Raises
        ------
        DomainError
            On the field, with a sentence that says what is accepted.
        """
        reader = READERS.get(name)
        try:
            if name.startswith(OWN):
                return self._own(name.removeprefix(OWN), value)
            if reader is None:
                raise _refused(_("There is no such field."), "NO_FIELD")
            return reader(self, value)
        except DomainError as fault:
            raise DomainError(fault.message, code=fault.code, field=name) from fault
        except NotUnderstood as fault:
            raise DomainError(_sentence(fault), code=fault.code, field=name) from fault

    def _own(self, name: str, value: Any) -> str:
        if name not in self._own_fields:
            raise _refused(_("This plan has no own field of this name."), "NO_FIELD")
        return _text(value, most=MOST_LETTERS["own"])

    # Texts and choices

    def name(self, value: Any) -> str:
        """Return a name."""
        text = " ".join(_text(value, most=MOST_LETTERS["name"]).split())
        if not text:
            raise _refused(_("A row needs a name."), "NAME_NEEDED")
        return text

    def notes(self, value: Any) -> str:
        """Return notes."""
        return _text(value, most=MOST_LETTERS["notes"])

    def flag(self, value: Any) -> bool:
        """Return yes or no."""
        word = str(value).strip().lower() if not isinstance(value, bool) and value is not None else value
        if word in (True, False):
            return bool(word)
        if word is None or word in _NO:
            return False
        if word in _YES:
            return True
        raise _refused(_("Write yes or no."), "NOT_YES_OR_NO")

    def kind(self, value: Any) -> str:
        """Return the kind of a row."""
        return _choice(value, CHOSEN_TASK_KINDS)

    def constraint(self, value: Any) -> str:
        """Return the type of a constraint."""
        return ConstraintType.ASAP if value in (None, "") else _choice(value, ConstraintType.choices)

    def technique(self, value: Any) -> str:
        """Return an earned value technique."""
        return _choice(value, EvTechnique.choices)

    # Times

    def duration(self, value: Any) -> Length:
        """Return a length of time that is not negative."""
        found = self._length(value)
        if found.minutes < 0:
            raise _refused(_("A duration cannot be negative."), "NEGATIVE")
        return found

    def remaining(self, value: Any) -> Length | None:
        """Return the time that remains; nothing where it is left open."""
        return None if value in (None, "") else self.duration(value)

    def _length(self, value: Any) -> Length:
        return read_length(_text(value, most=60), self.units)

    def day(self, value: Any) -> date | None:
        """Return a day, written ISO or in a format of the person's language."""
        text = _text(value, most=40).strip()
        if not text:
            return None
        found = _day(text)
        if found is None:
            raise _refused(
                _("This is not a day. Write it like %(iso)s or %(own)s.")
                % {"iso": "2026-03-31", "own": formats.date_format(date(2026, 3, 31), "SHORT_DATE_FORMAT")},
                "NOT_A_DAY",
            )
        if not FIRST_DATE <= found < END_DATE:
            raise _refused(_("This day lies too far away."), "DAY_OUT_OF_RANGE")
        return found

    def moment(self, value: Any) -> date | datetime | None:
        """Return a day, or a moment as the plan itself writes it."""
        text = _text(value, most=40).strip()
        if not _MOMENT.match(text):
            return self.day(text)
        try:
            found = datetime.fromisoformat(f"{text}+00:00")
        except ValueError:
            return self.day("x")
        self.day(found.date().isoformat())
        return found

    def interruptions(self, value: Any) -> tuple[RestDays, ...]:
        """Return the days without work: one, or the first and the last; several with semicolons between."""
        found = []
        for part in re.split(r"[;\n]", _text(value, most=5_000)):
            ends = [self._rest_day(word) for word in RANGE.split(part.strip()) if part.strip()]
            if len(ends) > 2:
                raise _no_rest()
            if ends:
                found.append((ends[0], ends[-1]))
        return days_of(found)

    def _rest_day(self, word: str) -> date:
        found = self.day(word) if _day(word.strip()) else None
        if found is None:
            raise _no_rest()
        return found

    # Numbers

    def percent(self, value: Any) -> Decimal:
        """Return a percentage."""
        number = _number(str(value).strip().removesuffix("%").strip())
        if not 0 <= number <= 100:
            raise _refused(_("Write a percentage from 0 to 100."), "OUT_OF_RANGE")
        return number

    def work(self, value: Any) -> Decimal:
        """Return hours of work; days and weeks are read too."""
        text = _text(value, most=60).strip()
        hours = _number(text) if _NUMBER.match(text) else Decimal(self._length(text).minutes) / 60
        if not 0 <= hours <= MOST_HOURS:
            raise _refused(_("Write the work in hours, like 16 or 2d."), "OUT_OF_RANGE")
        return hours.quantize(CENT)

    def cost(self, value: Any) -> Decimal:
        """Return an amount in the currency of the project."""
        number = _number(_text(value, most=40))
        if abs(number) >= MOST_MONEY:
            raise _refused(_("This amount is too large."), "OUT_OF_RANGE")
        return number

    # Other objects

    def owner(self, value: Any) -> Person | None:
        """Return somebody who works in the project, by key, name or e-mail."""
        found = _found(
            value, self._people, lambda person: (person.name, person.email, getattr(person.user, "email", ""))
        )
        if found is None and value not in (None, ""):
            raise _refused(
                _("Nobody of this name works in the project. Add the person to the team first."), "NO_PERSON"
            )
        return found

    def calendar(self, value: Any) -> Calendar | None:
        """Return a calendar the project may use, by key or name."""
        found = _found(value, self._calendars, lambda calendar: (calendar.name,))
        if found is None and value not in (None, ""):
            raise _refused(_("There is no calendar of this name."), "NO_CALENDAR")
        return found

    def preds(self, value: Any) -> tuple[LinkWords, ...]:
        """Return predecessors as a text names them."""
        return read_links(_text(value, most=20_000), self.units)

    # Links

    def link_type(self, value: Any) -> str:
        """Return a type of a link; names of both languages are known."""
        text = _text(value, most=40).strip()
        return read_type(text) or _choice(text, LinkType.choices)

    def lag(self, value: Any) -> Lag:
        """Return a lag; nothing is none."""
        text = _text(value, most=60).strip()
        try:
            length, percent = read_lag(text, self.units)
        except NotUnderstood as fault:
            raise DomainError(_sentence(fault), code=fault.code, field="lag") from fault
        return Lag(length, percent)


def _no_rest() -> DomainError:
    return _refused(
        _("Write the days without work like %(iso)s, with a semicolon before the next ones.")
        % {"iso": "2026-03-02 – 2026-03-05"},
        "NOT_UNDERSTOOD",
    )


def _sentence(fault: NotUnderstood) -> str:
    sentences = {
        "LENGTH": _("Write a length of time like 3d, 2w, 4h, 30m, 1mo or 3ed; a number alone is days."),
        "TOO_LONG": _("At most twenty years are possible."),
        "LINK": _("“%(text)s” is no predecessor. Write its number with type and lag, like 12FS+2d; 7.")
        % {"text": fault.text[:40]},
        "TOO_MANY_LINKS": _("At most 500 predecessors are possible."),
    }
    return sentences[fault.code]


def _text(value: Any, *, most: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _refused(_("Write a text."), "NOT_A_TEXT")
    text = str(value)
    if len(text) > most:
        raise _refused(_("At most %(count)s characters are possible.") % {"count": most}, "TOO_LONG")
    if "\x00" in text:
        raise _refused(_("This text has a character that cannot be stored."), "NOT_A_TEXT")
    return text


def _number(text: str) -> Decimal:
    plain = text.strip().replace(" ", "").replace("\u00a0", "")
    if not _NUMBER.match(plain):
        raise _refused(_("Write a number like 1234.50."), "NOT_A_NUMBER")
    try:
        return Decimal(plain.replace(",", ".").replace("\u2212", "-")).quantize(CENT)
    except InvalidOperation:
        raise _refused(_("Write a number like 1234.50."), "NOT_A_NUMBER") from None


def _choice(value: Any, choices: Sequence[tuple[str, Any]]) -> str:
    text = _text(value, most=100).strip()
    for code, label in choices:
        if text.upper() == code or text.lower() == str(label).lower():
            return code
    raise _refused(
        _("Choose one of these: %(choices)s.")
        % {"choices": ", ".join(str(label) for _code, label in choices)},
        "NO_CHOICE",
    )


def _day(text: str) -> date | None:
    for pattern in ("%Y-%m-%d", *formats.get_format_lazy("DATE_INPUT_FORMATS")):
        try:
            return datetime.strptime(text, str(pattern)).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _found(value: Any, rows: Sequence[Any], names: Callable[[Any], Sequence[str]]) -> Any:
    """Return the row of this key, else the only one of this name."""
    if isinstance(value, int) and not isinstance(value, bool):
        return next((row for row in rows if row.pk == value), None)
    text = _text(value, most=254).strip().lower()
    if not text:
        return None
    found = [row for row in rows if text in {name.lower() for name in names(row) if name}]
    if len(found) > 1:
        raise _refused(_("Several have this name. Use the e-mail address."), "AMBIGUOUS")
    return found[0] if found else None


READERS: Final[Mapping[str, Callable[[PlanWords, Any], Any]]] = {
    "name": PlanWords.name,
    "notes": PlanWords.notes,
    "kind": PlanWords.kind,
    "active": PlanWords.flag,
    "manual": PlanWords.flag,
    "key": PlanWords.flag,
    "duration": PlanWords.duration,
    "start": PlanWords.moment,
    "finish": PlanWords.moment,
    "percent": PlanWords.percent,
    "physical": PlanWords.percent,
    "remaining": PlanWords.remaining,
    "actual_start": PlanWords.moment,
    "actual_finish": PlanWords.moment,
    "preds": PlanWords.preds,
    "constraint": PlanWords.constraint,
    "constraint_day": PlanWords.day,
    "deadline": PlanWords.day,
    "calendar": PlanWords.calendar,
    "owner": PlanWords.owner,
    "work": PlanWords.work,
    "interruptions": PlanWords.interruptions,
    "technique": PlanWords.technique,
    "cost": PlanWords.cost,
}
