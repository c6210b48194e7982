"""How the units of the demo took up what the PMO offers in its first two years: some fully, some hardly."""

from dataclasses import dataclass
from datetime import timedelta

from portfolio.selectors.documents import CHARTER
from projects.models import Project

SINCE = timedelta(days=730)
"""How long ago the office began."""
ALL_PAPERS = frozenset({CHARTER, "business-case", "risk-register", "project-plan"})


@dataclass(frozen=True)
class Habit:
    """
    What a unit does.

    Attributes
    ----------
    papers : frozenset of str
        Templates its projects write in the portal; what else they show lies elsewhere.
    gaps : int
        Newest artefacts left open.
    is_careless : bool
        Regular controls ended two months ago.
    marks : int
        Of ten lessons offered, how many are marked.
    fates : tuple of int
        Of a hundred courses: passed at once, at the second time, ending soon, ended, late, failed, soon due.
    """

    papers: frozenset[str]
    gaps: int
    is_careless: bool
    marks: int
    fates: tuple[int, ...]


EXEMPLARY = Habit(ALL_PAPERS, 0, False, 10, (84, 6, 4, 1, 2, 0, 3))
WILLING = Habit(ALL_PAPERS - {"project-plan"}, 1, False, 8, (74, 8, 6, 4, 4, 1, 3))
HALFWAY = Habit(frozenset({CHARTER, "business-case"}), 1, False, 5, (60, 9, 8, 8, 9, 3, 3))
RELUCTANT = Habit(frozenset({CHARTER}), 3, True, 2, (34, 8, 6, 14, 28, 7, 3))
UNITS = {"PMO": EXEMPLARY, "CUS": WILLING, "GRD": HALFWAY, "COR": RELUCTANT}


def habit_of(unit: str) -> Habit:
    """Return the habit of a unit by its code."""
    return UNITS.get(unit.partition("-")[0], HALFWAY)


def habit_in(project: Project) -> Habit:
    """Return the habit of the unit a project belongs to; the unit is loaded."""
    return habit_of(project.org_unit.code if project.org_unit else "")
