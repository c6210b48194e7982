"""A plan of any size: phases, packages, tasks, milestones and links."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

START = date(2026, 3, 2)
_PHASE = 40
_PACKAGE = 8
_WORDS = ("Survey", "Design", "Review", "Order", "Build", "Test", "Train", "Hand over")


def plan_document(tasks: int, *, start: date = START) -> Any:
    """Return so many rows: phases of 40 with packages of 8, the last row of a phase a milestone."""
    from projects.interchange.document import Link, ProjectDocument, ProjectOptions, Task, TaskKind

    begins = datetime.combine(start, datetime.min.time()).replace(hour=8)
    rows: list[Any] = []
    links: list[Any] = []
    parents: dict[int, int] = {}
    last: int | None = None
    for number in range(1, tasks + 1):
        at = (number - 1) % _PHASE
        level = 1 if at == 0 else 2 if at % _PACKAGE == 1 else 3
        parents[level] = number
        days = 1 + number % 4
        name = f"{_WORDS[number % 8]} {number}"
        row = Task(number, name, id=number, outline_level=level, parent_uid=parents.get(level - 1))
        if at == _PHASE - 1:
            kind = TaskKind.FINISH_MILESTONE
            row = replace(row, kind=kind, is_milestone=True, duration=0.0, start=begins, finish=begins)
        elif level == 3:
            finish = begins + timedelta(days=days, hours=8)
            row = replace(row, duration=480.0 * days, start=begins, finish=finish)
        else:
            row = replace(row, kind=TaskKind.SUMMARY)
        rows.append(row)
        if level == 3:
            if last is not None and number % 11:
                links.append(Link(last, number))
            last = number if number % 3 else last
    options = ProjectOptions(name=f"Plan of {tasks} rows", currency="EUR", status_date=start)
    return ProjectDocument(options=options, tasks=tuple(rows), links=tuple(links))


def make_plan(code: str, tasks: int, *, manager: str) -> None:
    """Write the plan into the portal, for the person with this address to manage; again does nothing."""
    from projects.models import Project

    if not Project.objects.filter(code=code).exists():
        write_plan(code, plan_document(tasks), manager=manager)


def write_plan(code: str, document: Any, *, manager: str) -> Any:
    """Return the project a document becomes, managed by the person with this address, its dates computed."""
    from pmo_portal.accounts.choices import Role
    from pmo_portal.accounts.models import RoleGrant, User
    from portfolio.models import Portfolio
    from projects.services.document_writing import Incoming, write_projects
    from projects.services.schedules import set_auto_scheduling

    home = Portfolio.objects.select_related("node").order_by("pk")[0].node
    (project,) = write_projects(
        actor=None,
        incoming=[Incoming(document, code=code)],
        parent_node=home,
        today=document.options.status_date,
        file_name="plan.xml",
    )
    user = User.objects.get(email=manager)
    RoleGrant.objects.get_or_create(user=user, role=Role.PROJECT_MANAGER, node=project.node)
    if not project.is_auto_scheduled:
        set_auto_scheduling(actor=None, project=project, is_auto=True, expected_version=None)
    return project


def freeze(code: str, *names: str) -> None:
    """Set a baseline of each name, the later the newer."""
    from projects.models import Project
    from projects.services.baselines import set_baseline

    project = Project.objects.get(code=code)
    for days, name in enumerate(names):
        day = START + timedelta(days=days)
        set_baseline(actor=None, project=project, effective_from=day, name=name, reason="A new plan.")
