"""``manage.py verify_audit``: is the trail whole?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo_portal.audit.services.anchors import verify_trail


class Command(BaseCommand):
    """Check the audit trail; exit 1 and name the lines when it was tampered with."""

    help = "Check the audit trail against its hash chain and its newest anchor."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and report."""
        faults = verify_trail()
        for fault in faults:
            self.stderr.write(f"entry {fault.entry_id}: {fault.kind}")
        if faults:
            raise CommandError(f"The audit trail does not hold in {len(faults)} places.")
        self.stdout.write("The audit trail is whole.")
