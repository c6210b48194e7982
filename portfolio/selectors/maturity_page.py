"""The maturity profile and its gap plan as their pages show them (MAT-3 to MAT-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portfolio.choices import Effort, GapState
from portfolio.models import Assessment, GapAction, MaturityAim
from portfolio.rollup.maturity import HIGHEST, Profile, Standing, StatementScore
from portfolio.selectors.assessment_words import LEVELS, perspective_names, statement_texts
from portfolio.selectors.assessments import Result, decimal_of


@dataclass(frozen=True)
class StatementRow:
    """A statement with its mean and what respondents named as evidence."""

    code: str
    text: str
    mean: Decimal | None
    low: int
    high: int
    is_answered: bool
    is_met: bool
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LevelRow:
    """The two statements of a level."""

    level: int
    name: str
    is_reached: bool
    statements: tuple[StatementRow, ...]


@dataclass(frozen=True)
class PerspectiveRow:
    """A perspective of the profile."""

    code: str
    name: str
    level: int
    level_name: str
    continuous: Decimal | None
    former_level: int | None
    former_continuous: Decimal | None
    target: int | None
    weight: int | None
    unanswered: int
    is_lowest: bool
    levels: tuple[LevelRow, ...]

    @property
    def steps(self) -> list[tuple[int, bool, bool]]:
        """Each level with whether it is reached and whether it is the target."""
        return [(step, step <= self.level, step == self.target) for step in range(1, HIGHEST + 1)]


@dataclass(frozen=True)
class ProfileView:
    """The whole profile."""

    level: int
    level_name: str
    continuous: Decimal | None
    former_level: int | None
    perspectives: tuple[PerspectiveRow, ...]
    unanswered: int

    @property
    def chart(self) -> dict[str, Any]:
        """The profile as bars from 1 to 5."""
        return {
            "labels": [row.name for row in self.perspectives],
            "series": self._series(),
            "unit": "",
            "max": HIGHEST,
            "horizontal": True,
        }

    @property
    def columns(self) -> list[str]:
        """Headings of the chart's table."""
        return [_("Perspective"), *(str(each["name"]) for each in self._series())]

    @property
    def rows(self) -> list[list[str]]:
        """The chart as a table; a dash where there is no value."""
        columns = [each["values"] for each in self._series()]
        return [
            [row.name, *("–" if values[place] is None else str(values[place]) for values in columns)]
            for place, row in enumerate(self.perspectives)
        ]

    def _series(self) -> list[dict[str, Any]]:
        found = [{"name": _("Now"), "values": [row.level for row in self.perspectives], "tone": "ACCENT"}]
        if any(row.former_level for row in self.perspectives):
            former = [row.former_level for row in self.perspectives]
            found.insert(0, {"name": _("Before"), "values": former, "tone": "GREY"})
        if any(row.target for row in self.perspectives):
            found.append(
                {"name": _("Target"), "values": [row.target for row in self.perspectives], "tone": "AMBER"}
            )
        return found


@dataclass(frozen=True)
class ActionRow:
    """An action of the gap plan."""

    pk: int
    perspective: str
    statement: str
    level: int
    priority: int
    action: str
    owner: str
    due: date | None
    effort: str
    state: str
    state_title: str
    note: str
    ended_on: date | None
    is_overdue: bool


def profile_view(found: Result, former: Assessment | None) -> ProfileView:
    """Return the profile beside the one before. One query."""
    profile = found.profile
    assert profile is not None
    aims = {aim.perspective: aim for aim in MaturityAim.objects.filter(assessment=found.assessment)}
    before: Mapping[str, Any] = former.result.get("perspectives", {}) if former else {}
    rows = tuple(_perspective(each, found, profile, aims, before) for each in profile.standings)
    return ProfileView(
        level=profile.level,
        level_name=str(LEVELS[profile.level]),
        continuous=decimal_of(profile.continuous, 2),
        former_level=former.result.get("level") if former else None,
        perspectives=rows,
        unanswered=sum(row.unanswered for row in rows),
    )


def _perspective(
    standing: Standing,
    found: Result,
    profile: Profile,
    aims: Mapping[str, MaturityAim],
    before: Mapping[str, Any],
) -> PerspectiveRow:
    code = standing.perspective.value
    aim, was = aims.get(code), before.get(code)
    return PerspectiveRow(
        code=code,
        name=perspective_names()[code],
        level=standing.level,
        level_name=str(LEVELS[standing.level]),
        continuous=decimal_of(standing.continuous, 2),
        former_level=was[0] if was else None,
        former_continuous=Decimal(was[1]).quantize(Decimal("0.01")) if was else None,
        target=aim.target if aim else None,
        weight=aim.weight if aim else None,
        unanswered=standing.unanswered,
        is_lowest=standing.level == profile.level,
        levels=tuple(_levels(standing, found)),
    )


def _levels(standing: Standing, found: Result) -> list[LevelRow]:
    texts = statement_texts()
    rows = []
    for level in sorted({each.level for each in standing.statements}):
        statements = tuple(
            _statement(each, texts, found) for each in standing.statements if each.level == level
        )
        rows.append(LevelRow(level, str(LEVELS[level]), level <= standing.level, statements))
    return rows


def _statement(score: StatementScore, texts: Mapping[str, str], found: Result) -> StatementRow:
    told = [
        (str(row.person), row.evidence[score.code])
        for row in found.respondents
        if row.answered_at is not None and score.code in row.evidence
    ]
    return StatementRow(
        score.code,
        texts[score.code],
        decimal_of(score.mean) if score.is_answered else None,
        score.low,
        score.high,
        score.is_answered,
        score.mean >= 2,
        tuple(told),
    )


def action_rows(assessment: Assessment, *, today: date) -> list[ActionRow]:
    """Return the gap plan, the most urgent first. One query."""
    rows = GapAction.objects.filter(assessment=assessment).select_related("owner").in_order()
    return [action_row(each, today=today) for each in rows]


def action_row(each: GapAction, *, today: date) -> ActionRow:
    """Return an action in the words of the reader."""
    return ActionRow(
        pk=each.pk,
        perspective=perspective_names()[each.perspective],
        statement=statement_texts()[each.statement],
        level=each.level,
        priority=each.priority,
        action=each.action,
        owner=str(each.owner) if each.owner else "",
        due=each.due,
        effort=str(Effort(each.effort).label) if each.effort else "",
        state=each.state,
        state_title=str(GapState(each.state).label),
        note=each.note,
        ended_on=each.ended_on,
        is_overdue=each.state == GapState.OPEN and each.due is not None and each.due < today,
    )


@dataclass(frozen=True)
class MaturityHistoryRow:
    """A closed assessment in the comparison over years."""

    assessment: Assessment
    level: int
    continuous: Decimal | None
    perspectives: tuple[int | None, ...]


def maturity_history(history: Sequence[Assessment]) -> list[MaturityHistoryRow]:
    """Return the comparison over the years, the newest first."""
    codes = list(perspective_names())
    return [
        MaturityHistoryRow(
            each,
            each.result["level"],
            Decimal(each.result["continuous"]).quantize(Decimal("0.01")),
            tuple((each.result["perspectives"].get(code) or [None])[0] for code in codes),
        )
        for each in history
    ]
