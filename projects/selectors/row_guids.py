"""The GUID of a row in files: the one it came with, else one that stays the same for ever."""

from collections.abc import Callable
from uuid import UUID, uuid5

from projects.models import Project, Task

NAMESPACE = UUID("8a3b3f0e-2a6f-4c1e-9f0d-5f3f2f6f1c77")


def row_guids(project: Project) -> Callable[[Task], str]:
    """
    Return the function that gives a row of the project its GUID. One query.

    A number of a row is never given to another row, and no two portals began a project with the same key at
    the same instant, so a file is recognized wherever it comes from.
    """
    began = Project.objects.values_list("created_at", flat=True).get(pk=project.pk)

    def guid_of(task: Task) -> str:
        made = uuid5(NAMESPACE, f"{project.pk} {began.isoformat()} {task.uid}")
        return task.source_guid or str(made)

    return guid_of
