"""The database of a test process is a copy, and never a stale one."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.utils import ConnectionHandler

from tests import databases

MEMORY = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


class Migration:
    """Creates a test database with one table of one row, as migrating would, and counts how often."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, creation: Any, *arguments: object) -> str:
        self.runs += 1
        name = databases._point_to_test_database(creation)
        with creation.connection.cursor() as cursor:
            cursor.execute("CREATE TABLE told (word varchar(20))")
            cursor.execute("INSERT INTO told VALUES ('migrated')")
        return name


@pytest.fixture
def own_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the migrations of an application that this test may change."""
    config = apps.get_app_config("common")
    shutil.copytree(Path(config.path) / "migrations", tmp_path / "common" / "migrations")
    monkeypatch.setattr(config, "path", str(tmp_path / "common"))
    return tmp_path / "common" / "migrations"


@pytest.fixture
def two_processes(
    monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> Iterator[Callable[[dict[str, Any]], list[Any]]]:
    """Yield a function that gives two connections as two test processes have them, by their settings."""
    opened: list[Any] = []

    def connect(database: dict[str, Any]) -> list[Any]:
        aliases = ("first", "second")
        named = {alias: {**database, "TEST": {"NAME": database["TEST"][alias]}} for alias in aliases}
        handler = ConnectionHandler({"default": {}, **named})
        for alias in aliases:
            monkeypatch.setitem(settings.DATABASES, alias, dict(named[alias]))
            opened.append(handler[alias])
        return opened

    with django_db_blocker.unblock():
        yield connect
        for connection in opened:
            connection.creation.destroy_test_db("", verbosity=0)


def words(connection: Any) -> list[str]:
    """Return what the table of a test database holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM told ORDER BY word")
        return [word for (word,) in cursor.fetchall()]


def assert_second_is_a_copy(first: Any, second: Any, folder: Path) -> None:
    """Assert that the second process does not migrate, and that the two share nothing afterwards."""
    migration = Migration()
    create = databases.copying(migration, folder)

    create(first.creation, 0, True)
    create(second.creation, 0, True)
    with first.cursor() as cursor:
        cursor.execute("INSERT INTO told VALUES ('first only')")

    assert (migration.runs, words(first), words(second)) == (1, ["first only", "migrated"], ["migrated"])


def test_second_process_takes_a_copy_on_sqlite(
    own_migrations: Path, two_processes: Callable[[dict[str, Any]], list[Any]], tmp_path: Path
) -> None:
    names = {alias: f"file:{alias}-{tmp_path.name}?mode=memory&cache=shared" for alias in ("first", "second")}
    first, second = two_processes({**MEMORY, "TEST": names})

    assert_second_is_a_copy(first, second, tmp_path)


@pytest.mark.servers
def test_second_process_takes_a_copy_on_postgresql(
    own_migrations: Path, two_processes: Callable[[dict[str, Any]], list[Any]], tmp_path: Path
) -> None:
    names = {alias: f"{alias}_{databases.fingerprint()[:20]}" for alias in ("first", "second")}
    database = {**connections.settings["default"], "NAME": "pmo", "TEST": names}
    first, second = two_processes(database)

    assert_second_is_a_copy(first, second, tmp_path)


def test_process_migrates_when_nothing_fits(
    own_migrations: Path, two_processes: Callable[[dict[str, Any]], list[Any]], tmp_path: Path
) -> None:
    names = {alias: f"file:{alias}-{tmp_path.name}?mode=memory&cache=shared" for alias in ("first", "second")}
    first, second = two_processes({**MEMORY, "TEST": names})
    migration = Migration()
    create = databases.copying(migration, tmp_path)

    create(first.creation, 0, True)
    (own_migrations / "0003_one_more.py").write_text("'''A migration that came after the copy.'''")
    create(second.creation, 0, True)

    assert migration.runs == 2
    # The former copy is gone: one file for each checkout.
    assert [path.stem for path in tmp_path.glob("*.sqlite3")] == [databases.fingerprint()]


def test_changed_migration_changes_the_fingerprint(own_migrations: Path) -> None:
    before = databases.fingerprint()
    again = databases.fingerprint()
    migration = own_migrations / "0001_initial.py"
    migration.write_text(migration.read_text() + "\n# One line more.\n")

    assert before == again != databases.fingerprint()


def test_what_migrations_import_belongs_to_the_fingerprint() -> None:
    files = {
        path.relative_to(databases.ROOT).as_posix()
        for path in databases._files()
        if path.is_relative_to(databases.ROOT)
    }

    assert {"pmo_portal/audit/triggers.py", "projects/models/calendar.py"} <= files
    assert "pmo_portal/settings.py" in files


def test_permission_of_a_model_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = databases.fingerprint()
    monkeypatch.setattr(apps.get_model("common.Job")._meta, "permissions", [("retry", "Can retry")])

    assert databases.fingerprint() != before
