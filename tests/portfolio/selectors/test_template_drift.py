"""How plans differ from their template, and what became of its rows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from portfolio.models import TemplateVersion
from portfolio.selectors.template_drift import RowChange, project_drift, template_experience
from portfolio.services.project_templates import load_shipped_templates
from portfolio.services.template_projects import Order, create_from_template
from projects.models import Project, Task
from projects.services.links import add_link
from projects.services.tasks import create_task, delete_task, edit_task
from tests.factories import grant, user
from tests.portfolio.worlds import make_portfolio

pytestmark = pytest.mark.django_db

TODAY = date(2026, 8, 3)
DAY = 480


@pytest.fixture
def version() -> TemplateVersion:
    """The starter template."""
    (loaded,) = load_shipped_templates(actor=None, now=datetime(2026, 8, 3, tzinfo=UTC))
    return loaded


@pytest.fixture
def order() -> Order:
    """A project half as long as the template."""
    return Order(
        name="Permits",
        start=date(2026, 9, 1),
        portfolio=make_portfolio("SERVICES"),
        total=Decimal(0),
        duration_factor=Decimal("0.5"),
    )


def made(version: TemplateVersion, order: Order) -> Project:
    """Return a project of the template."""
    return create_from_template(actor=None, version=version, order=order, today=TODAY)


def row(project: Project, key: str) -> Task:
    """Return the row that came from a row of the template."""
    return Task.objects.select_related("project").get(project=project, uid=project.template_use.rows[key])


def test_fresh_project_is_as_its_template(version: TemplateVersion, order: Order) -> None:
    """STD-11: scaled durations are no difference."""
    project = made(version, order)

    drift = project_drift(project.template_use, language="en")

    assert (drift.count, drift.kept) == (0, 31)


def test_every_kind_of_difference_is_told(version: TemplateVersion, order: Order) -> None:
    """STD-11: removed, added, renamed, longer, shorter, linked otherwise, moved, divided."""
    project = made(version, order)
    edit_task(actor=None, task=row(project, "1.1"), changes={"name": "Paths"}, expected_version=None)
    edit_task(actor=None, task=row(project, "1.2"), changes={"duration": 6 * DAY}, expected_version=None)
    edit_task(actor=None, task=row(project, "1.3"), changes={"duration": DAY}, expected_version=None)
    delete_task(actor=None, task=row(project, "4.6"), expected_version=None)
    new = create_task(actor=None, project=project, name="Pilot", parent=row(project, "P4"))
    add_link(actor=None, project=project, predecessor=new, successor=row(project, "G4"))

    drift = project_drift(project.template_use, language="en")

    uids = project.template_use.rows
    assert drift.removed == (RowChange("REMOVED", "4.6", "Training material and sessions"),)
    assert drift.added == (RowChange("ADDED", "", "Pilot", uid=new.uid),)
    assert drift.changed == (
        RowChange("RENAMED", "1.1", "Options", "Options", "Paths", uids["1.1"]),
        RowChange("LONGER", "1.2", "Business case", "4", "6", uids["1.2"]),
        RowChange("SHORTER", "1.3", "Board review", "1.5", "1", uids["1.3"]),
        RowChange("LINKS", "G4", "Ready for service", "4.5, 4.6", f"#{new.uid}, 4.5", uids["G4"]),
    )
    assert drift.kept == 26


def test_users_of_a_template_show_what_to_improve(
    version: TemplateVersion, order: Order, django_assert_num_queries: Any
) -> None:
    """What its users changed most often comes first; typical days are those at factor 1."""
    for number, days in enumerate((6, 8)):
        project = made(version, replace(order, name=f"Project {number}"))
        edit_task(
            actor=None, task=row(project, "1.2"), changes={"duration": days * DAY}, expected_version=None
        )
        create_task(actor=None, project=project, name="Pilot")
    delete_task(actor=None, task=row(project, "2.3"), expected_version=None)
    paula, outsider = user("Paula"), user("Charlie")
    grant(paula, Role.PMO_HEAD, project.node.parent)

    with django_assert_num_queries(3):
        found = template_experience(version.template, user=paula, language="en")

    assert (found.projects, found.added) == (2, (("Pilot", 2),))
    assert [(fate.key, fate.removed, fate.longer, fate.typical_days, fate.days) for fate in found.rows] == [
        ("1.2", 0, 2, Decimal(14), 8),
        ("2.3", 1, 0, None, 12),
        ("2.5", 0, 0, None, 3),
    ]
    assert template_experience(version.template, user=outsider, language="en").projects == 0
