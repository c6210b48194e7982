"""Stop the booking of costs: during a hold, or when what a canceled project owes is paid (domain 2.5)."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from projects import actions
from projects.choices import ProjectState
from projects.models import BudgetLine, CostHold, Project
from projects.selectors.cost_holds import (
    cost_hold_of,
    hold_sentence,
    line_names,
    open_commitments,
    open_lines,
)
from projects.services.changes import lock_project, require_not_closed


def hold_costs(
    *, actor: User | None, project: Project, cause: str, lines: Sequence[BudgetLine], today: date
) -> CostHold:
    """
    Book no cost on the project from today on, but on ``lines``; takes the place of a hold that lasts.

    The caller holds the lock of the project.

    Raises
    ------
    DomainError
        ``NO_LINE`` on ``closing_lines`` for a line of another project.
    """
    if any(line.project_id != project.pk for line in lines):
        raise DomainError(
            _("There is no such budget line in this project."), code="NO_LINE", field="closing_lines"
        )
    CostHold.objects.filter(project=project, ended_on=None).update(ended_on=today)
    made = CostHold(project=project, cause=cause, began_on=today)
    made.full_clean()
    made.save()
    made.lines.set(lines)
    after = {"gate": cause, "since": today, "open": line_names(open_lines(made))}
    audit.record(actor=actor, action=actions.COSTS_HELD, target=project, node=project.node, after=after)
    return made


def end_cost_hold(*, actor: User | None, project: Project, today: date) -> None:
    """Book all costs of the project again, if they were stopped."""
    held = CostHold.objects.filter(project=project, ended_on=None).first()
    if held is None:
        return
    held.ended_on = max(today, held.began_on)
    held.save(update_fields=["ended_on"])
    before = {"gate": held.cause, "since": held.began_on}
    audit.record(actor=actor, action=actions.COSTS_FREED, target=project, node=project.node, before=before)


def finish_costs(*, actor: User | None, project: Project, cause: str, today: date) -> CostHold:
    """
    Make the costs of a canceled project final, once nothing is owed any more.

    The caller holds the lock of the project.

    Raises
    ------
    Conflict
        ``COMMITMENTS_OPEN`` while a commitment is open: what it promises is settled or canceled first.
    """
    numbers = open_commitments(project)
    if numbers:
        sentence = ngettext(
            "%(count)s commitment is still open%(names)s. Settle or cancel it on the tab Money first.",
            "%(count)s commitments are still open%(names)s. Settle or cancel them on the tab Money first.",
            len(numbers),
        )
        sees_them = actor is None or may(actor, "budget.view", project.node)
        names = ": {}".format(", ".join(numbers)) if sees_them else ""
        raise Conflict(
            sentence % {"count": len(numbers), "names": names}, code="COMMITMENTS_OPEN", field="note"
        )
    return hold_costs(actor=actor, project=project, cause=cause, lines=(), today=today)


def lock_owing_project(project: Project) -> Project:
    """
    Return the project as `lock_project`, if it may still owe money: a canceled one until its costs are final.

    Raises
    ------
    Conflict
        ``PROJECT_CLOSED``, or ``COSTS_HELD`` for a canceled project whose closing checklist is done.
    """
    locked = lock_project(project)
    require_not_closed(locked)
    final = cost_hold_of(locked) if locked.state == ProjectState.CANCELED else None
    if final is not None:
        raise Conflict(hold_sentence(final), code="COSTS_HELD")
    return locked


def require_bookable(project: Project, lines: Iterable[BudgetLine | None]) -> None:
    """
    Go on if a cost may be booked on each of the lines; None stands for a cost on no line.

    Raises
    ------
    Conflict
        ``COSTS_HELD`` on the line, with what is still booked and what to do.
    """
    held = cost_hold_of(project)
    if held is None:
        return
    allowed = {line.pk for line in held.lines.all()}
    if all(line is not None and line.pk in allowed for line in lines):
        return
    advice = (
        _("Choose one of these lines, or let the gate decide again.")
        if allowed
        else _("Let the gate decide again, or bring the project out of the hold.")
    )
    raise Conflict(f"{hold_sentence(held)} {advice}", code="COSTS_HELD", field="line")
