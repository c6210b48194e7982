"""One document as a project of MPXJ."""

from dataclasses import replace
from typing import Any

from projects.interchange.document import ProjectDocument
from projects.interchange.external_bounds import with_bounds_written
from projects.interchange.portal_rules import with_project_row
from projects.interchange.to_mpxj.activity_ids import with_activity_ids
from projects.interchange.to_mpxj.calendars import CalendarWriter
from projects.interchange.to_mpxj.lags import lags_in_time
from projects.interchange.to_mpxj.options import write_options
from projects.interchange.to_mpxj.own_fields import OwnFields
from projects.interchange.to_mpxj.priorities import level_of
from projects.interchange.to_mpxj.resources import ResourceWriter
from projects.interchange.to_mpxj.splits import SplitWriter
from projects.interchange.to_mpxj.tasks import TaskWriter
from projects.interchange.to_mpxj.values import Values


def project_of(document: ProjectDocument, *, java: Any, is_primavera: bool) -> Any:
    """
    Return the project; ``java`` finds a Java class by name.

    Parameters
    ----------
    is_primavera : bool
        Whether the file is one of Primavera, whose status date is the start of the day after.
    """
    document = with_bounds_written(document, has_second=is_primavera)
    if is_primavera:
        document = replace(
            document,
            tasks=tuple(
                replace(task, priority=level_of(task.priority)) for task in with_activity_ids(document.tasks)
            ),
            links=lags_in_time(document.links, document.tasks),
        )
    else:
        document = with_project_row(document)
    project = java("org.mpxj.ProjectFile")()
    config = project.getProjectConfig()
    for name in ("Calendar", "Task", "Resource", "Assignment", "Relation"):
        getattr(config, f"setAuto{name}UniqueID")(False)
    for name in ("TaskID", "ResourceID", "OutlineLevel", "OutlineNumber", "WBS"):
        getattr(config, f"setAuto{name}")(False)
    values = Values(java, minutes_per_day=document.options.minutes_per_day)
    calendars = CalendarWriter(java, values).write(project, document.calendars)
    write_options(
        project,
        document.options,
        java=java,
        values=values,
        calendars=calendars,
        starts_day=is_primavera,
    )
    own = OwnFields(project, java("org.mpxj.TaskField"), [task.extra for task in document.tasks])
    tasks = TaskWriter(java, values, own)
    rows = tasks.write(project, document, calendars)
    tasks.write_links(document.links, rows)
    tasks.write_baselines(document.baselines, rows)
    own = OwnFields(project, java("org.mpxj.ResourceField"), [item.extra for item in document.resources])
    resources = ResourceWriter(java, values, own, has_equipment=is_primavera)
    people = resources.write(project, document.resources, calendars)
    resources.write_assignments(document.assignments, rows, people)
    if not is_primavera:
        SplitWriter(java, values, free=len(document.assignments) + 1).write(document, rows)
    return project
