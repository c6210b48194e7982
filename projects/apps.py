"""App configuration of projects."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """One project: work, time, money."""

    name = "projects"
    label = "projects"

    def ready(self) -> None:
        """Make the names of jobs and documents known."""
        from pmo_portal.common.action_titles import name_actions
        from projects import jobs
        from projects.actions import ACTION_TITLES
        from projects.services import plan_exports

        name_actions(ACTION_TITLES)
