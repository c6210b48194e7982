"""The permission matrix can fail: known holes are planted, and each must be found (SEC-16)."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from rest_framework.permissions import IsAuthenticated

from pmo_portal.accounts import access as accounts_access
from pmo_portal.accounts.permissions import matrix, roles_with
from pmo_portal.audit.models.entry import AuditEntryQuerySet
from pmo_portal.documents.models import StoredFileQuerySet
from pmo_portal.notifications.models import NotificationQuerySet
from portfolio import access as portfolio_access
from portfolio.models import Portfolio
from portfolio.models.portfolio_import import PortfolioImportQuerySet
from portfolio.models.view import SavedViewQuerySet
from projects.models.project import ProjectQuerySet
from projects.models.schedule_import import ScheduleImportQuerySet
from projects.models.task import TaskQuerySet
from tests import test_permission_matrix as proof
from tests.matrix_world import World

# The matrix asks every role on SQLite only.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@dataclass(frozen=True)
class Hole:
    """A fault somebody could make, and an address at which the matrix must notice it."""

    name: str
    address: str
    plant: Callable[[pytest.MonkeyPatch], None]


def _sees_all(queryset: type) -> Callable[[pytest.MonkeyPatch], None]:
    """Forget to filter rows by the person."""
    return lambda patch: patch.setattr(queryset, "visible_to", lambda rows, *_a, **_k: rows)


def _gives(permission: str, column: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Give a role a right it must not have."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setitem(matrix()[permission], column, "y")
        roles_with.cache_clear()

    return plant


def _takes(permission: str, column: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Take a right from a role that needs it."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setitem(matrix()[permission], column, "-")
        roles_with.cache_clear()

    return plant


def _always(target: Any, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Let a check say yes to everybody."""
    return lambda patch: patch.setattr(target, name, lambda *_a, **_k: True)


def _everybody_holds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(accounts_access, "held_permissions", lambda _user, codes: frozenset(codes))


def _all_portfolios(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(portfolio_access, "portfolios_seen_by", lambda _user: Portfolio.objects.all())


HOLES = (
    Hole("projects are not filtered", "projects:overview", _sees_all(ProjectQuerySet)),
    Hole("projects of the API are not filtered", "api-project", _sees_all(ProjectQuerySet)),
    Hole("tasks are not filtered", "projects:task_detail", _sees_all(TaskQuerySet)),
    Hole("portfolios are not filtered", "portfolio:dashboard", _all_portfolios),
    Hole("files are not filtered", "documents:download", _sees_all(StoredFileQuerySet)),
    Hole("messages are not filtered", "notifications:read", _sees_all(NotificationQuerySet)),
    Hole("the trail is not filtered", "audit:detail", _sees_all(AuditEntryQuerySet)),
    Hole("schedule imports are not filtered", "projects:import_detail", _sees_all(ScheduleImportQuerySet)),
    Hole("table imports are not filtered", "portfolio:import_detail", _sees_all(PortfolioImportQuerySet)),
    Hole("saved views are not filtered", "portfolio:view_delete", _sees_all(SavedViewQuerySet)),
    Hole("members see amounts", "projects:money", _gives("budget.view", "MEM")),
    Hole("readers edit projects", "projects:edit", _gives("project.edit", "EXE")),
    Hole("project managers see all people", "administration:people", _gives("user.view", "PM")),
    Hole("project managers edit policies", "portfolio:policy_edit", _gives("policy.edit", "PM")),
    Hole("the administrator reads projects", "projects:plan", _gives("project.view", "ADM")),
    Hole("the PMO cannot edit portfolios", "portfolio:portfolio_new", _takes("portfolio.edit", "STF")),
    Hole("pages need no right", "portfolio:import_new", _everybody_holds),
    Hole("the API needs no sign-in", "api-me", _always(IsAuthenticated, "has_permission")),
)


def _found(address: str, world: World) -> bool:
    """Whether one of the two proofs fails for the address."""
    for check in (
        proof.test_address_answers_each_role_as_the_matrix_says,
        proof.test_foreign_object_looks_like_none,
    ):
        try:
            with transaction.atomic():
                check(address, deepcopy(world))
                transaction.set_rollback(True)
        except AssertionError:
            return True
    return False


def test_enough_holes_are_planted() -> None:
    """SEC-16 asks for at least twelve."""
    assert len({hole.name for hole in HOLES}) == len(HOLES) >= 12


@pytest.mark.parametrize("hole", HOLES, ids=[hole.name for hole in HOLES])
def test_matrix_finds_the_hole(hole: Hole, world: World) -> None:
    """SEC-16: each planted fault makes the matrix fail at its address."""
    patch = pytest.MonkeyPatch()
    try:
        hole.plant(patch)
        assert _found(hole.address, world)
    finally:
        patch.undo()
        roles_with.cache_clear()
