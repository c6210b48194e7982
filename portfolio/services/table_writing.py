"""
Carry out the import of one table: read and prepare, then write everything in one short transaction.

Reading the file, matching, checking and making the rows happen before the transaction. If a project of the
portfolio changed meanwhile, all of it is done again (SEC-24, SEC-30).
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict
from pmo_portal.common.garbage import collection_paused
from pmo_portal.common.labels import Label
from pmo_portal.common.queue import Order, enqueue, enqueue_many
from portfolio import actions
from portfolio.interchange.mapping import TableMapping
from portfolio.interchange.records import Reading, read_records
from portfolio.models import Portfolio
from portfolio.selectors.import_leavers import LEAVE, Missing, missing_of
from portfolio.selectors.import_matches import Match, known_projects, match_records
from portfolio.services.import_mappings import mapping_named, series_of
from portfolio.services.status_rows import Target, prepare_rows, write_rows
from portfolio.services.structure import create_portfolio
from portfolio.services.table_plan import plan_of, require_good_row, summary_of
from projects.interchange.tables.reading import read_table
from projects.services.status_writing import ChangedMeanwhile

TRIES = 5
ROLL_UP_DAY = "portfolio.roll_up_day"


@dataclass(frozen=True)
class NewPortfolio:
    """A portfolio that is made together with its first projects."""

    code: str
    name: str
    reporting_currency: str


@dataclass(frozen=True)
class TableOrder:
    """
    What is to be imported where and how.

    Parameters
    ----------
    portfolio : Portfolio or NewPortfolio
        The home of new projects.
    now : datetime, optional
        The moment of the import; a preview has none.
    chosen : mapping of row number to project code
        The person's word on which rows are known projects.
    leavers : str, optional
        LEAVE or KEEP for the projects the table no longer names; the proposal without it.
    seen_leavers : collection of str, optional
        Codes of the projects the person saw; only they leave.
    """

    actor: User | None
    path: Path
    source: str
    portfolio: Portfolio | NewPortfolio | None
    mapping: TableMapping
    mapping_name: str = ""
    now: datetime | None = None
    as_of: date | None = None
    chosen: Mapping[int, str] = field(default_factory=dict)
    leavers: str | None = None
    seen_leavers: Collection[str] | None = None

    @property
    def home(self) -> Portfolio | None:
        """The portfolio if it exists already."""
        return self.portfolio if isinstance(self.portfolio, Portfolio) else None

    @property
    def series(self) -> str:
        """Which series of tables this one belongs to."""
        return series_of(self.mapping_name, self.mapping)


def preview_table(order: TableOrder) -> dict[str, Any]:
    """Return what importing the table would do; nothing is written."""
    reading = _read(order)
    matches, missing = _compare(order, reading)
    return plan_of(reading, matches, missing)


def _read(order: TableOrder) -> Reading:
    return read_records(read_table(order.path), order.mapping, as_of=order.as_of)


def _compare(order: TableOrder, reading: Reading) -> tuple[list[Match], Missing]:
    """Return the match of each record and the projects the table no longer names. One query."""
    known = known_projects(order.home, viewer=order.actor)
    matches = match_records(reading.records, known, chosen=order.chosen)
    missing = missing_of(
        reading,
        matches,
        known,
        portfolio=order.home,
        series=order.series,
        decision=order.leavers,
        codes=order.seen_leavers,
    )
    return matches, missing


@collection_paused()
def carry_out(
    order: TableOrder,
    *,
    within: Callable[[], AbstractContextManager[Any]],
    keep: Callable[[Portfolio, dict[str, Any]], None],
) -> dict[str, Any]:
    """
    Import the table and return the plan that was carried out.

    Parameters
    ----------
    within : callable
        Opens the transaction, such as that of a job's effect.
    keep : callable
        Writes down, in the same transaction, what was done.

    Raises
    ------
    TableRefused
        Nothing is written then.
    Conflict
        When the portfolio changes faster than the table can be prepared.
    """
    reading = _read(order)
    for _attempt in range(TRIES):
        try:
            return _attempt_once(order, reading, within, keep)
        except (ChangedMeanwhile, IntegrityError):
            continue
    raise Conflict(_("The projects of this portfolio kept changing while the table was read. Import again."))


def _attempt_once(
    order: TableOrder,
    reading: Reading,
    within: Callable[[], AbstractContextManager[Any]],
    keep: Callable[[Portfolio, dict[str, Any]], None],
) -> dict[str, Any]:
    if order.now is None:
        raise ValueError("an import has a moment")
    matches, missing = _compare(order, reading)
    plan = plan_of(reading, matches, missing)
    require_good_row(plan)
    target = Target(
        order.actor, order.home, order.mapping, series=order.series, source=order.source, now=order.now
    )
    leavers = missing.leavers if missing.decision == LEAVE else ()
    prepared = prepare_rows(target, matches, leavers, home=order.portfolio.name if order.portfolio else "")
    with within() as result:
        portfolio = _home(order)
        write_rows(prepared, portfolio)
        _order_roll_ups(matches, order.now)
        for line in plan["lines"]:
            line["code"] = prepared.new_codes.get(line["row"], line.get("code", ""))
        keep(portfolio, plan)
        if isinstance(result, dict):
            result.update(summary_of(plan))
    return plan


def _home(order: TableOrder) -> Portfolio:
    if isinstance(order.portfolio, NewPortfolio):
        new = order.portfolio
        return create_portfolio(
            actor=order.actor, code=new.code, name=new.name, reporting_currency=new.reporting_currency
        )
    if order.portfolio is None:
        raise ValueError("an import has a home")
    return order.portfolio


def _order_roll_ups(matches: list[Match], now: datetime) -> None:
    """Ask for the figures of each day a status speaks of, and of today."""
    label = Label(gettext_noop("Take new projects into their portfolios"))
    enqueue("portfolio.adopt_projects", key="all", label=label)
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    days = {match.record.as_of for match in matches if match.record.as_of is not None}
    enqueue_many(
        Order(
            ROLL_UP_DAY,
            key=str(day),
            arguments={"day": day.isoformat()},
            label=Label(gettext_noop("Roll-up %(day)s"), {"day": day}),
        )
        for day in sorted({*(day for day in days if day < today), today})
    )


def import_file(
    *,
    actor: User | None,
    path: Path,
    portfolio: Portfolio | NewPortfolio,
    mapping_name: str,
    now: datetime,
    as_of: date | None = None,
    leavers: str | None = None,
) -> dict[str, Any]:
    """
    Import a file at once (command). Returns the plan that was carried out.

    Raises
    ------
    TableRefused, UnknownMapping, DomainError
        Nothing is written then.
    """

    def keep(home: Portfolio, plan: dict[str, Any]) -> None:
        audit.record(
            actor=actor,
            action=actions.IMPORT_DONE,
            target=home,
            node=home.node,
            after={"file": path.name, "mapping": mapping_name, **summary_of(plan)},
        )

    order = TableOrder(
        actor=actor,
        path=path,
        source=path.name,
        portfolio=portfolio,
        mapping=mapping_named(mapping_name),
        mapping_name=mapping_name,
        now=now,
        as_of=as_of,
        leavers=leavers,
    )
    return carry_out(order, within=transaction.atomic, keep=keep)
