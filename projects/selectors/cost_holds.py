"""Whether costs are booked on a project now, and on which lines they still are while it is on hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.choices import ProjectState
from projects.models import BudgetLine, CostHold, Project


@dataclass(frozen=True)
class HeldCosts:
    """What is booked while a gate holds a project: a sentence, and the keys of the lines left open."""

    sentence: str
    open_lines: frozenset[int]


def held_costs(project: Project) -> HeldCosts | None:
    """Return what pages say about a hold of the costs; None while all are booked. Two queries at most."""
    hold = cost_hold_of(project)
    if hold is None:
        return None
    return HeldCosts(hold_sentence(hold), frozenset(line.pk for line in open_lines(hold)))


def cost_hold_of(project: Project) -> CostHold | None:
    """Return the hold of the costs of a project, None while all are booked. Two queries for one on hold."""
    if project.state != ProjectState.ON_HOLD:
        return None
    return CostHold.objects.filter(project=project, ended_on=None).prefetch_related("lines").first()


def lines_of(project: Project) -> list[BudgetLine]:
    """Return the lines of the budget of a project, by name. One query."""
    return list(BudgetLine.objects.filter(project=project).order_by("name", "category", "pk"))


def open_lines(hold: CostHold) -> list[BudgetLine]:
    """Return the lines costs are still booked on, by name. No query after `cost_hold_of`."""
    return sorted(hold.lines.all(), key=lambda line: (str(line), line.pk))


def hold_sentence(hold: CostHold) -> str:
    """Return what is booked while the hold lasts, and what to do. No query after `cost_hold_of`."""
    values = {"gate": hold.cause, "day": date_format(hold.began_on, "SHORT_DATE_FORMAT")}
    stopped = _("Gate %(gate)s put the project on hold on %(day)s.") % values
    names = line_names(open_lines(hold))
    if not names:
        return f"{stopped} " + _("No cost is booked until the project goes on.")
    allowed = _("Until it goes on, costs are booked only on: %(lines)s.") % {"lines": names}
    return f"{stopped} {allowed}"


def line_names(lines: Iterable[BudgetLine]) -> str:
    """Return the names of lines in a row."""
    return ", ".join(str(line) for line in lines)
