"""What the address of a page says: date, portfolio, filters, columns; the rest is left out."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from portfolio.choices import GateState, Trend
from portfolio.models import Portfolio
from portfolio.selectors.gate_calendar import AHEAD, SPANS, CalendarQuestion
from portfolio.selectors.list_columns import COLUMNS, DEFAULT_COLUMNS
from portfolio.selectors.project_lists import SORTS, ProjectFilters
from projects.choices import DeliveryConfidence, Dimension, ProjectState, Rag, Tier
from projects.engine.measure import Reason

EXCEPTION = re.compile(r"^(any|E([1-9]|1[0-2]))$")
NUMBER = re.compile(r"^[0-9]{1,9}$")
CODE = re.compile(r"^[-a-zA-Z0-9_]{1,40}$")
LONGEST_TEXT = 80
KEPT = (
    "q",
    "portfolio",
    "program",
    "color",
    "state",
    "tier",
    "category",
    "org_unit",
    "manager",
    "reason",
    "exception",
    "dimension",
    "trend",
    "confidence",
    "stale",
    "flagship",
    "sort",
    "columns",
)


def asked_day(query: QueryDict, name: str, *, today: date) -> date | None:
    """Return a past day of the address; None for today, the future and anything that is no day."""
    try:
        day = date.fromisoformat(query.get(name, ""))
    except ValueError:
        return None
    return day if day < today else None


def asked_code(query: QueryDict, name: str = "portfolio") -> str:
    """Return a code of the address, or nothing."""
    code = query.get(name, "")
    return code if CODE.match(code) else ""


@dataclass(frozen=True)
class ListQuery:
    """Everything the address of the list says."""

    filters: ProjectFilters
    sort: str
    page: int
    columns: tuple[str, ...]
    values: dict[str, Any]


def read_list_query(query: QueryDict, portfolio: Portfolio | None) -> ListQuery:
    """Return filters, order, page and columns; unknown values count as not given."""
    sort = query.get("sort", "color")
    columns = tuple(key for key in COLUMNS if key in query.getlist("columns"))
    page = query.get("page", "1")
    filters = ProjectFilters(
        portfolio=portfolio,
        program=asked_code(query, "program"),
        text=_text(query, "q"),
        colors=_among(query, "color", Rag.values),
        states=_among(query, "state", ProjectState.values),
        tiers=_among(query, "tier", Tier.values),
        category=_text(query, "category"),
        trend=_one(query, "trend", Trend.values),
        confidence=_one(query, "confidence", DeliveryConfidence.values),
        exception=query.get("exception", "") if EXCEPTION.match(query.get("exception", "")) else "",
        dimension=_one(query, "dimension", Dimension.values),
        is_stale=_yes_no(query, "stale"),
        is_flagship=_yes_no(query, "flagship"),
        reason=_one(query, "reason", [reason.value for reason in Reason]),
        manager=_id(query, "manager"),
        org_unit=_id(query, "org_unit"),
    )
    return ListQuery(
        filters=filters,
        sort=sort if sort.removeprefix("-") in SORTS else "color",
        page=int(page) if NUMBER.match(page) else 1,
        columns=columns or DEFAULT_COLUMNS,
        values={name: query.get(name, "") for name in KEPT},
    )


def kept_query(query: QueryDict) -> str:
    """Return the part of an address worth keeping in a saved view; only known names survive."""
    pairs = [(name, value[:LONGEST_TEXT]) for name in KEPT for value in query.getlist(name) if value]
    return urlencode(pairs)


def _text(query: QueryDict, name: str) -> str:
    return query.get(name, "").replace("\x00", "").strip()[:LONGEST_TEXT]


def _one(query: QueryDict, name: str, known: list[str]) -> str:
    value = query.get(name, "")
    return value if value in known else ""


def _among(query: QueryDict, name: str, known: list[str]) -> tuple[str, ...]:
    return tuple(value for value in query.getlist(name) if value in known)


def _yes_no(query: QueryDict, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(query.get(name, ""))


def _id(query: QueryDict, name: str) -> int | None:
    value = query.get(name, "")
    return int(value) if NUMBER.match(value) else None


def asked_gates(query: QueryDict) -> CalendarQuestion:
    """Return which gates the address asks for, those ahead unless it says; the unknown is left out."""
    known = {"span": SPANS, "state": GateState.values, "conditions": ("open", "late")}
    given = {name: query.get(name, "") for name in known}
    kept = {name: value for name, value in given.items() if value in known[name]}
    if not query.keys() & {*known, "portfolio"} or query.get("span") == AHEAD:
        kept["span"] = AHEAD
    return CalendarQuestion(portfolio=asked_code(query), **kept)
