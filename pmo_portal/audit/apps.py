"""App configuration of the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who changed what, when and why."""

    name = "pmo_portal.audit"
    label = "audit"

    def ready(self) -> None:
        """Make the names of the jobs known, and the trail to the apps below."""
        from pmo_portal.audit import jobs
        from pmo_portal.audit.actions import ACTION_TITLES
        from pmo_portal.audit.services import record
        from pmo_portal.common.action_titles import name_actions
        from pmo_portal.common.trail import set_writer

        set_writer(record)
        name_actions(ACTION_TITLES)
