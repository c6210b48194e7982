"""App configuration of notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Inbox and e-mail."""

    name = "pmo_portal.notifications"
    label = "notifications"
