"""Create and edit portfolios and programs (ORG-1)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.accounts.services import scopes
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from portfolio import actions
from portfolio.models import Portfolio, PortfolioComponent, Program
from portfolio.services.components import remember_homes
from projects.services.changes import require_version, save_version, write_changes

MAX_DEPTH = 10
PORTFOLIO_FIELDS = frozenset({"name", "description", "parent", "owner", "manager", "reporting_currency"})
PROGRAM_FIELDS = frozenset({"name", "outcomes", "portfolio", "manager", "sponsor"})


class TooDeepError(DomainError):
    """Portfolios may be nested ten deep."""

    code = "TOO_DEEP"


@transaction.atomic
def create_portfolio(
    *, actor: User | None, code: str, name: str, parent: Portfolio | None = None, **facts: Any
) -> Portfolio:
    """
    Return a new portfolio, below ``parent`` or below the organization.

    Parameters
    ----------
    **facts
        ``description``, ``owner``, ``manager``, ``reporting_currency``.
    """
    made = Portfolio(code=code, name=name, parent=parent)
    write_changes(made, changes=facts, allowed=PORTFOLIO_FIELDS)
    made.full_clean(exclude=["node"])
    _require_depth(parent, below=0)
    made.node = scopes.create_node(
        kind=ScopeKind.PORTFOLIO, parent=parent.node if parent else None, title=name
    )
    made.save()
    audit.record(
        actor=actor,
        action=actions.PORTFOLIO_CREATED,
        target=made,
        node=made.node,
        after={"code": code, "name": name, "parent": str(parent) if parent else None},
    )
    return made


@transaction.atomic
def edit_portfolio(
    *, actor: User | None, portfolio: Portfolio, changes: Mapping[str, Any], expected_version: int | None
) -> Portfolio:
    """
    Save new values; a new parent moves everything below the portfolio with it.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    ScopeCycle
        If the new parent lies below the portfolio.
    TooDeepError
        If the tree would become deeper than ten portfolios.
    """
    locked = Portfolio.objects.select_for_update(of=("self",)).select_related("node").get(pk=portfolio.pk)
    require_version(locked.version, expected=expected_version)
    old_parent_id = locked.parent_id
    before, after = write_changes(locked, changes=changes, allowed=PORTFOLIO_FIELDS)
    if not after:
        return locked
    if locked.parent_id != old_parent_id:
        _require_depth(locked.parent, below=_levels_below(locked))
        scopes.move_node(locked.node, parent=locked.parent.node if locked.parent else None)
    save_version(locked)
    scopes.rename_node(locked.node, title=locked.name)
    audit.record(
        actor=actor,
        action=actions.PORTFOLIO_CHANGED,
        target=locked,
        node=locked.node,
        before=before,
        after=after,
    )
    return locked


@transaction.atomic
def create_program(
    *, actor: User | None, code: str, name: str, portfolio: Portfolio, **facts: Any
) -> Program:
    """
    Return a new program of a portfolio.

    Parameters
    ----------
    **facts
        ``outcomes``, ``manager``, ``sponsor``.
    """
    made = Program(code=code, name=name, portfolio=portfolio)
    write_changes(made, changes=facts, allowed=PROGRAM_FIELDS)
    made.full_clean(exclude=["node"])
    made.node = scopes.create_node(kind=ScopeKind.PROGRAM, parent=portfolio.node, title=name)
    made.save()
    audit.record(
        actor=actor,
        action=actions.PROGRAM_CREATED,
        target=made,
        node=made.node,
        after={"code": code, "name": name, "portfolio": str(portfolio)},
    )
    return made


@transaction.atomic
def edit_program(
    *, actor: User | None, program: Program, changes: Mapping[str, Any], expected_version: int | None
) -> Program:
    """
    Save new values; a new portfolio takes the program's projects with it.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    """
    locked = Program.objects.select_for_update(of=("self",)).select_related("node").get(pk=program.pk)
    require_version(locked.version, expected=expected_version)
    old_portfolio_id = locked.portfolio_id
    before, after = write_changes(locked, changes=changes, allowed=PROGRAM_FIELDS)
    if not after:
        return locked
    if locked.portfolio_id != old_portfolio_id:
        scopes.move_node(locked.node, parent=locked.portfolio.node)
        inside = PortfolioComponent.objects.filter(program=locked)
        remember_homes(list(inside.values_list("project_id", flat=True)))
        inside.update(portfolio=locked.portfolio)
    save_version(locked)
    scopes.rename_node(locked.node, title=locked.name)
    audit.record(
        actor=actor,
        action=actions.PROGRAM_CHANGED,
        target=locked,
        node=locked.node,
        before=before,
        after=after,
    )
    return locked


def _depth(node: ScopeNode | None) -> int:
    """Return how many portfolios the path of a portfolio's node has; 0 for the organization."""
    return 0 if node is None else str(node.path).count("/") - 1


def _levels_below(portfolio: Portfolio) -> int:
    """Return how many levels of portfolios lie below. One query."""
    own = str(portfolio.node.path)
    paths = ScopeNode.objects.filter(kind=ScopeKind.PORTFOLIO, path__startswith=own)
    return max(
        (str(path).count("/") for path in paths.values_list("path", flat=True)), default=0
    ) - own.count("/")


def _require_depth(parent: Portfolio | None, *, below: int) -> None:
    if _depth(parent.node if parent else None) + 1 + below > MAX_DEPTH:
        raise TooDeepError(_("Portfolios may not be nested more than 10 deep."), field="parent")
