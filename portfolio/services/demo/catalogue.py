"""Portfolios, programs and projects of the demo organization."""

from dataclasses import dataclass

from projects.choices import ProjectState as S


@dataclass(frozen=True)
class PortfolioDraft:
    """A portfolio; ``owner`` and ``manager`` are mailboxes."""

    code: str
    name: str
    description: str
    owner: str
    manager: str
    parent: str = ""


@dataclass(frozen=True)
class ProgramDraft:
    """A program of a portfolio; ``manager`` and ``sponsor`` are mailboxes."""

    code: str
    name: str
    portfolio: str
    outcomes: str
    manager: str
    sponsor: str


@dataclass(frozen=True)
class Story:
    """
    What happens to a project.

    Attributes
    ----------
    home : str
        Code of its program or portfolio.
    state : str
        State today.
    begun : int
        Months from its start to the last month end; negative for one that starts later.
    months : int
        Planned length.
    pace : float
        Planned days achieved per working day: 1 is as planned; ``later_pace`` from ``turn`` months on.
    cpi : float
        Value earned per cost.
    budget : int
        Thousands.
    reports : str
        "on time", "late", "stale" (stopped two months ago), "very stale" (four), "none".
    marks : frozenset of str
        "optimistic", "pessimistic", "rebaselined", "no baseline", "confidential", "flagship".
    since : str
        What happened after the last month end: "overrun", "recovered", "started", "stopped", or nothing.
    """

    name: str
    home: str
    state: str
    begun: int
    months: int
    pace: float = 1.0
    cpi: float = 1.0
    budget: int = 500
    tier: str = "T2"
    kind: str = "build"
    reports: str = "on time"
    later_pace: float | None = None
    turn: int = 0
    marks: frozenset[str] = frozenset()
    since: str = ""


PORTFOLIOS = (
    PortfolioDraft(
        "GRID",
        "Grid and network",
        "Renewal and growth of the power and water networks.",
        "henrik.solberg",
        "portfolio.manager",
    ),
    PortfolioDraft(
        "CUSTOMER",
        "Customer and digital",
        "What customers see, and the platforms behind it.",
        "maria.petrova",
        "camille.dubois",
    ),
    PortfolioDraft(
        "CORPORATE",
        "Corporate and compliance",
        "Duties of a regulated utility, and the workplace.",
        "george.bennett",
        "oskar.lehmann",
    ),
    PortfolioDraft(
        "EXAMPLES",
        "Worked examples",
        "Projects whose figures are known beforehand: compare them with the documentation.",
        "pmo.head",
        "pmo.analyst",
    ),
    PortfolioDraft(
        "EX-HLT",
        "Health example",
        "The five projects of the worked example EX-HLT.",
        "pmo.head",
        "pmo.analyst",
        "EXAMPLES",
    ),
)
PROGRAMS = (
    ProgramDraft(
        "RENEWAL",
        "Substation renewal",
        "GRID",
        "Outages of substations fall by a third.",
        "program.manager",
        "sponsor",
    ),
    ProgramDraft(
        "METERING",
        "Smart metering",
        "GRID",
        "Four of five meters are read from afar.",
        "program.manager",
        "henrik.solberg",
    ),
    ProgramDraft(
        "CHANNELS",
        "Digital channels",
        "CUSTOMER",
        "Seven of ten requests are served online.",
        "priya.raman",
        "maria.petrova",
    ),
    ProgramDraft(
        "PLATFORMS",
        "Data and platforms",
        "CUSTOMER",
        "One source of truth for each customer.",
        "priya.raman",
        "maria.petrova",
    ),
    ProgramDraft(
        "WORKPLACE",
        "Workplace and people",
        "CORPORATE",
        "People choose where they work.",
        "daniel.meyer",
        "george.bennett",
    ),
    ProgramDraft(
        "COMPLIANCE",
        "Regulatory compliance",
        "CORPORATE",
        "No finding of the regulator stays open for a year.",
        "daniel.meyer",
        "george.bennett",
    ),
)


def marked(*marks: str) -> frozenset[str]:
    """Return marks of a story."""
    return frozenset(marks)


# The first ones show most; a smaller demo takes as many as it needs from the front.
STORIES = (
    Story(
        "Harbour substation rebuild",
        "RENEWAL",
        S.EXECUTING,
        9,
        14,
        0.98,
        0.99,
        4200,
        "T4",
        marks=marked("flagship"),
    ),
    Story(
        "Customer self-service portal",
        "CHANNELS",
        S.EXECUTING,
        8,
        12,
        0.78,
        0.83,
        1850,
        "T3",
        "software",
        marks=marked("optimistic"),
    ),
    Story(
        "Meter data hub",
        "METERING",
        S.EXECUTING,
        10,
        14,
        0.86,
        0.92,
        2600,
        "T4",
        "software",
        marks=marked("rebaselined"),
        later_pace=0.99,
        turn=6,
    ),
    Story(
        "Data protection renewal",
        "COMPLIANCE",
        S.EXECUTING,
        6,
        10,
        0.97,
        1.02,
        640,
        "T2",
        "policy",
        marks=marked("confidential"),
    ),
    Story(
        "Head office consolidation", "WORKPLACE", S.EXECUTING, 7, 11, 0.91, 0.9, 1400, "T3", "site", "late"
    ),
    Story("Depot roofs and solar", "GRID", S.CLOSED, 13, 9, 0.97, 1.0, 780, "T2", "site"),
    Story("Ring main west", "RENEWAL", S.EXECUTING, 11, 15, 0.99, 0.96, 3600, "T4", "build"),
    Story("Outage map", "CHANNELS", S.EXECUTING, 5, 8, 1.02, 1.04, 420, "T1", "software"),
    Story("Water loss detection", "METERING", S.EXECUTING, 9, 12, 0.8, 0.97, 1150, "T3", "software", "stale"),
    Story("Contact center renewal", "CUSTOMER", S.ON_HOLD, 8, 14, 0.9, 0.93, 960, "T2", "software"),
    Story("Regulatory reporting engine", "COMPLIANCE", S.EXECUTING, 4, 9, 0.94, 0.96, 820, "T2", "software"),
    Story(
        "Talent and learning platform",
        "WORKPLACE",
        S.PLANNING,
        2,
        10,
        1.0,
        1.0,
        540,
        "T2",
        "software",
        marks=marked("no baseline"),
    ),
    Story(
        "Transformer exchange lot 3",
        "RENEWAL",
        S.EXECUTING,
        6,
        9,
        0.88,
        0.88,
        2100,
        "T3",
        "build",
        marks=marked("optimistic"),
    ),
    Story(
        "Customer data platform",
        "PLATFORMS",
        S.EXECUTING,
        12,
        14,
        0.87,
        0.91,
        2900,
        "T4",
        "software",
        marks=marked("flagship", "rebaselined"),
        later_pace=0.95,
        turn=7,
    ),
    Story("Meter rollout south", "METERING", S.EXECUTING, 10, 13, 0.96, 0.98, 5200, "T4", "build"),
    Story(
        "Treasury system change",
        "CORPORATE",
        S.EXECUTING,
        5,
        8,
        0.95,
        0.84,
        690,
        "T2",
        "software",
        marks=marked("confidential"),
    ),
    Story("Emergency power pilot", "GRID", S.CANCELED, 9, 10, 0.6, 0.7, 480, "T1", "build"),
    Story("Digital field work orders", "CHANNELS", S.CLOSING, 12, 12, 0.99, 0.97, 1250, "T3", "software"),
    Story(
        "Network model clean-up", "GRID", S.EXECUTING, 7, 12, 0.96, 1.05, 380, "T1", "policy", "very stale"
    ),
    Story("Invoice archive retirement", "PLATFORMS", S.CLOSED, 12, 7, 1.0, 1.03, 260, "T1", "software"),
    Story(
        "Vegetation control from the air",
        "GRID",
        S.APPROVED,
        -1,
        8,
        1.0,
        1.0,
        610,
        "T2",
        "build",
        since="started",
    ),
    Story("Supplier risk register", "COMPLIANCE", S.EXECUTING, 3, 6, 1.0, 0.99, 180, "T1", "policy"),
    Story(
        "Office move Lakeside",
        "WORKPLACE",
        S.EXECUTING,
        8,
        10,
        0.93,
        0.95,
        1650,
        "T3",
        "site",
        since="overrun",
    ),
    Story(
        "Fraud detection in billing",
        "PLATFORMS",
        S.INITIATING,
        1,
        9,
        1.0,
        1.0,
        720,
        "T2",
        "software",
        marks=marked("no baseline"),
    ),
    Story(
        "Cable tunnel refit",
        "RENEWAL",
        S.PLANNING,
        1,
        16,
        1.0,
        1.0,
        6400,
        "T4",
        "build",
        marks=marked("no baseline"),
    ),
    Story("Chat assistant", "CHANNELS", S.PROPOSED, -2, 6, 1.0, 1.0, 240, "T1", "software"),
    Story(
        "Asset health index",
        "PLATFORMS",
        S.EXECUTING,
        7,
        11,
        0.97,
        1.0,
        880,
        "T2",
        "software",
        marks=marked("pessimistic"),
        since="recovered",
    ),
    Story("Travel expenses renewal", "CORPORATE", S.CLOSED, 10, 6, 0.98, 0.96, 150, "T1", "software"),
    Story("Flood protection north", "GRID", S.EXECUTING, 6, 14, 0.99, 0.98, 3100, "T4", "build"),
    Story("Whistleblower channel", "COMPLIANCE", S.CLOSING, 8, 7, 0.96, 1.0, 120, "T1", "policy"),
    Story("Tariff engine 2", "PLATFORMS", S.EXECUTING, 4, 12, 0.9, 0.97, 2300, "T4", "software", "late"),
    Story("Pensions transfer", "WORKPLACE", S.APPROVED, -1, 9, 1.0, 1.0, 330, "T1", "policy"),
    Story("Meter test bench", "METERING", S.ON_HOLD, 6, 9, 0.85, 0.9, 290, "T1", "build", since="stopped"),
)
