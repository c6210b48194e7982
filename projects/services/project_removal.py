"""The end of a project that never should have been: everything of it goes, the trail stays."""

from projects.models import Calendar, Project, Resource, Task
from projects.services.calendars import ensure_default_calendar


def remove_project(project: Project) -> None:
    """
    Delete a locked project with all that belongs to it.

    Its place in the tree of scopes stays: the trail of the project hangs on it, and who could read it still
    can. The caller makes sure that nobody needs the project, and writes the trail before.

    Raises
    ------
    django.db.models.ProtectedError
        If something that outlives projects rests on it, such as a lesson.
    """
    Task.objects.filter(project=project).update(calendar=None)
    Resource.objects.filter(project=project).update(calendar=None)
    Calendar.objects.filter(project=project).update(base=None)
    Project.objects.filter(pk=project.pk).update(calendar=ensure_default_calendar())
    Project.objects.filter(pk=project.pk).delete()
