"""
Verbs of the audit trail, used as ``from pmo_portal.audit import services as audit``.
"""

from pmo_portal.audit.services.trail import (
    Change,
    PreparedTrail,
    diff,
    prepare_changes,
    record,
    record_many,
    record_prepared,
)

__all__ = [
    "Change",
    "PreparedTrail",
    "diff",
    "prepare_changes",
    "record",
    "record_many",
    "record_prepared",
]
