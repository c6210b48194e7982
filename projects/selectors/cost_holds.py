"""Whether costs are booked on a project now: on which lines while it is on hold, until when after its end."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.choices import CommitmentState, ProjectState
from projects.models import BudgetLine, Commitment, CostHold, Project


@dataclass(frozen=True)
class CostStand:
    """Whether costs are posted now, what pages say about it, and the keys of the lines a hold left open."""

    takes_costs: bool
    sentence: str = ""
    open_lines: frozenset[int] = frozenset()


def cost_stand(project: Project) -> CostStand:
    """Return whether costs of a project are posted now. Two queries at most."""
    if project.state == ProjectState.CLOSED:
        return CostStand(takes_costs=False)
    is_canceled = project.state == ProjectState.CANCELED
    hold = cost_hold_of(project)
    if hold is not None:
        lines = frozenset(line.pk for line in open_lines(hold))
        return CostStand(not is_canceled, hold_sentence(hold), lines)
    if is_canceled:
        owed = _("The project is canceled. What it owes is booked; a finished closing checklist ends that.")
        return CostStand(takes_costs=True, sentence=owed)
    return CostStand(takes_costs=True)


def cost_hold_of(project: Project) -> CostHold | None:
    """
    Return what stops the costs of a project, None while all are booked. Two queries at most.

    That is the hold of a gate, or the closing checklist of a canceled project, once it is done.
    """
    if project.state not in {ProjectState.ON_HOLD, ProjectState.CANCELED}:
        return None
    hold = CostHold.objects.filter(project=project, ended_on=None).prefetch_related("lines").first()
    if hold is not None:
        hold.project = project
    return hold


def open_commitments(project: Project) -> list[str]:
    """Return the numbers of the commitments that are open. One query."""
    rows = Commitment.objects.filter(project=project, state=CommitmentState.OPEN)
    return list(rows.order_by("number").values_list("number", flat=True))


def lines_of(project: Project) -> list[BudgetLine]:
    """Return the lines of the budget of a project, by name. One query."""
    return list(BudgetLine.objects.filter(project=project).order_by("name", "category", "pk"))


def open_lines(hold: CostHold) -> list[BudgetLine]:
    """Return the lines costs are still booked on, by name. No query after `cost_hold_of`."""
    return sorted(hold.lines.all(), key=lambda line: (str(line), line.pk))


def hold_sentence(hold: CostHold) -> str:
    """Return what is booked while the hold lasts, and what to do. No query after `cost_hold_of`."""
    values = {"gate": hold.cause, "day": date_format(hold.began_on, "SHORT_DATE_FORMAT")}
    if hold.project.state == ProjectState.CANCELED:
        final = _("The closing checklist of the project was done on %(day)s: the costs are final.") % values
        return f"{final} " + _("To book one that came late, open a line of the checklist again.")
    stopped = _("Gate %(gate)s put the project on hold on %(day)s.") % values
    names = line_names(open_lines(hold))
    if not names:
        return f"{stopped} " + _("No cost is booked until the project goes on.")
    allowed = _("Until it goes on, costs are booked only on: %(lines)s.") % {"lines": names}
    return f"{stopped} {allowed}"


def line_names(lines: Iterable[BudgetLine]) -> str:
    """Return the names of lines in a row."""
    return ", ".join(str(line) for line in lines)
