"""
The writing half of an import as a worker does it, in a process that ends by ``kill -9`` in the middle.

``python -m bench._import_worker DOCUMENT IMPORT AT``: claims the job that waits and writes the import; at
statement ``AT`` of the writing the process kills itself. With ``AT`` 0 it prints how many statements there
are and takes everything back, with -1 it writes to the end.
"""

import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - Django is set up first

from pmo_portal.common.jobs import claim_next  # noqa: E402 - Django is set up first
from projects.interchange.json_form import from_json  # noqa: E402 - Django is set up first
from projects.selectors.schedule_imports import import_by_id  # noqa: E402 - Django is set up first
from projects.services.schedule_imports import write_import  # noqa: E402 - Django is set up first


class Statements:
    """Counts what goes to the database, and ends the process at a statement."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at = kill_at
        self.count = 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.count += 1
        result = execute(*arguments)
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def main(document: Path, import_id: int, at: int) -> None:
    """Write the import, or die on the way."""
    running = claim_next(worker="bench")
    assert running is not None
    found = import_by_id(import_id)
    documents = [from_json(document.read_text(encoding="utf-8"))]
    statements = Statements(at)
    with transaction.atomic(), connection.execute_wrapper(statements):
        with running.effect():
            write_import(schedule_import=found, documents=documents, today=date(2026, 3, 10))
        if at == 0:
            transaction.set_rollback(True)
    print(statements.count)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
