"""One project of MPXJ as a document."""

from typing import Any

from projects.interchange.document import ProjectDocument
from projects.interchange.external_bounds import with_bounds_of_rows
from projects.interchange.findings import document_problems
from projects.interchange.from_mpxj.baselines import read_baselines
from projects.interchange.from_mpxj.calendars import WEEKDAYS, CalendarReader
from projects.interchange.from_mpxj.fields import assignment_fields, custom_fields, task_fields
from projects.interchange.from_mpxj.links import read_links
from projects.interchange.from_mpxj.options import read_options, time_units
from projects.interchange.from_mpxj.resources import read_assignments, read_resources
from projects.interchange.from_mpxj.tasks import TaskReader
from projects.interchange.from_mpxj.values import text
from projects.interchange.limits import ReadLimits
from projects.interchange.portal_rules import rules_problems, with_rules_of_row
from projects.interchange.problems import Place, Problem, problem
from projects.interchange.refusal import RefusalCode, ScheduleRefused
from projects.interchange.vocabulary import Severity


class ProjectReader:
    """Turns projects into documents; ``java`` finds a Java class by name."""

    def __init__(self, java: Any, limits: ReadLimits) -> None:
        self.limits = limits
        self.task_kind = java("org.mpxj.TaskField")
        self.assignment_kind = java("org.mpxj.AssignmentField")
        day_of_week = java("java.time.DayOfWeek")
        self.days_of_week = [getattr(day_of_week, name) for name in WEEKDAYS]

    def read(self, project: Any) -> ProjectDocument:
        """Return the document of one project."""
        rows = list(project.getTasks())
        if len(rows) > self.limits.task_count:
            raise ScheduleRefused(RefusalCode.TOO_LARGE, "TASK_COUNT", most=self.limits.task_count)
        tasks = [row for row in rows if not row.getNull()]
        known = frozenset(int(task.getUniqueID()) for task in tasks)
        units = time_units(project.getProjectProperties())
        minutes = units.work()
        populated = list(project.getPopulatedFields())
        names = {str(field.name()) for field in populated if _field_class(field) == "TASK"}
        aliases = project.getCustomFields()
        relations = [item for item in project.getRelations() if not _is_blank(item)]
        links, link_problems = read_links(relations, minutes, known)
        reader = TaskReader(
            kind=self.task_kind,
            fields=[item for item in task_fields(self.task_kind, minutes) if str(item.field.name()) in names],
            custom=custom_fields(populated, "TASK", aliases),
            units=minutes,
            successors=frozenset(link.succ for link in links),
        )
        calendars = CalendarReader(self.days_of_week)
        resources = read_resources(
            project.getResources(), custom_fields(populated, "RESOURCE", aliases), units
        )
        document = ProjectDocument(
            options=read_options(project.getProjectProperties(), units),
            calendars=calendars.read(project.getCalendars()),
            tasks=reader.read(tasks),
            links=links,
            resources=resources,
            assignments=read_assignments(
                (item for item in project.getResourceAssignments() if item.getTaskUniqueID() is not None),
                assignment_fields(self.assignment_kind, minutes),
                self.assignment_kind.ASSIGNMENT_UNITS,
                frozenset(resource.uid for resource in resources),
            ),
            baselines=read_baselines(tasks, self.task_kind, names, minutes),
            blank_rows=len(rows) - len(tasks),
        )
        problems = (
            *_reader_problems(project, tasks),
            *rules_problems(document),
            *link_problems,
            *calendars.problems,
        )
        return document_problems(with_bounds_of_rows(with_rules_of_row(document)), problems)


def _field_class(field: Any) -> str:
    return str(field.getFieldTypeClass().name())


def _is_blank(relation: Any) -> bool:
    """Return whether the relation joins a blank row."""
    ends = (relation.getPredecessorTask(), relation.getSuccessorTask())
    return any(end is not None and end.getNull() for end in ends)


def _reader_problems(project: Any, tasks: list[Any]) -> list[Problem]:
    """Return what MPXJ itself could not read, and what stands for another file."""
    problems = []
    errors = [text(type(error).__name__.rpartition(".")[2], limit=60) for error in project.getIgnoredErrors()]
    if errors:
        kinds = ", ".join(sorted(set(errors)))
        problems.append(problem(Severity.ERROR, "IGNORED_PART", Place.FILE, count=len(errors), kinds=kinds))
    for task in tasks:
        if task.getSubprojectFile() is not None or task.getExternalProject():
            names = f"{text(task.getID())} {text(task.getName(), limit=100)}".strip()
            problems.append(problem(Severity.WARNING, "SUBPROJECT", Place.TASK, names))
    return problems
