"""What people type into the plan: values, and for each fault a sentence that says what is accepted."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from pmo_portal.accounts.choices import Role
from pmo_portal.common.errors import DomainError
from projects.forms.plan_words import PlanWords
from projects.interchange.time_words import Length
from projects.models import Calendar, Project
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LENGTH = "Write a length of time like 3d, 2w, 4h, 30m, 1mo or 3ed; a number alone is days."
NUMBER = "Write a number like 1234.50."
DAY = "This is not a day. Write it like 2026-03-31 or 31 Mar 2026."
FAULTS: list[tuple[str, Any, str, str]] = [
    ("name", "  ", "NAME_NEEDED", "A row needs a name."),
    ("name", "x" * 251, "TOO_LONG", "At most 250 characters are possible."),
    ("name", ["x"], "NOT_A_TEXT", "Write a text."),
    ("name", True, "NOT_A_TEXT", "Write a text."),
    ("notes", "a\x00b", "NOT_A_TEXT", "This text has a character that cannot be stored."),
    ("notes", "x" * 20_001, "TOO_LONG", "At most 20000 characters are possible."),
    ("active", "perhaps", "NOT_YES_OR_NO", "Write yes or no."),
    ("kind", "Milestone of sorts", "NO_CHOICE", "Choose one of these: "),
    ("constraint", "ASAP!", "NO_CHOICE", "Choose one of these: "),
    ("duration", "three", "LENGTH", LENGTH),
    ("duration", "3x", "LENGTH", LENGTH),
    ("duration", "-2d", "NEGATIVE", "A duration cannot be negative."),
    ("duration", "99999999d", "TOO_LONG", "At most twenty years are possible."),
    ("remaining", "-1h", "NEGATIVE", "A duration cannot be negative."),
    ("deadline", "soon", "NOT_A_DAY", DAY),
    ("deadline", "2026-02-30", "NOT_A_DAY", DAY),
    ("deadline", "0001-01-01", "DAY_OUT_OF_RANGE", "This day lies too far away."),
    ("start", "2026-03-31T25:00", "NOT_A_DAY", DAY),
    ("percent", "101", "OUT_OF_RANGE", "Write a percentage from 0 to 100."),
    ("percent", "-1", "OUT_OF_RANGE", "Write a percentage from 0 to 100."),
    ("percent", "half", "NOT_A_NUMBER", NUMBER),
    ("percent", "nan", "NOT_A_NUMBER", NUMBER),
    ("work", "-3", "OUT_OF_RANGE", "Write the work in hours, like 16 or 2d."),
    ("work", "much", "LENGTH", LENGTH),
    ("cost", "1e9", "NOT_A_NUMBER", NUMBER),
    ("cost", "1,234,567", "NOT_A_NUMBER", NUMBER),
    ("cost", "999999999999999.999", "OUT_OF_RANGE", "This amount is too large."),
    (
        "owner",
        "Nobody Known",
        "NO_PERSON",
        "Nobody of this name works in the project. Add the person to the team first.",
    ),
    (
        "owner",
        987_654,
        "NO_PERSON",
        "Nobody of this name works in the project. Add the person to the team first.",
    ),
    ("owner", "Sam", "AMBIGUOUS", "Several have this name. Use the e-mail address."),
    ("calendar", "Moon", "NO_CALENDAR", "There is no calendar of this name."),
    (
        "preds",
        "12XY",
        "LINK",
        "“12XY” is no predecessor. Write its number with type and lag, like 12FS+2d; 7.",
    ),
    ("preds", ";".join(map(str, range(1, 502))), "TOO_MANY_LINKS", "At most 500 predecessors are possible."),
    ("color", "red", "NO_FIELD", "There is no such field."),
    ("own:Region", "north", "NO_FIELD", "This plan has no own field of this name."),
]


@pytest.fixture
def words() -> Iterator[PlanWords]:
    """Yield the reader of a plan with two people of one name and a calendar of its own, in English."""
    project = factories.project("P-1")
    for address in ("sam.one@example.org", "sam.two@example.org"):
        user = factories.user("Sam", email=address)
        factories.person("Sam", of=user)
        factories.grant(user, Role.TEAM_MEMBER, project.node)
    Calendar.objects.create(name="Night shift", project=project)
    factories.task(project, "A", extra={"Text1": "x"})
    with translation.override("en"):
        yield PlanWords(Project.objects.select_related("calendar").get(pk=project.pk))


@pytest.mark.parametrize(("field", "text", "code", "sentence"), FAULTS)
def test_fault_says_on_its_field_what_is_accepted(
    words: PlanWords, field: str, text: Any, code: str, sentence: str
) -> None:
    """Issue 4: refusals stand on the field, in a sentence people can act on."""
    with pytest.raises(DomainError) as fault:
        words.read(field, text)

    assert (fault.value.code, fault.value.field) == (code, field)
    assert str(fault.value).startswith(sentence) if sentence.endswith(": ") else str(fault.value) == sentence


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("name", "  Two   words ", "Two words"),
        ("active", "x", True),
        ("active", "Nein", False),
        ("manual", None, False),
        ("kind", "start_milestone", "START_MILESTONE"),
        ("constraint", "", "ASAP"),
        ("duration", "2w", Length(4800)),
        ("duration", "3ed", Length(4320, True)),
        ("remaining", "", None),
        ("deadline", "2026-03-31", date(2026, 3, 31)),
        ("start", "2026-03-31T08:30", datetime(2026, 3, 31, 8, 30, tzinfo=UTC)),
        ("start", "", None),
        ("percent", "62,5 %", Decimal("62.50")),
        ("work", "2d", Decimal("16.00")),
        ("work", "7.5", Decimal("7.50")),
        ("cost", "\u22121 250,50", Decimal("-1250.50")),
        ("owner", "", None),
        ("own:Text1", "north", "north"),
    ],
)
def test_value_is_read_as_people_write_it(words: PlanWords, field: str, text: Any, value: Any) -> None:
    assert words.read(field, text) == value


def test_people_and_calendars_are_found_by_key_name_or_address(words: PlanWords) -> None:
    person = words.read("owner", "SAM.TWO@example.org")

    assert person.user.email == "sam.two@example.org"
    assert words.read("owner", person.pk) == person
    assert words.read("calendar", "night SHIFT").name == "Night shift"


def test_lag_of_a_link_is_refused_on_its_field(words: PlanWords) -> None:
    with pytest.raises(DomainError) as fault:
        words.lag("some days")

    assert (fault.value.code, fault.value.field, str(fault.value)) == ("LENGTH", "lag", LENGTH)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    sorted({(field, str(text), code) for field, text, code, _said in FAULTS if isinstance(text, str)}),
)
def test_every_fault_is_said_in_german_too(words: PlanWords, field: str, text: str, code: str) -> None:
    with translation.override("en"), pytest.raises(DomainError) as english:
        words.read(field, text)
    with translation.override("de"), pytest.raises(DomainError) as german:
        PlanWords(words.project).read(field, text)

    assert german.value.code == english.value.code == code
    assert str(german.value) != str(english.value)
