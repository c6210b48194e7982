"""Publish versions of the health policy (HLT-11)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError, NotAllowed
from portfolio import actions
from portfolio.models import HealthPolicy, Portfolio
from portfolio.rollup.policy import HealthPolicy as Rules
from portfolio.rollup.policy_check import PolicyFault, validate
from portfolio.rollup.policy_version_1 import default_policy

SHIPPED_FROM = date(1900, 1, 1)
SHORTEST_REASON = 10


class PolicyFaultyError(DomainError):
    """The policy would not work; ``faults`` lists why."""

    code = "POLICY_FAULTY"

    def __init__(self, faults: list[PolicyFault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults), field="document")
        self.faults = faults


@transaction.atomic
def ensure_organization_policy() -> HealthPolicy:
    """Return version 1 of the organization's policy, written down on first use."""
    found = HealthPolicy.objects.filter(portfolio__isnull=True, version=1).first()
    if found is not None:
        return found
    organization_node()
    return HealthPolicy.objects.create(
        version=1,
        document=default_policy().to_dict(),
        reason="The rules the portal is shipped with.",
        effective_from=SHIPPED_FROM,
    )


@transaction.atomic
def publish_policy(
    *,
    actor: User,
    document: Mapping[str, Any],
    reason: str,
    effective_from: date,
    portfolio: Portfolio | None = None,
) -> HealthPolicy:
    """
    Publish the next version for a portfolio, or for the organization; it counts from the next roll-up.

    Raises
    ------
    NotAllowed
        If the person is not PMO head there.
    PolicyFaultyError
        If weights do not sum to 100, limits are not ordered or something is unknown.
    DomainError
        If the reason is missing.
    """
    node = portfolio.node if portfolio else organization_node()
    if not may(actor, "policy.edit", node):
        raise NotAllowed(_("Only the PMO head changes the health policy."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise DomainError(_("Give the reason for the change, in 10 characters or more."), field="reason")
    former = _versions(portfolio).select_for_update().order_by("-version").first()
    version = (_versions(portfolio).aggregate(newest=Max("version"))["newest"] or 0) + 1
    rules = _checked(document, version)
    made = HealthPolicy(
        portfolio=portfolio,
        version=version,
        document=rules.to_dict(),
        reason=reason.strip(),
        effective_from=effective_from,
        created_by=actor,
    )
    made.full_clean(exclude=["created_at"])
    made.save()
    before, after = audit.diff(former.document if former else {}, made.document)
    audit.record(
        actor=actor,
        action=actions.POLICY_PUBLISHED,
        target=made,
        node=node,
        before=before,
        after={**after, "effective_from": effective_from},
        reason=made.reason,
    )
    return made


def _versions(portfolio: Portfolio | None) -> Any:
    if portfolio is None:
        ensure_organization_policy()
        return HealthPolicy.objects.filter(portfolio__isnull=True)
    return HealthPolicy.objects.filter(portfolio=portfolio)


def _checked(document: Mapping[str, Any], version: int) -> Rules:
    """Return the rules of a document, or refuse."""
    try:
        rules = replace(Rules.from_dict(document), version=version)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise DomainError(
            _("The policy is not complete: %(fault)s") % {"fault": fault},
            code="POLICY_FAULTY",
            field="document",
        ) from fault
    faults = validate(rules)
    if faults:
        raise PolicyFaultyError(faults)
    return rules
