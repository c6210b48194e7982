"""Several writers on one SQLite file wait for each other; none fails, nothing is lost (SEC-31)."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[3]
WRITERS, TURNS = 4, 50
WRITER = f"""
import django; django.setup()
from django.db import connection, transaction
for _turn in range({TURNS}):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT number FROM counter")
        number = cursor.fetchone()[0]
        cursor.execute("UPDATE counter SET number = %s", [number + 1])
"""


def test_parallel_writers_of_sqlite_lose_nothing(tmp_path: Path) -> None:
    """SEC-31: read, add one, write, with the settings of the portal."""
    file = tmp_path / "portal.sqlite3"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE counter (number integer)")
        database.execute("INSERT INTO counter VALUES (0)")
    database.close()
    environment = {
        **os.environ,
        "PMO_MODE": "test",
        "PMO_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{file}",
        "DJANGO_SETTINGS_MODULE": "pmo_portal.settings",
    }

    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
        for _number in range(WRITERS)
    ]
    errors = [writer.communicate(timeout=120)[1].decode() for writer in writers]

    assert errors == [""] * WRITERS
    counted = sqlite3.connect(file)
    assert counted.execute("SELECT number FROM counter").fetchone() == (WRITERS * TURNS,)
    counted.close()
