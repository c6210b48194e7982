"""What a version of a project template says: rows, links, roles, budget, risks, meetings (domain 2.4)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Self

from portfolio.rollup.codec import from_plain, to_plain
from portfolio.rollup.methodology import NO_WORDS, Share, Words

HALF_DAY = Decimal("0.5")
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
RESERVES = ("CONTINGENCY", "MANAGEMENT_RESERVE")


class RowKind(StrEnum):
    """What a row of a template becomes."""

    TASK = "TASK"
    MILESTONE = "FINISH_MILESTONE"
    START_MILESTONE = "START_MILESTONE"
    SUMMARY = "SUMMARY"
    LEVEL_OF_EFFORT = "LEVEL_OF_EFFORT"


class LinkKind(StrEnum):
    """Types of links."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class Technique(StrEnum):
    """Earned value techniques that a row can ask for without knowing dates or other rows."""

    FIXED_0_100 = "FIXED_0_100"
    FIXED_50_50 = "FIXED_50_50"
    PERCENT_COMPLETE = "PERCENT_COMPLETE"
    WEIGHTED_MILESTONES = "WEIGHTED_MILESTONES"


class DutyKind(StrEnum):
    """What a row of the responsibility matrix is about."""

    REQUIREMENT = "REQUIREMENT"
    GATE = "GATE"
    PROCESS = "PROCESS"
    WORK = "WORK"


class Rhythm(StrEnum):
    """How often a communication takes place."""

    WEEKLY = "WEEKLY"
    TWO_WEEKLY = "TWO_WEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"


@dataclass(frozen=True, slots=True)
class TemplateRole:
    """Somebody the work needs, by role."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """A step of a row that earns by weighted milestones; ``weight`` in percent."""

    title: Words
    weight: Decimal


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """
    A row of the plan. ``days`` are working days; ``role`` works on it with ``units`` percent.

    ``key`` names the row for ever, through all versions; ``parent`` is the key of the summary it is part of.
    """

    key: str
    title: Words
    kind: RowKind = RowKind.TASK
    parent: str = ""
    days: Decimal = Decimal(0)
    role: str = ""
    units: Decimal = HUNDRED
    technique: Technique = Technique.PERCENT_COMPLETE
    steps: tuple[TemplateStep, ...] = ()
    notes: Words = NO_WORDS
    is_key: bool = False

    @property
    def is_work(self) -> bool:
        """Whether the row has a duration of its own."""
        return self.kind is RowKind.TASK


@dataclass(frozen=True, slots=True)
class TemplateLink:
    """``successor`` waits for ``predecessor``; ``lag`` in working days, negative is a lead."""

    predecessor: str
    successor: str
    kind: LinkKind = LinkKind.FS
    lag: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A budget line: a fixed ``amount``, or a ``percent`` of the total (STD-9). Reserves stand beside it."""

    title: Words
    category: str
    cost_type: str = "OPEX"
    percent: Decimal | None = None
    amount: Decimal | None = None

    @property
    def is_reserve(self) -> bool:
        """Whether the line is no part of the budget at completion."""
        return self.category in RESERVES


@dataclass(frozen=True, slots=True)
class TemplateRisk:
    """A risk that projects of this kind have met; probability and impact from 1 to 5."""

    title: Words
    probability: int
    impact: int


@dataclass(frozen=True, slots=True)
class TemplateMeeting:
    """A row of the communication plan."""

    title: Words
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class TemplateDuty:
    """
    Who does what: the letters of roles of the methodology for an item of the responsibility matrix.

    With a ``code``, an item of the methodology of that ``kind``: its letters are replaced, or it
    ``is_left_out``. With a ``row``, the work of that key. Else something in the template's own words.
    """

    title: Words
    kind: DutyKind = DutyKind.PROCESS
    code: str = ""
    row: str = ""
    shares: Mapping[str, Share] = field(default_factory=dict)
    is_left_out: bool = False

    @property
    def place(self) -> str:
        """What it is called in sentences: its code, its row, or its title."""
        return self.code or self.row or self.title.en


@dataclass(frozen=True, slots=True)
class TemplateContent:
    """All a version says. ``methodology`` is a code, ``tier`` one of T1 to T4, ``category`` free text."""

    name: Words
    summary: Words = NO_WORDS
    methodology: str = ""
    tier: str = ""
    category: str = ""
    roles: tuple[TemplateRole, ...] = ()
    rows: tuple[TemplateRow, ...] = ()
    links: tuple[TemplateLink, ...] = ()
    lines: tuple[TemplateLine, ...] = ()
    risks: tuple[TemplateRisk, ...] = ()
    meetings: tuple[TemplateMeeting, ...] = ()
    duties: tuple[TemplateDuty, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build content from data made by `to_dict`; raises ``ValueError`` on data that do not fit."""
        return from_plain(cls, data)

    def role(self, code: str) -> TemplateRole | None:
        """Return the role with a code."""
        return next((role for role in self.roles if role.code == code), None)

    @property
    def needs_total(self) -> bool:
        """Whether budget lines are shares of a total somebody has to give."""
        return any(line.percent is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """Something that keeps a template from becoming a project: the code of a sentence, and the place."""

    code: str
    place: str
    value: str = ""


def scaled_days(days: Decimal, factor: Decimal) -> Decimal:
    """
    Return a duration times a factor, to the nearest half day and at least one half (STD-12).

    Examples
    --------
    >>> scaled_days(Decimal(3), Decimal("0.5")), scaled_days(Decimal("0.5"), Decimal("0.1"))
    (Decimal('1.5'), Decimal('0.5'))
    """
    halves = (days * factor / HALF_DAY).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return max(halves * HALF_DAY, HALF_DAY)


def line_amounts(
    lines: Sequence[TemplateLine], *, total: Decimal | None, cost_factor: Decimal
) -> list[Decimal | None]:
    """
    Return the amount of each line; None where it is a share and no total is known (STD-9).

    Parameters
    ----------
    total : Decimal, optional
        Budget at completion. Shares of it that add up to 100 % give exactly the total: the largest takes
        the cents that rounding leaves.
    cost_factor : Decimal
        Multiplies fixed amounts.
    """
    amounts: list[Decimal | None] = []
    for line in lines:
        if line.amount is not None:
            amounts.append((line.amount * cost_factor).quantize(CENT, rounding=ROUND_HALF_UP))
        elif total is None or line.percent is None:
            amounts.append(None)
        else:
            amounts.append((total * line.percent / HUNDRED).quantize(CENT, rounding=ROUND_HALF_UP))
    shares = [place for place, line in enumerate(lines) if line.percent is not None and not line.is_reserve]
    if total is not None and shares and sum(lines[place].percent or 0 for place in shares) == HUNDRED:
        largest = max(shares, key=lambda place: lines[place].percent or 0)
        rest = total - sum((amounts[place] or Decimal(0) for place in shares), Decimal(0))
        amounts[largest] = (amounts[largest] or Decimal(0)) + rest
    return amounts


def faults_of_template(content: TemplateContent) -> list[TemplateFault]:
    """Return what keeps the content from becoming a project, in the order people read it."""
    faults = [] if content.name else [TemplateFault("NO_NAME", "name")]
    if not any(row.kind is not RowKind.SUMMARY for row in content.rows):
        faults.append(TemplateFault("NO_ROWS", "rows"))
    faults += _twice(row.key for row in content.rows)
    kinds: dict[str, RowKind] = {}
    for row in content.rows:
        faults += _row_faults(content, row, kinds)
        kinds[row.key] = row.kind
    parents = {row.parent for row in content.rows}
    faults += [
        TemplateFault("EMPTY_SUMMARY", row.key)
        for row in content.rows
        if row.kind is RowKind.SUMMARY and row.key not in parents
    ]
    faults += _link_faults(content, kinds)
    return [*faults, *_line_faults(content.lines), *_duty_faults(content, kinds)]


def _twice(keys: Iterable[str]) -> list[TemplateFault]:
    seen: set[str] = set()
    faults = []
    for key in keys:
        if key in seen:
            faults.append(TemplateFault("KEY_TWICE", key))
        seen.add(key)
    return faults


def _row_faults(
    content: TemplateContent, row: TemplateRow, kinds: Mapping[str, RowKind]
) -> list[TemplateFault]:
    faults = []
    if row.parent and kinds.get(row.parent) is not RowKind.SUMMARY:
        faults.append(TemplateFault("NO_PARENT", row.key, row.parent))
    if row.is_work and row.days < HALF_DAY:
        faults.append(TemplateFault("NO_DURATION", row.key))
    if not row.is_work and row.days:
        faults.append(TemplateFault("DURATION", row.key))
    if row.role and content.role(row.role) is None:
        faults.append(TemplateFault("NO_ROLE", row.key, row.role))
    weights = sum((step.weight for step in row.steps), Decimal(0))
    is_weighted = row.technique is Technique.WEIGHTED_MILESTONES
    if is_weighted != bool(row.steps) or (is_weighted and weights != HUNDRED):
        faults.append(TemplateFault("WEIGHTS", row.key))
    return faults


def _link_faults(content: TemplateContent, kinds: Mapping[str, RowKind]) -> list[TemplateFault]:
    faults = []
    following: dict[str, list[str]] = {key: [] for key in kinds}
    waiting = dict.fromkeys(kinds, 0)
    for link in content.links:
        place = f"{link.predecessor} {link.kind} {link.successor}"
        if link.predecessor not in kinds or link.successor not in kinds:
            faults.append(TemplateFault("NO_END", place))
        elif RowKind.SUMMARY in (kinds[link.predecessor], kinds[link.successor]):
            faults.append(TemplateFault("SUMMARY_LINK", place))
        else:
            following[link.predecessor].append(link.successor)
            waiting[link.successor] += 1
    free = [key for key, count in waiting.items() if count == 0]
    while free:
        for key in following[free.pop()]:
            waiting[key] -= 1
            if waiting[key] == 0:
                free.append(key)
    ring = [key for key, count in waiting.items() if count]
    return [*faults, TemplateFault("RING", ", ".join(ring))] if ring else faults


def _duty_faults(content: TemplateContent, kinds: Mapping[str, RowKind]) -> list[TemplateFault]:
    duties = content.duties
    if duties and not content.methodology:
        return [TemplateFault("DUTY_METHOD", "responsibilities")]
    faults = [TemplateFault("DUTY_ROW", each.place) for each in duties if each.row and each.row not in kinds]
    faults += [
        TemplateFault("DUTY_LETTERS", each.place)
        for each in duties
        if bool(each.shares) == each.is_left_out or (each.is_left_out and not each.code)
    ]
    places = [(str(each.kind), each.code) for each in duties if each.code]
    places += [("", each.row) for each in duties if each.row]
    twice = [code for (_kind, code), count in Counter(places).items() if count > 1]
    return [*faults, *(TemplateFault("DUTY_TWICE", code) for code in twice)]


def _line_faults(lines: Sequence[TemplateLine]) -> list[TemplateFault]:
    faults = [
        TemplateFault("LINE_AMOUNT", str(number))
        for number, line in enumerate(lines, start=1)
        if (line.amount is None) == (line.percent is None)
    ]
    shares = [line.percent for line in lines if line.percent is not None and not line.is_reserve]
    if shares and sum(shares) > HUNDRED:
        faults.append(TemplateFault("SHARES", "lines", str(sum(shares))))
    return faults
