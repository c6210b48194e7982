"""Two projects, one of which delivers to the other."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from projects.models import Project, ProjectDependency, Task
from projects.selectors.dependencies import DependencyRow, dependency_rows
from projects.selectors.plan_dates import shown_finish, shown_start
from projects.services import dependencies, links, tasks
from tests import factories

DAY = 480
TODAY = date(2026, 3, 2)


@dataclass
class Scene:
    """GIVE-1 delivers on Friday 6 March; GET-1 has a milestone and a task behind it."""

    giver: Project
    receiver: Project
    work: Task
    delivery: Task
    arrival: Task
    build: Task
    gina: User
    rita: User

    def add(self, **facts: Any) -> ProjectDependency:
        usual: dict[str, Any] = {
            "actor": self.rita,
            "giver_milestone": self.delivery,
            "milestone": self.arrival,
            "need_by": date(2026, 3, 16),
            "drives_schedule": True,
            "is_agreed_by_giver": False,
            "now": timezone.now(),
        }
        return dependencies.add_dependency(**(usual | facts))

    def slip(self, days: int) -> None:
        """Let the work before the delivery take so many days more."""
        self.work.refresh_from_db()
        changes = {"duration": self.work.duration + days * DAY}
        tasks.edit_task(actor=None, task=self.work, changes=changes, expected_version=None)

    def days(self, task: Task) -> tuple[date | None, date | None]:
        task.refresh_from_db()
        return shown_start(task.planned_start), shown_finish(task.planned_finish)

    def row(self, *, user: User | None = None, project: Project | None = None) -> DependencyRow:
        rows = dependency_rows(project or self.receiver, user=user or self.rita, today=TODAY)
        assert len(rows) == 1
        return rows[0]


def dependency_scene() -> Scene:
    above = factories.portfolio_node()
    plan = {"parent": above, "planned_start": TODAY, "is_auto_scheduled": True}
    giver = factories.project("GIVE-1", name="Give", **plan)
    receiver = factories.project("GET-1", name="Get", **plan)
    work = factories.task(giver, "Develop", duration=5 * DAY)
    delivery = factories.task(giver, "Delivered", kind="FINISH_MILESTONE")
    arrival = factories.task(receiver, "Arrived", kind="FINISH_MILESTONE")
    build = factories.task(receiver, "Build in", duration=2 * DAY)
    links.add_link(actor=None, project=giver, predecessor=work, successor=delivery)
    links.add_link(actor=None, project=receiver, predecessor=arrival, successor=build)
    gina, rita = factories.manager_of(giver, "Gina"), factories.manager_of(receiver, "Rita")
    factories.grant(rita, Role.TEAM_MEMBER, giver.node)
    factories.grant(gina, Role.TEAM_MEMBER, receiver.node)
    return Scene(giver, receiver, work, delivery, arrival, build, gina, rita)


def hide(project: Project) -> None:
    """Make a project confidential and take the other manager out of it."""
    project.node.is_confidential = True
    project.node.save(update_fields=["is_confidential"])
