"""Look after gates each day: those that come or are overdue, holds that end, conditions that are late."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import acting_on
from portfolio.choices import ConditionState, GateDecision
from portfolio.models import GateCondition, GateReview
from portfolio.selectors.gates import GateStand, gate_stands
from portfolio.selectors.governance import governed_chunks
from portfolio.services.gate_messages import tell
from projects.choices import ProjectState
from projects.models import Project

AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Watched:
    """What was noticed; people are told once about each."""

    coming: int
    overdue: int
    late_conditions: int
    ended_holds: int


@transaction.atomic
def watch_gates(*, today: date) -> Watched:
    """
    Remind of gates within seven days and of overdue ones, of late conditions and of holds that have ended.

    Nobody is reminded of a project on hold but of the end of the hold (appendix A.2). Safe to run twice: a
    person gets one message for each gate and cause.
    """
    coming = overdue = 0
    for chunk in governed_chunks(today):
        reviews = GateReview.objects.with_use().filter(project__in=list(chunk)).defer("evidence")
        for project, known in chunk.items():
            if project.state == ProjectState.ON_HOLD:
                continue
            own = [row for row in reviews if row.project_id == project.pk]
            for stand in gate_stands(known, own, today):
                coming += _remind_of_coming(project, stand, today)
                overdue += _remind_of_overdue(project, stand)
    return Watched(
        coming=coming,
        overdue=overdue,
        late_conditions=_remind_of_conditions(today),
        ended_holds=_remind_of_holds(today),
    )


def _remind_of_coming(project: Project, stand: GateStand, today: date) -> bool:
    if stand.day is None or stand.is_ended or not today <= stand.day <= today + AHEAD:
        return False
    people = _managers(project)
    if stand.review is not None:
        people += [row.user for row in stand.review.members.select_related("user").order_by("pk")]
    tell(
        _review(project, stand),
        people,
        kind="gate_coming",
        title=_("Gate %(gate)s comes within a week: %(project)s"),
        key=f"coming:{stand.day}",
    )
    return True


def _remind_of_overdue(project: Project, stand: GateStand) -> bool:
    if not stand.is_overdue:
        return False
    tell(
        _review(project, stand),
        [*_managers(project), *_pmo(project)],
        kind="gate_overdue",
        title=_("Gate %(gate)s is overdue: %(project)s"),
        key=f"overdue:{stand.day}",
    )
    return True


def _remind_of_conditions(today: date) -> int:
    """Tell owners and project managers of late conditions: once for each review and day they were due."""
    open_rows = GateCondition.objects.filter(state=ConditionState.OPEN, due__lt=today)
    rows = open_rows.exclude(review__project__state=ProjectState.ON_HOLD)
    found = list(
        rows.select_related("review__project__node", "owner")
        .defer("review__evidence")
        .order_by("review", "due", "number")
    )
    for _review_and_day, group in groupby(found, key=lambda row: (row.review_id, row.due)):
        late = list(group)
        review = late[0].review
        tell(
            review,
            [*(row.owner for row in late), *_managers(review.project)],
            kind="gate_condition_late",
            title=ngettext_lazy(
                "A condition of gate %(gate)s is overdue: %(project)s",
                "Conditions of gate %(gate)s are overdue: %(project)s",
                len(late),
            ),
            body="\n".join(row.text for row in late),
            key=f"late:{late[0].due}",
        )
    return len(found)


def _remind_of_holds(today: date) -> int:
    """Tell the PMO that the last day of a hold that lasts is over (domain 2.5): none that was made longer."""
    lasting = GateReview.objects.filter(decision=GateDecision.HOLD, cost_hold__ended_on=None)
    rows = lasting.filter(valid_until__lt=today)
    held = (
        rows.filter(project__state=ProjectState.ON_HOLD)
        .select_related("project__node")
        .defer("evidence")
        .order_by("pk")
    )
    for review in held:
        tell(
            review,
            _pmo(review.project),
            kind="gate_hold_ended",
            title=_("The hold of gate %(gate)s has ended: %(project)s"),
            key="hold-ended",
        )
    return len(held)


def _managers(project: Project) -> list[User]:
    grants = acting_on((Role.PROJECT_MANAGER,), project.node).select_related("user")
    return [grant.user for grant in grants.order_by("pk")]


def _pmo(project: Project) -> list[User]:
    grants = acting_on((Role.PMO_HEAD,), project.node).select_related("user").order_by("pk")
    return [grant.user for grant in grants]


def _review(project: Project, stand: GateStand) -> GateReview:
    """Return the review, or one that is not saved where nobody began it yet."""
    if stand.review is not None:
        stand.review.project = project
        return stand.review
    return GateReview(project=project, gate=stand.gate.code, occurrence=stand.occurrence)
