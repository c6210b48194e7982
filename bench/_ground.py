"""A portal of its own for a measurement: temporary data, fresh tables."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import databases


@contextmanager
def scratch_portal(database_url: str = "", *, mode: str = "test") -> Iterator[None]:
    """
    Set Django up on an empty database and forget it afterwards.

    Parameters
    ----------
    database_url : str
        An empty PostgreSQL database to use; SQLite in a temporary folder without it.
    mode : str
        ``embedded`` for a portal whose jobs are done by workers of their own.
    """
    with tempfile.TemporaryDirectory(prefix="pmo-bench-") as folder:
        os.environ.update(DJANGO_SETTINGS_MODULE="pmo_portal.settings", PMO_MODE=mode, PMO_DATA_DIR=folder)
        os.environ.pop("DATABASE_URL", None)
        if database_url:
            os.environ["DATABASE_URL"] = database_url
        else:
            databases.put_migrated(os.environ.get(databases.MIGRATED), Path(folder))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connection.close()
