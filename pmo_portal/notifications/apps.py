"""App configuration of notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Inbox and e-mail."""

    name = "pmo_portal.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Make the names of the jobs known."""
        from pmo_portal.notifications import jobs
