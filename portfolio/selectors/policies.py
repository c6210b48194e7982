"""Which health policy is in force where (HLT-11)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from portfolio.models import HealthPolicy, Portfolio
from portfolio.rollup.policy import HealthPolicy as Rules
from portfolio.rollup.policy_version_1 import default_policy

ORGANIZATION = 0


@dataclass(frozen=True)
class PolicyInForce:
    """Rules with the label that is stored beside results: ``"1"``, or ``"CODE/2"`` for a portfolio's own."""

    label: str
    rules: Rules
    id: int | None


class PolicyBook:
    """All policies in force on a day; two queries, then none."""

    def __init__(self, as_of: date) -> None:
        """Read the newest version of each portfolio and of the organization up to the day."""
        self._parents: dict[int, int | None] = {}
        self._codes: dict[int, str] = {}
        for pk, parent_id, code in Portfolio.objects.order_by("pk").values_list("pk", "parent_id", "code"):
            self._parents[pk] = parent_id
            self._codes[pk] = code
        self._newest: dict[int, PolicyInForce] = {}
        rows = (
            HealthPolicy.objects.filter(effective_from__lte=as_of)
            .order_by("version")
            .values_list("pk", "portfolio_id", "version", "document")
        )
        for pk, portfolio_id, version, document in rows:
            owner = portfolio_id or ORGANIZATION
            label = f"{self._codes[portfolio_id]}/{version}" if portfolio_id else str(version)
            self._newest[owner] = PolicyInForce(label=label[-40:], rules=Rules.from_dict(document), id=pk)

    @cached_property
    def organization(self) -> PolicyInForce:
        """Return the organization's policy; version 1 as shipped while none is stored."""
        return self._newest.get(ORGANIZATION) or PolicyInForce(label="1", rules=default_policy(), id=None)

    def of_portfolio(self, portfolio_id: int | None) -> PolicyInForce:
        """Return the policy of a portfolio: its own, or that of the nearest portfolio above it."""
        seen: set[int] = set()
        while portfolio_id is not None and portfolio_id not in seen:
            if portfolio_id in self._newest:
                return self._newest[portfolio_id]
            seen.add(portfolio_id)
            portfolio_id = self._parents.get(portfolio_id)
        return self.organization


def policy_in_force(portfolio: Portfolio | None, as_of: date) -> PolicyInForce:
    """Return the policy that rates a portfolio on a day; the organization's without one. Two queries."""
    return PolicyBook(as_of).of_portfolio(portfolio.pk if portfolio else None)


def policy_versions(portfolio: Portfolio | None = None) -> list[HealthPolicy]:
    """Return the versions of a portfolio, or of the organization, newest first. One query."""
    found = HealthPolicy.objects.select_related("created_by", "portfolio").order_by("-version", "-pk")
    if portfolio is None:
        return list(found.filter(portfolio__isnull=True))
    return list(found.filter(portfolio=portfolio))
