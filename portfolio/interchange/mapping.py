"""Which column means what, and the choices that go with a table."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from portfolio.interchange.cells import clean
from projects.interchange.tables.table import gettext_noop

FieldKind = Literal["text", "date", "amount", "color"]


@dataclass(frozen=True, slots=True)
class Field:
    """Something a column can mean."""

    code: str
    kind: FieldKind
    words: tuple[str, ...]


FIELDS: tuple[Field, ...] = (
    Field(
        "code", "text", ("project number", "code", "project id", "id", "number", "managing agcy cd", "nummer")
    ),
    Field(
        "name", "text", ("project name", "name", "project", "title", "projektname", "projekt", "bezeichnung")
    ),
    Field(
        "org_unit",
        "text",
        ("department", "org unit", "division", "agency", "managing agency", "unit", "abteilung"),
    ),
    Field("category", "text", ("report category", "category", "type", "sector", "kategorie")),
    Field(
        "description",
        "text",
        ("description aims", "description", "aims", "objective", "scope", "beschreibung"),
    ),
    Field("start", "date", ("start date", "start", "planned start", "beginn", "anfang")),
    Field("finish", "date", ("end date", "finish date", "end", "finish", "planned finish", "ende")),
    Field(
        "budget",
        "amount",
        ("wlc baseline incl ncg", "whole life cost", "whole-life cost", "total budget", "budget"),
    ),
    Field("year_budget", "amount", ("yearly budget", "total baseline", "annual budget")),
    Field("year_forecast", "amount", ("yearly forecast", "annual forecast", "forecast")),
    Field(
        "confidence",
        "color",
        (
            "colour rating",
            "color rating",
            "rag",
            "rating",
            "status colour",
            "delivery confidence",
            "confidence",
            "health",
            "ampel",
            "status",
        ),
    ),
    Field("confidence_note", "text", ("rating comment", "rag comment", "status comment")),
    Field("schedule_note", "text", ("schedule comment",)),
    Field("variance_note", "text", ("variance comment",)),
    Field("budget_note", "text", ("budget comment",)),
    Field("year", "text", ("year", "reporting year")),
)
FIELD_BY_CODE = {each.code: each for each in FIELDS}


class MappingFault(ValueError):
    """The mapping cannot be used; the sentence says what to change. The pages translate it."""

    def __init__(self, sentence: str, **parameters: str) -> None:
        super().__init__(sentence % parameters if parameters else sentence)
        self.sentence = sentence
        self.parameters = parameters


@dataclass(frozen=True, slots=True)
class TableMapping:
    """
    The meaning of a table.

    Parameters
    ----------
    columns : mapping of field code to headers
        The first of the headers that the table has is read.
    currency : str
        ISO 4217 code of all amounts.
    money_unit : int
        What 1 stands for.
    as_of_month_day : str
        ``MM-DD`` that, with the year column, gives the date of the status; "" when a date must be given.
    has_first_status_as_baseline : bool
        Whether the first status of a project becomes its original baseline (ADR 5).
    report_cycle : str
        How often such a table appears.
    """

    title: str
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    currency: str = "EUR"
    money_unit: int = 1
    as_of_month_day: str = ""
    has_first_status_as_baseline: bool = True
    report_cycle: str = "MONTHLY"

    def __post_init__(self) -> None:
        unknown = set(self.columns) - set(FIELD_BY_CODE)
        if unknown:
            raise MappingFault(gettext_noop("Unknown fields: %(names)s."), names=", ".join(sorted(unknown)))
        if not self.columns.get("name"):
            raise MappingFault(gettext_noop("Choose the column that holds the project's name."))
        if self.money_unit < 1:
            raise MappingFault(gettext_noop("The unit of amounts must be at least 1."))
        if self.as_of_month_day:
            self.as_of(2000)

    def as_of(self, year: int) -> date:
        """Return the date of a status of this reporting year."""
        month, _, day = self.as_of_month_day.partition("-")
        try:
            return date(year, int(month), int(day))
        except ValueError as fault:
            raise MappingFault(gettext_noop("The day of the status must be given as MM-DD.")) from fault

    def to_dict(self) -> dict[str, Any]:
        """Return the mapping as JSON data."""
        data = asdict(self)
        data["columns"] = {code: list(headers) for code, headers in sorted(self.columns.items())}
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "TableMapping":
        """Return the mapping of JSON data; unknown keys are ignored."""
        known = {key: data[key] for key in cls.__dataclass_fields__ if key in data}
        columns = {str(code): tuple(headers) for code, headers in dict(known.get("columns", {})).items()}
        return cls(**{**known, "columns": columns})


def guess_columns(headers: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """
    Return a first proposal: the header whose words match a field best, each header used once.

    A unit in brackets at the end of a header does not count.

    Examples
    --------
    >>> guess_columns(("Project name", "End date"))
    {'name': ('Project name',), 'finish': ('End date',)}
    >>> guess_columns(("Budget (k EUR)",))
    {'budget': ('Budget (k EUR)',)}
    """
    bare = {header: _bare(header) for header in headers}
    guess: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for each in FIELDS:
        for words in each.words:
            header = next((name for name, text in bare.items() if text == words and name not in taken), None)
            if header is not None:
                guess[each.code] = (header,)
                taken.add(header)
                break
    return guess


def _bare(header: str) -> str:
    text = clean(header.replace("_", " ")).casefold()
    return text.rpartition("(")[0].rstrip() if text.endswith(")") else text
