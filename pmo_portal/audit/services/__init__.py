"""
Verbs of the audit trail, used as ``from pmo_portal.audit import services as audit``.
"""

from pmo_portal.audit.services.trail import Change, diff, record, record_many

__all__ = ["Change", "diff", "record", "record_many"]
