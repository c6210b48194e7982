"""Portfolios, programs and homes of projects."""

from collections.abc import Callable

import pytest

from pmo_portal.accounts.services.scopes import ScopeCycle
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import StaleObject
from portfolio.models import Portfolio
from portfolio.services.components import create_project
from portfolio.services.structure import TooDeepError, create_portfolio, edit_portfolio, edit_program
from tests.factories import user
from tests.portfolio.worlds import make_portfolio, make_program

pytestmark = pytest.mark.django_db


def test_portfolio_moves_with_everything_below() -> None:
    """ORG-1: the tree of scopes follows, the change is audited."""
    paula = user("Paula")
    first, second = make_portfolio("A"), make_portfolio("B")
    project = create_project(actor=paula, name="Bridge", portfolio=first)

    moved = edit_portfolio(actor=paula, portfolio=first, changes={"parent": second}, expected_version=1)

    project.node.refresh_from_db()
    assert (moved.version, moved.parent) == (2, second)
    assert project.node.path.startswith(second.node.path)
    entry = AuditEntry.objects.get(action="portfolio.changed")
    assert (entry.before, entry.after) == ({"parent": None}, {"parent": "Portfolio B"})


def test_portfolio_below_itself_is_refused() -> None:
    """ORG-1: no cycle, nothing changed, nothing audited."""
    root = make_portfolio("A")
    part = make_portfolio("B", parent=root)

    with pytest.raises(ScopeCycle):
        edit_portfolio(actor=None, portfolio=root, changes={"parent": part}, expected_version=1)

    assert Portfolio.objects.get(code="A").parent is None
    assert AuditEntry.objects.filter(action="portfolio.changed").count() == 0


def test_eleventh_level_is_refused() -> None:
    """ORG-1: ten deep at most, by creating and by moving."""
    parent = None
    for number in range(10):
        parent = make_portfolio(f"L{number}", parent=parent)
    tall = make_portfolio("TALL")
    make_portfolio("CHILD", parent=tall)

    with pytest.raises(TooDeepError):
        create_portfolio(actor=None, code="L10", name="Too deep", parent=parent)
    with pytest.raises(TooDeepError):
        edit_portfolio(
            actor=None, portfolio=tall, changes={"parent": parent.parent}, expected_version=tall.version
        )

    assert Portfolio.objects.filter(code="L10").count() == 0


def test_stale_edit_is_refused() -> None:
    """XC-1, SEC-29."""
    home = make_portfolio()
    edit_portfolio(actor=None, portfolio=home, changes={"name": "New"}, expected_version=1)

    with pytest.raises(StaleObject):
        edit_portfolio(actor=None, portfolio=home, changes={"name": "Old"}, expected_version=1)

    assert Portfolio.objects.get().name == "New"


def test_program_takes_its_projects_along() -> None:
    """ORG-2: one home, in the program and its portfolio."""
    first, second = make_portfolio("A"), make_portfolio("B")
    program = make_program("PROG", first)
    project = create_project(actor=None, name="Bridge", program=program)

    edit_program(actor=None, program=program, changes={"portfolio": second}, expected_version=1)

    project.component.refresh_from_db()
    assert (project.component.program, project.component.portfolio) == (program, second)


def test_new_project_is_rated_without_a_rollup(drain: Callable[[], int]) -> None:
    """A project made in a portfolio has its component and gets its health at once."""
    home = make_portfolio()

    project = create_project(actor=None, name="Bridge", portfolio=home)
    drain()

    assert project.component.portfolio == home
    assert project.health.get().reason_code == "NOT_APPLICABLE"
