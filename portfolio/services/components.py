"""Projects and their home in a portfolio or program (ORG-2)."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from pmo_portal.accounts.models import ScopeNode, User
from portfolio.models import FormerComponent, Portfolio, PortfolioComponent, Program
from projects.models import Project
from projects.services import places, projects
from projects.services.former_values import today


@transaction.atomic
def create_project(
    *,
    actor: User | None,
    name: str,
    portfolio: Portfolio | None = None,
    program: Program | None = None,
    **facts: Any,
) -> Project:
    """
    Return a new project in a program or portfolio, with its place in the portfolio written down.

    Parameters
    ----------
    portfolio, program : Portfolio, Program
        One of the two; the program wins.
    **facts
        What `projects.services.projects.create_project` takes.
    """
    place = program.portfolio if program else portfolio
    if place is None:
        raise ValueError("A project needs a portfolio or a program.")
    node = program.node if program else place.node
    project = projects.create_project(actor=actor, parent_node=node, name=name, **facts)
    PortfolioComponent.objects.update_or_create(
        project=project, defaults={"portfolio": place, "program": program, "joined_on": project.planned_start}
    )
    return project


@transaction.atomic
def move_project(
    *,
    actor: User | None,
    project: Project,
    parent_node: ScopeNode,
    reason: str,
    expected_version: int | None,
) -> Project:
    """
    Give the project another home, from today on; figures of earlier days stay where they were (HLT-8).

    Parameters
    ----------
    parent_node : ScopeNode
        Node of the portfolio or program.
    reason : str
        Stands in the audit trail.

    Raises
    ------
    DomainError
        What `projects.services.places.move_project` refuses.
    """
    moved = places.move_project(
        actor=actor,
        project=project,
        parent_node=parent_node,
        reason=reason,
        expected_version=expected_version,
    )
    adopt_projects([moved.pk])
    return moved


@transaction.atomic
def adopt_projects(project_ids: Sequence[int] | None = None) -> int:
    """
    Bring the components in line with the tree of scopes; return how many changed. Four queries.

    A project belongs to the portfolio or program its node hangs under; one that hangs elsewhere has no
    component and is not rolled up. Harmless to repeat.

    Parameters
    ----------
    project_ids : sequence of int, optional
        Only these projects; all of them when not given.
    """
    homes: dict[int, tuple[int, int | None]] = {
        node_id: (pk, None) for node_id, pk in Portfolio.objects.values_list("node_id", "pk")
    }
    for node_id, portfolio_id, pk in Program.objects.values_list("node_id", "portfolio_id", "pk"):
        homes[node_id] = (portfolio_id, pk)
    found = Project.objects.all() if project_ids is None else Project.objects.filter(pk__in=project_ids)
    changed = []
    for pk, parent_id, portfolio_id, program_id in found.order_by("pk").values_list(
        "pk", "node__parent_id", "component__portfolio_id", "component__program_id"
    ):
        home = homes.get(parent_id or 0)
        if home is not None and home != (portfolio_id, program_id):
            changed.append(PortfolioComponent(project_id=pk, portfolio_id=home[0], program_id=home[1]))
    remember_homes([component.project_id for component in changed])
    PortfolioComponent.objects.bulk_create(
        changed,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["project"],
        update_fields=["portfolio", "program"],
    )
    return len(changed)


def remember_homes(project_ids: Collection[int]) -> None:
    """Keep where projects are until they move, for figures of past days; new projects leave nothing."""
    if not project_ids:
        return
    day = today()
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    present = PortfolioComponent.objects.filter(
        project_id__in=project_ids, project__created_at__lt=midnight
    ).order_by("project_id")
    FormerComponent.objects.bulk_create(
        [
            FormerComponent(
                project_id=project_id,
                known_until=day - timedelta(days=1),
                portfolio_id=portfolio_id,
                program_id=program_id,
            )
            for project_id, portfolio_id, program_id in present.values_list(
                "project_id", "portfolio_id", "program_id"
            )
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
