"""All that waits for a person's decision."""

from datetime import date
from typing import Any

from pmo_portal.accounts.access import permissions_on
from pmo_portal.accounts.scopes import grants_in_force
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.selectors.waiting import gates, papers, requests, standards
from portfolio.selectors.waiting.line import Waiting


def waiting_for(user: Any, *, today: date) -> tuple[Waiting, ...]:
    """
    Return what waits for the person, what is due first at the head; at most 25 queries.

    Only what the person sees and may decide: the services refuse the rest. What somebody asked for
    themselves never waits for them (ORG-8).
    """
    roles = frozenset(grants_in_force(user).values_list("role", flat=True))
    duties = permissions_on(user, organization_node())
    found = [
        *gates.reviews(user),
        *gates.conditions(user),
        *gates.closing(user),
        *papers.papers(user, roles, today),
        *requests.baselines(user, roles),
        *requests.dependencies(user, roles),
        *requests.assessments(user),
        *requests.help_requests(user, roles, duties, today),
        *requests.emergencies(user, roles),
        *standards.methodologies(user, duties),
        *standards.document_templates(user, duties),
        *standards.project_templates(user, duties),
        *standards.library_items(user, duties),
        *standards.lessons(user, roles),
        *standards.changes(user, duties),
    ]
    return tuple(sorted(found, key=_order))


def _order(row: Waiting) -> tuple[date, date, str, str]:
    return (row.due or date.max, row.since or date.max, row.kind, row.url)
