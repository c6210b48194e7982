"""App configuration of operations."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Jobs and the health of workers and schedule."""

    name = "pmo_portal.operations"
    label = "operations"

    def ready(self) -> None:
        """Make the names of the jobs known."""
        from pmo_portal.operations import jobs
