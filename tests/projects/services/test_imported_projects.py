"""An import that made projects is taken back while nobody built on them; the trail and its place stay."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from pmo_portal.accounts.choices import Role, ScopeKind
from pmo_portal.accounts.models import RoleGrant, ScopeNode, User
from pmo_portal.accounts.selectors.grants import nodes_to_grant_on
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, NotAllowed, StaleObject
from pmo_portal.common.jobs import drain
from portfolio.models import GroupHealth, Portfolio, ProjectHealth
from portfolio.services.structure import create_portfolio
from projects import actions
from projects.choices import ImportState
from projects.models import Period, Project, ProjectDependency, ScheduleImport, Task
from projects.services import tasks
from projects.services.document_writing import Incoming, write_projects
from projects.services.former_values import known_on
from projects.services.imported_projects import take_back_projects
from projects.services.projects import create_project
from tests import factories
from tests.projects.services.plan_update import files

pytestmark = pytest.mark.django_db

HOUSE = files.plan([files.row(1, "Dig"), files.row(2, "Pour", 3)], [files.Link(1, 2)])
MANY = 80


@pytest.fixture
def portfolio() -> Portfolio:
    return create_portfolio(actor=None, name="Infrastructure", code="infra")


@pytest.fixture
def paula(portfolio: Portfolio) -> User:
    paula = factories.user("Paula")
    factories.grant(paula, Role.PORTFOLIO_MANAGER, portfolio.node)
    return paula


def bring(actor: User, home: ScopeNode, *names: str) -> ScheduleImport:
    """Write an import of projects as the job does."""
    made = write_projects(
        actor=actor,
        incoming=[Incoming(document=HOUSE, name=name, code=name.lower()) for name in names],
        parent_node=home,
        today=date(2026, 3, 10),
        file_name="houses.mpp",
    )
    found = ScheduleImport.objects.create(
        owner=actor, file_name="houses.mpp", target_node=home, state=ImportState.IMPORTED, preview={}
    )
    found.projects.set(made)
    return found


def take_back(found: ScheduleImport, actor: User) -> ScheduleImport:
    return take_back_projects(actor=actor, schedule_import=found, expected_version=None)


def rows_of(project: Project) -> int:
    """Return how many rows anywhere belong to the project."""
    relations = [relation for relation in Project._meta.related_objects if not relation.many_to_many]
    return sum(
        relation.related_model._default_manager.filter(**{relation.field.name: project.pk}).count()
        for relation in relations
        if isinstance(relation, models.ManyToOneRel)
    )


def counted_in(portfolio: Portfolio) -> set[int]:
    """Return how many projects the sums of a portfolio count, for all who look."""
    return set(GroupHealth.objects.filter(node=portfolio.node).values_list("projects_total", flat=True))


def test_projects_go_with_everything_and_leave_sums(portfolio: Portfolio, paula: User) -> None:
    """Two projects, rated and added up: afterwards as if the file had never come, but for the trail."""
    drain()
    found = bring(paula, portfolio.node, "House", "Shed")
    drain()
    assert counted_in(portfolio) == {2}
    made = list(Project.objects.order_by("pk"))
    assert all(rows_of(project) for project in made)

    done = take_back(found, paula)
    drain()

    assert (Project.objects.count(), Task.objects.count(), ProjectHealth.objects.count()) == (0, 0, 0)
    assert [rows_of(project) for project in made] == [0, 0]
    assert counted_in(portfolio) == {0}
    assert done.state == ImportState.TAKEN_BACK
    assert done.preview["taken_back"] == [
        {"code": "house", "name": "House"},
        {"code": "shed", "name": "Shed"},
    ]
    entries = AuditEntry.objects.filter(action=actions.PROJECT_TAKEN_BACK).order_by("sequence")
    assert [(entry.object_label, entry.before["code"], entry.after) for entry in entries] == [
        ("house House", "house", {"file": "houses.mpp"}),
        ("shed Shed", "shed", {"file": "houses.mpp"}),
    ]
    assert [entry.node.kind for entry in entries] == [ScopeKind.PROJECT] * 2
    assert AuditEntry.objects.visible_to(paula).filter(node=entries[0].node).count() > 1


def test_code_is_free_again_and_place_cannot_be_granted(portfolio: Portfolio, paula: User) -> None:
    found = bring(paula, portfolio.node, "House")
    take_back(found, paula)

    again = create_project(actor=paula, parent_node=portfolio.node, name="House", code="house")

    kinds = nodes_to_grant_on(paula).filter(kind=ScopeKind.PROJECT)
    assert list(kinds) == [again.node]


def edited(project: Project, paula: User) -> None:
    task = Task.objects.filter(project=project).order_by("pk")[0]
    tasks.edit_task(actor=paula, task=task, changes={"name": "Dig deep"}, expected_version=None)


def waited_for(project: Project, paula: User) -> None:
    other = factories.project("other")
    ProjectDependency.objects.create(
        giver=project, giver_uid=1, receiver=other, receiver_uid=1, need_by=date(2026, 5, 1)
    )


def sent_a_file(project: Project, paula: User) -> None:
    ScheduleImport.objects.create(owner=paula, target_node=project.node)


@pytest.mark.parametrize("act", [edited, waited_for, sent_a_file])
def test_import_somebody_built_upon_stays(
    act: Callable[[Project, User], None], portfolio: Portfolio, paula: User
) -> None:
    """Of two projects one is built upon: both stay, and nothing is audited."""
    found = bring(paula, portfolio.node, "House", "Shed")
    act(Project.objects.get(code="shed"), paula)
    before = AuditEntry.objects.count()

    with pytest.raises(DomainError) as refusal:
        take_back(found, paula)

    assert refusal.value.code == "BUILT_ON"
    assert Project.objects.filter(code__in=["house", "shed"]).count() == 2
    assert AuditEntry.objects.count() == before


def test_import_of_a_former_day_stays(portfolio: Portfolio, paula: User) -> None:
    """SEC-37: what past figures rest on is not removed."""
    found = bring(paula, portfolio.node, "House")

    with known_on(timezone.localdate() + timedelta(days=1)), pytest.raises(DomainError) as refusal:
        take_back(found, paula)

    assert refusal.value.code == "PAST_DAY"
    assert Project.objects.count() == 1


def test_import_a_closed_period_counts_stays(portfolio: Portfolio, paula: User) -> None:
    found = bring(paula, portfolio.node, "House")
    Period.objects.create(
        code="2026-03", start=date(2026, 3, 1), end=date(2026, 3, 31), closed_at=timezone.now()
    )

    with pytest.raises(DomainError) as refusal:
        take_back(found, paula)

    assert refusal.value.code == "PERIOD_CLOSED"


def test_import_is_taken_back_once_and_with_its_version(portfolio: Portfolio, paula: User) -> None:
    found = bring(paula, portfolio.node, "House")
    with pytest.raises(StaleObject):
        take_back_projects(actor=paula, schedule_import=found, expected_version=found.version + 1)
    take_back(found, paula)

    with pytest.raises(DomainError) as twice:
        take_back(found, paula)

    assert twice.value.code == "NOT_IMPORTED"


def test_who_lost_the_right_does_not_take_back(portfolio: Portfolio, paula: User) -> None:
    found = bring(paula, portfolio.node, "House")
    RoleGrant.objects.filter(user=paula).delete()

    with pytest.raises(NotAllowed):
        take_back(found, paula)

    assert Project.objects.count() == 1


def test_import_into_a_project_is_taken_back_as_a_step(portfolio: Portfolio, paula: User) -> None:
    project = factories.project("house", parent=portfolio.node)
    found = ScheduleImport.objects.create(owner=paula, target_node=project.node, state=ImportState.IMPORTED)
    found.projects.set([project])

    with pytest.raises(DomainError) as refusal:
        take_back(found, paula)

    assert refusal.value.code == "IS_UPDATE"


def test_large_project_goes_in_a_fixed_number_of_statements(
    portfolio: Portfolio, paula: User, django_assert_max_num_queries: Any
) -> None:
    found = bring(paula, portfolio.node, "House")
    project = Project.objects.get()
    Task.objects.bulk_create(
        [Task(project=project, uid=100 + at, name=f"Row {at}", duration=480) for at in range(MANY)]
    )

    with django_assert_max_num_queries(160):
        take_back(found, paula)

    assert Task.objects.count() == 0
