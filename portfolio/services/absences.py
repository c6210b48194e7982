"""Projects that leave their portfolio and come back (HLT-8)."""

from collections.abc import Mapping, Sequence
from datetime import date

from pmo_portal.audit import services as audit
from pmo_portal.common.upserts import update_rows
from portfolio import actions
from portfolio.models import ComponentAbsence, Portfolio, PortfolioComponent
from portfolio.selectors.import_leavers import Leaver
from projects.services.changes import IDS_AT_ONCE


def dismiss_projects(portfolio: Portfolio, leavers: Sequence[Leaver], *, source: str) -> list[audit.Change]:
    """
    Let projects leave their portfolio; return what the audit trail says of it.

    They stay what they are, with their history; from the day on they count in no sum. One that is away
    already is left alone. One query and one write.
    """
    days = {leaver.project_id: leaver.left_on for leaver in leavers}
    if not days:
        return []
    present = (
        PortfolioComponent.objects.filter(portfolio=portfolio)
        .exclude(pk__in=ComponentAbsence.objects.open().values("component_id"))
        .select_related("portfolio", "project__node")
        .order_by("pk")
    )
    new = [
        ComponentAbsence(component=component, left_on=days[component.project_id], source=source[:200])
        for component in present
        if component.project_id in days
    ]
    ComponentAbsence.objects.bulk_create(new)
    return [
        audit.Change(
            action=actions.PROJECT_LEFT,
            target=absence.component.project,
            node=absence.component.project.node,
            after={"left_on": absence.left_on, "portfolio": absence.component.portfolio.name},
            reason=absence.source,
        )
        for absence in new
    ]


def return_projects(portfolio: Portfolio, days: Mapping[int, date]) -> list[audit.Change]:
    """
    End the absences of projects that were seen on a day (project id → day); return what the trail says.

    An absence that began on that very day never was. Earlier days of an absence stay; a status from before
    the project left changes nothing.
    """
    absences = ComponentAbsence.objects.filter(
        component__project__node__path__startswith=str(portfolio.node.path)
    ).select_related("component__portfolio", "component__project__node")
    ended = [
        absence
        for absence in absences.order_by("pk")
        if absence.component.project_id in days and absence.covers(days[absence.component.project_id])
    ]
    if not ended:
        return []
    void = [absence.pk for absence in ended if absence.left_on == days[absence.component.project_id]]
    changes = [_return_of(absence, days[absence.component.project_id]) for absence in ended]
    gone = set(void)
    update_rows(
        ComponentAbsence,
        [
            {"pk": absence.pk, "returned_on": days[absence.component.project_id]}
            for absence in ended
            if absence.pk not in gone
        ],
    )
    for start in range(0, len(void), IDS_AT_ONCE):
        ComponentAbsence.objects.filter(pk__in=void[start : start + IDS_AT_ONCE]).delete()
    return changes


def _return_of(absence: ComponentAbsence, day: date) -> audit.Change:
    return audit.Change(
        action=actions.PROJECT_RETURNED,
        target=absence.component.project,
        node=absence.component.project.node,
        before={"left_on": absence.left_on},
        after={"returned_on": day, "portfolio": absence.component.portfolio.name},
    )
