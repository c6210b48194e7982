"""Two dates beside each other, in words and with an address behind every name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from portfolio.models import ProjectHealth
from portfolio.selectors.board import Named
from portfolio.selectors.comparisons import ComparisonPage
from portfolio.selectors.health_rows import last_close_before, newest_health
from portfolio.selectors.links import Links
from projects.choices import DeliveryConfidence, Rag
from projects.models import Project

LINES_SHOWN = 30
COLORS = ("RED", "AMBER", "GREEN", "GREY", "BLUE")
BADNESS = {"BLUE": 0, "GREEN": 1, "GREY": 2, "AMBER": 3, "RED": 4}


@dataclass(frozen=True)
class Cell:
    """One cell of the transition matrix; ``tone`` better, worse or same."""

    count: int
    tone: str
    url: str


@dataclass(frozen=True)
class MatrixRow:
    """Projects with one color at the earlier date."""

    code: str
    title: str
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True)
class MoverLine:
    """A project whose score changed; ``change`` in points."""

    project: Named
    before: Decimal
    after: Decimal
    change: Decimal
    color: str


@dataclass(frozen=True)
class ColorLine:
    """A project whose color changed."""

    project: Named
    before: str
    after: str


@dataclass(frozen=True)
class MoveLine:
    """A project that sits somewhere else now."""

    project: Named
    before: str
    after: str


@dataclass(frozen=True)
class CompareView:
    """What the template shows beside the figures of both sides."""

    joined: tuple[Named, ...]
    left: tuple[Named, ...]
    moved: tuple[MoveLine, ...]
    red: tuple[Named, ...]
    green: tuple[Named, ...]
    headings: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    movers: tuple[MoverLine, ...]
    changes: tuple[ColorLine, ...]
    waterfall: Mapping[str, Any] | None

    @property
    def gone(self) -> int:
        """How many projects left or moved."""
        return len(self.left) + len(self.moved)

    @property
    def is_cut(self) -> bool:
        """Whether a list is longer than the page shows; the export has all of it."""
        return max(len(self.joined), len(self.left), len(self.moved), len(self.changes)) > LINES_SHOWN


def compare_view(page: ComparisonPage, links: Links) -> CompareView:
    """Return the comparison in words; no query."""
    result = page.result
    after = {key: cell.after.value for cell in result.transitions for key in cell.keys}

    def named(keys: Sequence[str]) -> tuple[Named, ...]:
        return tuple(_named(page, links, key) for key in keys)

    return CompareView(
        joined=named(result.joined),
        left=named(result.left),
        moved=tuple(
            MoveLine(
                _named(page, links, move.key),
                page.places.get(move.before, move.before),
                page.places.get(move.after, move.after),
            )
            for move in result.moved
        ),
        red=named(result.newly_red),
        green=named([item.key for item in result.color_changes if item.after.value == Rag.GREEN]),
        headings=tuple(str(Rag(color).label) for color in COLORS),
        matrix=_matrix(page, links),
        movers=tuple(
            MoverLine(
                _named(page, links, item.key),
                item.before,
                item.after,
                item.change,
                after.get(item.key, "GREY"),
            )
            for item in result.movers
        ),
        changes=tuple(
            ColorLine(_named(page, links, item.key), item.before.value, item.after.value)
            for item in sorted(result.color_changes, key=lambda change: -BADNESS[change.after.value])
        ),
        waterfall=_waterfall(page),
    )


def _named(page: ComparisonPage, links: Links, key: str) -> Named:
    known = page.names.get(key)
    return Named(key, known.name if known else key, links.health(key))


def _matrix(page: ComparisonPage, links: Links) -> tuple[MatrixRow, ...]:
    counts = {(cell.before.value, cell.after.value): cell.count for cell in page.result.transitions}
    rows = []
    for before in COLORS:
        cells = tuple(
            Cell(counts.get((before, after), 0), _tone(before, after), links.list(color=after))
            for after in COLORS
        )
        total = sum(cell.count for cell in cells)
        if total:
            rows.append(MatrixRow(before, str(Rag(before).label), cells, total))
    return tuple(rows)


def _tone(before: str, after: str) -> str:
    if before == after or Rag.GREY in (before, after):
        return "same"
    return "worse" if BADNESS[after] > BADNESS[before] else "better"


def _waterfall(page: ComparisonPage) -> Mapping[str, Any] | None:
    """Return the score from one date to the other: like-for-like, mix; None without both scores."""
    score = page.result.score
    if score.before is None or score.after is None or score.like_for_like is None or score.mix is None:
        return None
    return {
        "unit": "",
        "steps": [
            {"label": gettext("Score then"), "value": round(float(score.before), 1), "kind": "total"},
            {
                "label": gettext("Like for like"),
                "value": round(float(score.like_for_like), 1),
                "kind": "change",
            },
            {"label": gettext("Mix"), "value": round(float(score.mix), 1), "kind": "change"},
            {"label": gettext("Score now"), "value": round(float(score.after), 1), "kind": "total"},
        ],
    }


@dataclass(frozen=True)
class ConfidenceMove:
    """Projects whose reported confidence went from one judgement to another."""

    before: str
    after: str
    count: int
    tone: str


def confidence_moves(user: Any, path: str, first: date, second: date) -> list[ConfidenceMove]:
    """Return the changes of reported confidence between two dates (REP-6). Two queries."""
    order = list(DeliveryConfidence.values)
    before, after = (_confidences(user, path, day) for day in (first, second))
    pairs = Counter((before[pk], now) for pk, now in after.items() if pk in before and before[pk] != now)
    return [
        ConfidenceMove(
            str(DeliveryConfidence(was).label),
            str(DeliveryConfidence(now).label),
            count,
            "worse" if order.index(now) > order.index(was) else "better",
        )
        for (was, now), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _confidences(user: Any, path: str, day: date) -> dict[int, str]:
    rows = _below(user, path, day).exclude(confidence="").order_by("project_id")
    return dict(rows.values_list("project_id", "confidence"))


def _below(user: Any, path: str, day: date) -> Any:
    rows = newest_health(day, Project.objects.visible_to(user, "rollup.view"))
    return rows.filter(portfolio__node__path__startswith=path) if path else rows


def default_dates(as_of: date) -> tuple[date, date]:
    """Return the former close and the day; a month before without a close. One query."""
    return last_close_before(as_of) or date.fromordinal(as_of.toordinal() - 30), as_of


def compared_export(user: Any, path: str, first: date, second: date) -> list[list[Any]]:
    """Return one line a project: color and score at both dates, and the change. Two queries."""
    old, new = (_states(user, path, day) for day in (first, second))
    lines = []
    for code in sorted(old.keys() | new.keys()):
        was, now = old.get(code), new.get(code)
        name = (now or was or ("", "", None))[0]
        change = now[2] - was[2] if was and now and was[2] is not None and now[2] is not None else None
        lines.append(
            [code, name, _word(was), _word(now), was[2] if was else None, now[2] if now else None, change]
        )
    return lines


def export_columns() -> list[str]:
    """Return the headings of the export."""
    return [
        gettext("Code"),
        gettext("Name"),
        gettext("Health then"),
        gettext("Health now"),
        gettext("Score then"),
        gettext("Score now"),
        gettext("Change"),
    ]


def _word(state: tuple[str, str, float | None] | None) -> str:
    return str(Rag(state[1]).label) if state else ""


def _states(user: Any, path: str, day: date) -> dict[str, tuple[str, str, float | None]]:
    rows: Any = _below(user, path, day)
    values = rows.order_by("project_id").values_list("project__code", "project__name", "color", "score")
    return {code: (name, color, score) for code, name, color, score in values}


def dates_offered(user: Any, *, limit: int = 24) -> list[tuple[date, str]]:
    """Return the newest closes and days with figures, for picking. One query."""
    rows = ProjectHealth.objects.visible_to(user).order_by("-as_of").values_list("as_of", "kind").distinct()
    seen: dict[date, str] = {}
    for day, kind in rows[: limit * 3]:
        seen.setdefault(day, kind)
    return list(seen.items())[:limit]
