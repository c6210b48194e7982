"""Eight writers of one trail; as a program it runs them on a fresh embedded database."""

import json
import sys
import threading
from typing import Any

WRITERS, EACH = 8, 10


def write_in_parallel(actor: Any) -> list[str]:
    """Let all writers append at once; return what went wrong."""
    from django.db import connections

    from pmo_portal.audit import services as audit

    faults: list[str] = []

    def write() -> None:
        try:
            for number in range(EACH):
                audit.record(actor=actor, action="project.changed", target=actor, after={"number": number})
        except Exception as fault:
            faults.append(repr(fault))
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write) for _number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return faults


def main() -> None:
    """Make the database, write, print what came of it as JSON."""
    import django

    django.setup()

    from django.core.management import call_command

    from pmo_portal.accounts.models import User
    from pmo_portal.audit.models import AuditEntry
    from pmo_portal.audit.services.anchors import verify_trail

    call_command("migrate", verbosity=0, interactive=False)
    faults = write_in_parallel(User.objects.create_user("alice@example.org", name="Alice"))
    tampered = [fault.kind for fault in verify_trail()]
    entries = AuditEntry.objects.count()
    json.dump({"faults": faults, "entries": entries, "tampered": tampered}, sys.stdout)


if __name__ == "__main__":
    main()
