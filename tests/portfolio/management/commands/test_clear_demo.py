"""`manage.py clear_demo` on a data directory of its own, as people run it."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pmo_portal.common.supervisor import hold_data_dir
from tests.databases import put_migrated

ROOT = Path(__file__).resolve().parents[4]
PASSWORD = "an-own-pass-phrase-41"


def manage(place: Path, *arguments: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PMO_MODE": "embedded", "PMO_DATA_DIR": str(place)}
    environment |= {"DJANGO_SETTINGS_MODULE": "pmo_portal.settings", "PMO_ADMIN_PASSWORD": password}
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def emails(database: Path) -> list[str]:
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT email FROM accounts_user ORDER BY id").fetchall()
    connection.close()
    return [email for (email,) in rows]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated: Path | None) -> Path:
    """Return a data directory with a small demo."""
    made = tmp_path_factory.mktemp("cleared") / "data"
    made.mkdir()
    put_migrated(migrated, made)
    assert manage(made, "migrate", "--verbosity", "0").returncode == 0
    done = manage(made, "load_demo", "--projects", "0", "--tasks-per-project", "3")
    assert done.returncode == 0, done.stderr
    return made


def test_running_portal_is_not_cleared(place: Path) -> None:
    with hold_data_dir(place):
        done = manage(place, "clear_demo", "--admin-email", "me@own.example")

    assert done.returncode == 1
    assert "Stop it first" in done.stderr
    assert len(emails(place / "portal.sqlite3")) == 35


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("me@own.example", "short", "too short"),
        ("nobody", PASSWORD, "valid email"),
        ("me@northwind.example", PASSWORD, "address of your own"),
    ],
)
def test_clearing_checks_the_administrator_first(place: Path, email: str, password: str, reason: str) -> None:
    done = manage(place, "clear_demo", "--admin-email", email, password=password)

    assert done.returncode == 1
    assert reason in done.stderr
    assert len(emails(place / "portal.sqlite3")) == 35


def test_cleared_demo_is_set_aside_and_the_portal_is_empty(place: Path) -> None:
    """The trail of the demo stays; the new portal has one administrator and no demo."""
    done = manage(place, "clear_demo", "--admin-email", "me@own.example")

    (aside,) = place.glob("demo-set-aside-*")
    assert done.returncode == 0, done.stderr
    assert len(emails(aside / "portal.sqlite3")) == 35
    assert (aside / "demo_password").exists()
    assert emails(place / "portal.sqlite3") == ["me@own.example"]

    again = manage(place, "clear_demo", "--admin-email", "me@own.example")
    assert again.returncode == 1
    assert "no demo here" in again.stderr
    assert "not loaded" in manage(place, "demo_logins").stdout
