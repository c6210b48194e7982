"""Words of the health roll-up: colors, states and units."""

from collections.abc import Iterable
from enum import StrEnum


class Color(StrEnum):
    """Health color. GREY means not rated and lies outside the order (CON-10)."""

    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"
    GREY = "GREY"
    BLUE = "BLUE"


#: Order for "worst of" (CON-10); GREY has no place in it.
SEVERITY: dict[Color, int] = {Color.BLUE: 0, Color.GREEN: 1, Color.AMBER: 2, Color.RED: 3}

#: Colors that count as rated in scores and shares.
RATED_COLORS = frozenset({Color.GREEN, Color.AMBER, Color.RED})


def worst_color(colors: Iterable[Color]) -> Color:
    """
    Return the worst rated color, or GREY when none is rated (CON-10).

    Parameters
    ----------
    colors : iterable of Color
        Colors in any order; GREY ones are passed over.

    Returns
    -------
    Color
        RED before AMBER before GREEN before BLUE; GREY for nothing rated.

    Examples
    --------
    >>> worst_color([Color.GREEN, Color.GREY, Color.AMBER]).value
    'AMBER'
    >>> worst_color([Color.GREY]).value
    'GREY'
    """
    worst = Color.GREY
    rank = -1
    for color in colors:
        severity = SEVERITY.get(color, -1)
        if severity > rank:
            worst, rank = color, severity
    return worst


def is_better(color: Color, than: Color) -> bool:
    """Tell whether one color is better than another; False when either is GREY."""
    return color in SEVERITY and than in SEVERITY and SEVERITY[color] < SEVERITY[than]


class ProjectState(StrEnum):
    """Life of a project (ORG-5)."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    INITIATING = "INITIATING"
    PLANNING = "PLANNING"
    EXECUTING = "EXECUTING"
    CLOSING = "CLOSING"
    ON_HOLD = "ON_HOLD"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class Population(StrEnum):
    """How a project takes part in the roll-up (11.2 step 1)."""

    RATED = "RATED"
    ON_HOLD = "ON_HOLD"
    COMPLETE = "COMPLETE"
    LEFT_OUT = "LEFT_OUT"


POPULATION_OF_STATE: dict[ProjectState, Population] = {
    ProjectState.PROPOSED: Population.LEFT_OUT,
    ProjectState.APPROVED: Population.LEFT_OUT,
    ProjectState.INITIATING: Population.RATED,
    ProjectState.PLANNING: Population.RATED,
    ProjectState.EXECUTING: Population.RATED,
    ProjectState.CLOSING: Population.RATED,
    ProjectState.ON_HOLD: Population.ON_HOLD,
    ProjectState.CLOSED: Population.COMPLETE,
    ProjectState.CANCELLED: Population.LEFT_OUT,
}

#: States in which a quality review or a realized benefit cannot be asked for yet (11.2 step 3).
BEFORE_EXECUTING = frozenset(
    {ProjectState.PROPOSED, ProjectState.APPROVED, ProjectState.INITIATING, ProjectState.PLANNING}
)


class Dimension(StrEnum):
    """The eight health dimensions of policy version 1."""

    SCHEDULE = "SCHEDULE"
    COST = "COST"
    SCOPE = "SCOPE"
    RISK = "RISK"
    RESOURCES = "RESOURCES"
    QUALITY = "QUALITY"
    BENEFITS = "BENEFITS"
    GOVERNANCE = "GOVERNANCE"


class Direction(StrEnum):
    """Which side of a limit is the good one."""

    LOWER_IS_BETTER = "LOWER_IS_BETTER"
    HIGHER_IS_BETTER = "HIGHER_IS_BETTER"


class Unit(StrEnum):
    """Unit of an indicator value or of one natural step towards the next color."""

    PERCENT = "PERCENT"
    INDEX = "INDEX"
    RATIO = "RATIO"
    COUNT = "COUNT"
    DAYS = "DAYS"
    WORKING_DAYS = "WORKING_DAYS"
    HOURS = "HOURS"
    PEOPLE = "PEOPLE"
    MONEY = "MONEY"


#: Units that come in whole steps; all others are continuous.
WHOLE_UNITS = frozenset({Unit.COUNT, Unit.DAYS, Unit.WORKING_DAYS, Unit.PEOPLE})


class OverrideState(StrEnum):
    """What the PMO said to a declared color that differs from the computed one (REP-3)."""

    NONE = "NONE"
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class ReportCycle(StrEnum):
    """How often a project reports (REP-7)."""

    WEEKLY = "WEEKLY"
    TWO_WEEKLY = "TWO_WEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"


class Freshness(StrEnum):
    """Age class of the last published report (REP-9). NOT_DUE: none published and none due yet."""

    FRESH = "FRESH"
    STALE = "STALE"
    VERY_STALE = "VERY_STALE"
    NOT_DUE = "NOT_DUE"


class DataQualityBand(StrEnum):
    """Badge of the data quality figure (11.2 step 9)."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
