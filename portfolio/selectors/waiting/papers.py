"""Artefacts and waivers that wait for a role the person has in their project (STD-5, STD-7)."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from pmo_portal.accounts.scopes import reach_of_roles
from portfolio.choices import WaitingKind
from portfolio.models import ArtefactStep, ProjectDocument, Waiver
from portfolio.models.governance import between_bars
from portfolio.selectors.governance import Governance, load_governance, name_of
from portfolio.selectors.waiting.line import Waiting
from projects.models import Project


def papers(user: Any, roles: Collection[str], today: date) -> list[Waiting]:
    """Return artefacts and waivers a role the person has there decides on. At most eleven queries."""
    steps, waivers = list(_artefacts(user, roles)), list(_waivers(user, roles))
    ids = sorted({row.project_id for row in (*steps, *waivers)})
    if not ids:
        return []
    known = load_governance(ids, today)
    documents = {
        (row.project_id, row.requirement): row.pk
        for row in ProjectDocument.objects.filter(project_id__in=ids).exclude(requirement="")
    }
    due = {pk: {item.code: item.due_on for item in each.items(today)} for pk, each in known.items()}
    found = [
        _artefact(row, known.get(row.project_id), documents, due.get(row.project_id, {})) for row in steps
    ]
    return [*found, *(_waiver(row, known.get(row.project_id)) for row in waivers)]


def _artefacts(user: Any, roles: Collection[str]) -> Any:
    rows = (
        ArtefactStep.objects.waiting()
        .filter(
            _decided(user, roles, lambda role: Q(approvers__contains=between_bars([role]))),
            project__in=Project.objects.visible_to(user).active(),
        )
        .exclude(made_by=user)
        .select_related("project", "made_by")
    )
    return rows.order_by("pk")


def _waivers(user: Any, roles: Collection[str]) -> Any:
    rows = (
        Waiver.objects.waiting()
        .filter(
            _decided(user, roles, lambda role: Q(approver=role)),
            project__in=Project.objects.visible_to(user).active(),
        )
        .exclude(requested_by=user)
        .select_related("project", "requested_by")
    )
    return rows.order_by("pk")


def _decided(user: Any, roles: Collection[str], named: Callable[[str], Q]) -> Q:
    """Return the condition "the row names a role the person has where its project is"."""
    found = Q(pk__in=())
    for role in sorted(roles):
        found |= named(role) & Q(reach_of_roles(user, [role], node="project__node"))
    return found


def _artefact(
    row: ArtefactStep,
    known: Governance | None,
    documents: Mapping[tuple[int, str], int],
    due: Mapping[str, date | None],
) -> Waiting:
    code, document = row.project.code, documents.get((row.project_id, row.requirement))
    step = reverse("portfolio:governance_step", args=[code, row.requirement])
    return Waiting(
        kind=WaitingKind.ARTEFACT,
        title=name_of(known, row.requirement),
        url=reverse("portfolio:document", args=[code, document]) if document else step,
        project=code,
        project_name=row.project.name,
        asked_by=row.made_by.name if row.made_by else "",
        since=row.made_on,
        due=due.get(row.requirement),
    )


def _waiver(row: Waiver, known: Governance | None) -> Waiting:
    return Waiting(
        kind=WaitingKind.WAIVER,
        title=name_of(known, row.requirement),
        url=reverse("portfolio:waiver_decide", args=[row.project.code, row.pk]),
        project=row.project.code,
        project_name=row.project.name,
        asked_by=row.requested_by.name if row.requested_by else "",
        since=row.requested_on,
        due=row.expires_on,
    )
