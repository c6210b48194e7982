"""Models of the audit trail."""

from pmo_portal.audit.models.entry import AuditEntry

__all__ = ["AuditEntry"]
