"""App configuration of the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who changed what, when and why."""

    name = "pmo_portal.audit"
    label = "audit"

    def ready(self) -> None:
        """Make the names of the jobs known."""
        from pmo_portal.audit import jobs
