"""Projects that earlier tables brought in and this one no longer names (HLT-8)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.interchange.cells import matching_name
from portfolio.interchange.records import Reading
from portfolio.models import Portfolio
from portfolio.selectors.import_matches import KnownProject, Match

LEAVE, KEEP = "LEAVE", "KEEP"
FULL_SHARE = 1 / 3


@dataclass(frozen=True)
class Leaver:
    """A project that the table no longer names, and the day it would leave on."""

    project_id: int
    code: str
    name: str
    last_status: date
    left_on: date


@dataclass(frozen=True)
class Missing:
    """
    The projects a table no longer names.

    ``proposal`` is what the portal would do, ``decision`` what is done: LEAVE or KEEP.
    """

    leavers: Sequence[Leaver]
    left_on: date | None
    proposal: str
    decision: str


def missing_of(
    reading: Reading,
    matches: Sequence[Match],
    known: Sequence[KnownProject],
    *,
    portfolio: Portfolio | None,
    series: str,
    decision: str | None = None,
    codes: Collection[str] | None = None,
) -> Missing:
    """
    Return the projects of the portfolio that earlier tables reported and this later one does not.

    They are those of the same series of tables, or of all tables while this series is new here. Leaving is
    proposed when the table is a later full edition of its series: it names at least a third of the projects
    that are there. A project in a refused row is named; one with a status of the same day or later stays.

    Parameters
    ----------
    decision : str, optional
        LEAVE or KEEP; the proposal without it.
    codes : collection of str, optional
        Only these, for example those a person saw.
    """
    days = [record.as_of for record in reading.records if record.as_of is not None]
    left_on = max(days, default=None)
    reported = [
        project
        for project in known
        if portfolio is not None
        and project.portfolio_id == portfolio.pk
        and project.series
        and project.away_since is None
    ]
    same = [project for project in reported if project.series == series]
    named = {match.project.id for match in matches if match.project is not None}
    leavers = [
        Leaver(project.id, project.code, project.name, project.last_status, left_on)
        for project in (same or reported)
        if left_on is not None
        and project.last_status is not None
        and project.last_status < left_on
        and project.is_open
        and project.id not in named
        and matching_name(project.name) not in reading.refused_names
        and (codes is None or project.code in codes)
    ]
    is_full = bool(same) and sum(project.id in named for project in same) >= FULL_SHARE * len(same)
    proposal = LEAVE if is_full and leavers else KEEP
    return Missing(leavers, left_on, proposal, decision or proposal)
