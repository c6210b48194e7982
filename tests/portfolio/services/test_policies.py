"""Versions of the health policy."""

from datetime import date
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, NotAllowed
from portfolio.models import HealthPolicy, ProjectHealth
from portfolio.rollup.policy_version_1 import default_policy
from portfolio.selectors.policies import PolicyBook
from portfolio.services.policies import PolicyFaultyError, ensure_organization_policy, publish_policy
from tests.factories import grant, user
from tests.portfolio.rollup.examples import p1
from tests.portfolio.worlds import AS_OF, keep_facts, make_portfolio, make_project

pytestmark = pytest.mark.django_db
REASON = "The board accepts more slip."


@pytest.fixture
def paula() -> User:
    made = user("Paula")
    grant(made, Role.PMO_HEAD, organization_node())
    return made


def strict() -> dict[str, Any]:
    document = default_policy().to_dict()
    rule = next(item for item in document["indicators"] if item["code"] == "HS1")
    rule.update(green_limit="1", amber_limit="2")
    return document


def test_version_1_is_written_once() -> None:
    first, second = ensure_organization_policy(), ensure_organization_policy()

    assert first == second
    assert HealthPolicy.objects.get().document == default_policy().to_dict()


def test_new_version_counts_from_the_next_run(paula: User) -> None:
    """HLT-11: the next roll-up rates with it; the earlier date keeps version 1."""
    project = make_project("P1", make_portfolio())
    keep_facts(project, p1())

    made = publish_policy(actor=paula, document=strict(), reason=REASON, effective_from=date(2026, 4, 1))
    keep_facts(project, p1(), as_of=date(2026, 4, 1))

    rows = list(ProjectHealth.objects.order_by("as_of").values_list("policy_version", "color"))
    assert made.version == 2
    assert rows == [("1", "GREEN"), ("2", "RED")]
    entry = AuditEntry.objects.get(action="policy.published")
    assert (entry.actor, entry.reason) == (paula, REASON)


def test_nearest_portfolio_above_decides(paula: User) -> None:
    """A portfolio without its own policy follows the nearest one above it."""
    root = make_portfolio("ROOT")
    part = make_portfolio("PART", parent=root)
    other = make_portfolio("OTHER")

    publish_policy(
        actor=paula, document=strict(), reason=REASON, effective_from=date(2026, 1, 1), portfolio=root
    )

    book = PolicyBook(AS_OF)
    labels = [book.of_portfolio(item.pk).label for item in (root, part, other)]
    assert labels == ["ROOT/1", "ROOT/1", "1"]


@pytest.mark.parametrize("role", [Role.PMO_ANALYST, Role.PORTFOLIO_MANAGER])
def test_only_the_head_changes_policies(role: str) -> None:
    """HLT-11: refused, nothing written, nothing audited."""
    someone = user()
    grant(someone, role, organization_node())

    with pytest.raises(NotAllowed):
        publish_policy(actor=someone, document=strict(), reason=REASON, effective_from=AS_OF)

    assert HealthPolicy.objects.count() == 0
    assert AuditEntry.objects.filter(action="policy.published").count() == 0


def test_faulty_or_unexplained_policy_is_refused(paula: User) -> None:
    """HLT-11: weights sum to 100, limits are ordered, a reason is given."""
    document = default_policy().to_dict()
    document["dimensions"][0]["weight"] = "26"

    with pytest.raises(PolicyFaultyError, match="100"):
        publish_policy(actor=paula, document=document, reason=REASON, effective_from=AS_OF)
    with pytest.raises(DomainError, match="not complete"):
        publish_policy(actor=paula, document={"version": 1}, reason=REASON, effective_from=AS_OF)
    with pytest.raises(DomainError, match="reason"):
        publish_policy(actor=paula, document=strict(), reason="because", effective_from=AS_OF)

    assert HealthPolicy.objects.filter(version__gt=1).count() == 0
