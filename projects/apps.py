"""App configuration of projects."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """One project: work, time, money."""

    name = "projects"
    label = "projects"

    def ready(self) -> None:
        """Make the names of jobs and documents known."""
        from projects import jobs
        from projects.services import plan_exports
