"""The dashboard as its page shows it: sentences, bars, and an address behind every figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from pmo_portal.common.templatetags.common import money_short, number0, percent1
from portfolio.rollup.group import RuleSentence
from portfolio.rollup.vocabulary import POPULATION_OF_STATE, DataQualityBand, Population
from portfolio.selectors.dashboard_page import Changes, Dashboard, ExceptionRow, ProjectRef, ShareRow
from portfolio.selectors.groups import state_of
from portfolio.selectors.indicator_words import DIMENSIONS
from portfolio.selectors.links import Links
from portfolio.selectors.wording import EXCEPTIONS, dimension_name, exception_sentence, group_sentence
from projects.choices import ProjectState, Rag

NAMES_SHOWN = 2
EXCEPTIONS_SHOWN = 8
HIGH_FROM, MEDIUM_FROM = 85, 60
COUNTED_STATES = tuple(
    value for value in ProjectState.values if POPULATION_OF_STATE[state_of(value)] != Population.LEFT_OUT
)
ORDER = {code: rank for rank, code in enumerate(DIMENSIONS)}


@dataclass(frozen=True)
class Segment:
    """One color of a distribution bar; ``share`` and ``offset`` are percent of the width."""

    color: str
    label: str
    value: str
    share: float
    offset: float
    url: str


@dataclass(frozen=True)
class ColorLine:
    """One color of the distribution as a line: count, share, budget, share."""

    color: str
    count: int
    count_share: float | None
    budget: Decimal | None
    budget_share: float | None
    url: str


@dataclass(frozen=True)
class Named:
    """A project with its address."""

    code: str
    name: str
    url: str


@dataclass(frozen=True)
class Change:
    """One kind of change since the former close."""

    code: str
    title: str
    count: int
    names: tuple[Named, ...]
    url: str

    @property
    def more(self) -> int:
        """How many names are left out."""
        return self.count - len(self.names)


@dataclass(frozen=True)
class ExceptionLine:
    """One exception of one project in words."""

    code: str
    title: str
    sentence: str
    project: Named
    color: str


@dataclass(frozen=True)
class ExceptionCount:
    """A kind of exception with its list."""

    code: str
    title: str
    count: int
    url: str


@dataclass(frozen=True)
class DimensionLine:
    """A dimension of the group with its color."""

    name: str
    color: str
    url: str


@dataclass(frozen=True)
class Board:
    """What the template shows beside the plain figures of `Dashboard`."""

    sentence: str
    other_sentences: tuple[str, ...]
    confidence_level: str
    lines: tuple[ColorLine, ...]
    by_count: tuple[Segment, ...]
    by_budget: tuple[Segment, ...]
    budget_share_text: str
    changes: tuple[Change, ...]
    exceptions: tuple[ExceptionLine, ...]
    exception_counts: tuple[ExceptionCount, ...]
    dimensions: tuple[DimensionLine, ...]
    worst: Named | None
    money: "MoneyFigures | None"
    urls: Mapping[str, str]


@dataclass(frozen=True)
class MoneyFigures:
    """Budget, actual and forecast; ``spent`` and ``over`` (forecast above budget) in percent."""

    budget: Decimal
    actual: Decimal
    forecast: Decimal
    currency: str
    spent: Decimal | None
    over: Decimal | None

    @property
    def spent_width(self) -> float:
        """Width of the bar of money spent, 0 to 100."""
        return float(min(self.spent or Decimal(0), Decimal(100)))

    @property
    def is_over(self) -> bool:
        """Whether the forecast lies above the budget."""
        return self.over is not None and self.over > 0


def board_of(page: Dashboard, links: Links, group_names: Mapping[str, str]) -> Board:
    """Return the page in words; no query."""
    names = {item.project.code: item.project.name for item in page.bubbles} | dict(group_names)
    rules = [_rule(rule, names) for rule in page.rules]
    return Board(
        sentence=_rule(page.rule, names) if page.rule else "",
        other_sentences=tuple(rules[1:]),
        confidence_level=_level(page),
        lines=tuple(_line(row, links) for row in page.distribution if row.count),
        by_count=_segments(page.distribution, links, "count_share", lambda row: number0(row.count)),
        by_budget=_segments(
            page.distribution, links, "budget_share", lambda row: _amount(row, page.currency)
        ),
        budget_share_text=percent1(page.confidence.rated_budget_share) if page.confidence else "",
        changes=_changes(page.changes, links) if page.changes else (),
        exceptions=tuple(
            _exception(row, links) for row in sorted(page.exceptions, key=_urgency)[:EXCEPTIONS_SHOWN]
        ),
        exception_counts=tuple(
            ExceptionCount(code, str(EXCEPTIONS.get(code, code)), count, links.list(exception=code))
            for code, count in sorted(page.exception_counts.items(), key=lambda pair: int(pair[0][1:]))
        ),
        dimensions=tuple(
            DimensionLine(dimension_name(code), color, links.list(dimension=code, color=""))
            for code, color in sorted(page.dimensions.items(), key=lambda pair: ORDER.get(pair[0], 99))
        ),
        worst=_named([page.worst_child], links)[0] if page.worst_child else None,
        money=_money(page),
        urls=_urls(links),
    )


def _rule(rule: RuleSentence, names: Mapping[str, str]) -> str:
    return group_sentence(rule, names)


def _level(page: Dashboard) -> str:
    """Return how far the page can be trusted: the mean data quality and the rated part of the budget."""
    confidence = page.confidence
    if confidence is None or confidence.mean_data_quality is None:
        return DataQualityBand.LOW.value
    weakest = min(confidence.mean_data_quality, confidence.rated_budget_share or Decimal(0))
    if weakest >= HIGH_FROM:
        return DataQualityBand.HIGH.value
    return DataQualityBand.MEDIUM.value if weakest >= MEDIUM_FROM else DataQualityBand.LOW.value


def _line(row: ShareRow, links: Links) -> ColorLine:
    url = _counted(links, row.color)
    return ColorLine(row.color, row.count, row.count_share, row.budget, row.budget_share, url)


def _counted(links: Links, color: str) -> str:
    """Return the list of the projects a figure counts: those left out of groups are never rated."""
    return links.list(color=color, state=COUNTED_STATES if color == Rag.GREY else ())


def _amount(row: ShareRow, currency: str) -> str:
    if row.budget is None:
        return percent1(row.budget_share)
    return money_short(row.budget, currency)


def _segments(rows: Sequence[ShareRow], links: Links, share_name: str, text: Any) -> tuple[Segment, ...]:
    offset, found = 0.0, []
    for row in rows:
        share = row.count_share if share_name == "count_share" else row.budget_share
        if not row.count or not share:
            continue
        label = str(Rag(row.color).label)
        found.append(Segment(row.color, label, text(row), share, offset, _counted(links, row.color)))
        offset += share
    return tuple(found)


def _named(projects: Sequence[ProjectRef], links: Links) -> tuple[Named, ...]:
    return tuple(Named(item.code, item.name, links.health(item.code)) for item in projects)


def _changes(changes: Changes, links: Links) -> tuple[Change, ...]:
    kinds = (
        ("red", gettext("New red"), changes.newly_red),
        ("green", gettext("New green"), changes.newly_green),
        ("joined", gettext("Joined"), changes.joined),
        ("left", gettext("Left"), changes.left),
    )
    compare = links.compare(before=changes.since.isoformat())
    return tuple(
        Change(code, title, len(found), _named(found[:NAMES_SHOWN], links), f"{compare}#{code}")
        for code, title, found in kinds
    )


def _urgency(row: ExceptionRow) -> int:
    return int(row.code[1:])


def _exception(row: ExceptionRow, links: Links) -> ExceptionLine:
    return ExceptionLine(
        code=row.code,
        title=str(EXCEPTIONS.get(row.code, row.code)),
        sentence=exception_sentence({"code": row.code, "params": row.params}),
        project=Named(row.project.code, row.project.name, links.health(row.project.code)),
        color=row.color,
    )


def _money(page: Dashboard) -> MoneyFigures | None:
    if page.budget is None or page.actual is None or page.forecast is None:
        return None
    budget = page.budget
    spent = page.actual * 100 / budget if budget > 0 else None
    over = (page.forecast - budget) * 100 / budget if budget > 0 else None
    return MoneyFigures(budget, page.actual, page.forecast, page.currency, spent, over)


def _urls(links: Links) -> dict[str, str]:
    return {
        "all": links.list(state=COUNTED_STATES),
        "grey": _counted(links, Rag.GREY),
        "stale": links.list(stale="yes"),
        "quality": links.list(sort="data_quality"),
        "coverage": links.list(sort="coverage"),
        "budget": links.list(sort="-budget"),
        "actual": links.list(sort="-actual"),
        "forecast": links.list(sort="-variance"),
        "score": links.list(sort="score"),
        "compare": links.compare(),
        "exceptions": links.list(exception="any"),
    }
