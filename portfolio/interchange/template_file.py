"""Reads a project template from a TOML file; faults name file, place and key, and what to do."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from portfolio.interchange.raci import shares_of
from portfolio.interchange.toml_table import SEMVER, ContentFileFault, KeyFault, TomlTable, read_toml
from portfolio.rollup.methodology import Words
from portfolio.rollup.project_template import (
    HUNDRED,
    DutyKind,
    LinkKind,
    Rhythm,
    RowKind,
    Technique,
    TemplateContent,
    TemplateDuty,
    TemplateFault,
    TemplateLine,
    TemplateLink,
    TemplateMeeting,
    TemplateRisk,
    TemplateRole,
    TemplateRow,
    TemplateStep,
    faults_of_template,
)

SHIPPED = Path(__file__).with_name("project_templates")
SENTENCES = {
    "NO_NAME": "name: is empty; add a text.",
    "NO_ROWS": "rows: there is no work; add [[rows]] tables.",
    "KEY_TWICE": "rows {place}: this key is used twice; give each row its own.",
    "NO_PARENT": "rows {place}, parent: {value!r} is no summary above this row; name one.",
    "EMPTY_SUMMARY": "rows {place}: nothing is part of this summary; add rows to it or make it a task.",
    "NO_DURATION": "rows {place}, days: is less than half a day; write the working days.",
    "DURATION": "rows {place}, days: only tasks have a duration; remove it.",
    "NO_ROLE": "rows {place}, role: {value!r} is not among the roles; add it to [[roles]].",
    "WEIGHTS": "rows {place}, steps: weighted milestones need steps whose weights add up to 100.",
    "NO_END": "links {place}: one of the two rows is not there.",
    "SUMMARY_LINK": "links {place}: summaries are not linked; link the tasks below.",
    "RING": "links: {place} wait for each other in a ring; remove one link.",
    "LINE_AMOUNT": "lines {place}: write either percent or amount.",
    "DUTY_METHOD": "responsibilities: name the methodology whose roles they are.",
    "DUTY_ROW": "responsibilities {place}, row: this row is not there.",
    "DUTY_LETTERS": "responsibilities {place}: write letters (raci), or left_out for a code.",
    "DUTY_TWICE": "responsibilities {place}: stands there twice; remove one.",
    "SHARES": "lines: the shares add up to {value} %; they must not exceed 100.",
}


class TemplateFileFault(ContentFileFault):
    """A file of a project template that cannot be loaded."""


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template with the version a file describes."""

    code: str
    version: str
    changelog: Words
    content: TemplateContent


def shipped_templates() -> list[Path]:
    """Return the files of the templates that come with the portal, by name."""
    return sorted(SHIPPED.glob("*.toml"))


def read_template(path: Path) -> TemplateFile:
    """
    Return the template of a file.

    Raises
    ------
    TemplateFileFault
        If it is no TOML, a key is absent, unknown or of the wrong kind, or no project could be made of it.
    """
    try:
        found = _template(read_toml(path))
    except KeyFault as fault:
        raise TemplateFileFault(path.name, [str(fault)]) from fault
    faults = faults_of_template(found.content)
    if faults:
        raise TemplateFileFault(path.name, [sentence_of(fault) for fault in faults])
    return found


def sentence_of(fault: TemplateFault) -> str:
    """Return a fault as a sentence for the author of a file."""
    return SENTENCES[fault.code].format(place=fault.place, value=fault.value)


def _template(table: TomlTable) -> TemplateFile:
    version = table.text("version")
    if not SEMVER.fullmatch(version):
        raise table.fault("version", f"is {version!r}; write three numbers such as 1.0.0.")
    rows = table.rows("rows", "key")
    links = [link for row in rows for link in _links(row)]
    found = TemplateFile(
        code=table.long_code(),
        version=version,
        changelog=table.words("changelog"),
        content=TemplateContent(
            name=table.words("name", is_needed=True),
            summary=table.words("summary"),
            methodology=table.text("methodology", ""),
            tier=table.text("tier", ""),
            category=table.text("category", ""),
            roles=tuple(_role(row) for row in table.rows("roles")),
            rows=tuple(_row(row) for row in rows),
            links=tuple(links),
            lines=tuple(_line(row) for row in table.rows("lines")),
            risks=tuple(_risk(row) for row in table.rows("risks")),
            meetings=tuple(_meeting(row) for row in table.rows("meetings")),
            duties=tuple(_duty(row) for row in table.rows("responsibilities")),
        ),
    )
    table.close()
    return found


def _links(row: TomlTable) -> list[TemplateLink]:
    """Return the links of a row that waits for others: ``after = ["1.1", "1.2 SS 2"]``, lags in days."""
    key = row.text("key")
    found = []
    for words in row.texts("after"):
        parts = words.split()
        if not 1 <= len(parts) <= 3:
            raise row.fault("after", f"has {words!r}; write a key, then a type and days if needed.")
        kind = row.one_of("after", parts[1] if len(parts) > 1 else "FS", LinkKind)
        try:
            lag = Decimal(parts[2]) if len(parts) > 2 else Decimal(0)
        except ArithmeticError:
            raise row.fault("after", f"has {words!r}; write the lag as a number of days.") from None
        found.append(TemplateLink(parts[0], key, kind, lag))
    return found


def _role(table: TomlTable) -> TemplateRole:
    found = TemplateRole(table.code(), table.words("title", is_needed=True))
    table.close()
    return found


def _row(table: TomlTable) -> TemplateRow:
    found = TemplateRow(
        key=table.code("key"),
        title=table.words("title", is_needed=True),
        kind=table.choice("kind", RowKind, RowKind.TASK),
        parent=table.text("parent", ""),
        days=table.decimal("days", Decimal(0)),
        role=table.text("role", ""),
        units=table.decimal("units", HUNDRED),
        technique=table.choice("technique", Technique, Technique.PERCENT_COMPLETE),
        steps=tuple(_step(row) for row in table.rows("steps")),
        notes=table.words("notes"),
        is_key=table.flag("key_milestone"),
    )
    table.close()
    return found


def _step(table: TomlTable) -> TemplateStep:
    found = TemplateStep(table.words("title", is_needed=True), table.decimal("weight", Decimal(0)))
    table.close()
    return found


def _line(table: TomlTable) -> TemplateLine:
    found = TemplateLine(
        title=table.words("title", is_needed=True),
        category=table.text("category"),
        cost_type=table.text("cost_type", "OPEX"),
        percent=table.decimal_or_none("percent"),
        amount=table.decimal_or_none("amount"),
    )
    table.close()
    return found


def _risk(table: TomlTable) -> TemplateRisk:
    found = TemplateRisk(
        table.words("title", is_needed=True), table.number("probability", 3), table.number("impact", 3)
    )
    table.close()
    return found


def _meeting(table: TomlTable) -> TemplateMeeting:
    found = TemplateMeeting(table.words("title", is_needed=True), table.choice("rhythm", Rhythm))
    table.close()
    return found


def _duty(table: TomlTable) -> TemplateDuty:
    found = TemplateDuty(
        title=table.words("title"),
        kind=table.choice("kind", DutyKind, DutyKind.PROCESS),
        code=table.text("code", ""),
        row=table.text("row", ""),
        shares=shares_of(table),
        is_left_out=table.flag("left_out"),
    )
    table.close()
    if not found.place:
        raise table.fault("title", "is missing; say what it is about, or name a code or a row.")
    return found
