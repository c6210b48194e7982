"""
The database of a test process: a copy of one that is migrated once.

Migrating takes many seconds and gives the same database every time. The first process migrates and leaves
a copy behind, the others take the copy: on SQLite a file in pytest's cache folder, on PostgreSQL a
database of the same cluster. Its name is a fingerprint of everything a migrated database depends on.
Portals that tests start beside themselves begin with a copy of the SQLite file, too.
"""

import ast
import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
from django.apps import AppConfig, apps
from django.conf import settings
from django.db.backends.base.creation import BaseDatabaseCreation

ROOT = Path(__file__).resolve().parent.parent
OWN_PACKAGES = ("pmo_portal", "projects", "portfolio")
TEMPLATE_PREFIX = "pmo_tests_"
# Names the file to start from for programs which tests start and which make a data directory themselves.
MIGRATED = "PMO_MIGRATED"
# Any number that nothing else locks.
TEMPLATE_LOCK = 7_406_025
Create = Callable[..., str]


def copying(create: Create, folder: Path) -> Create:
    """Return Django's `create_test_db` that takes a copy, or makes it from what it created."""

    def create_or_copy(
        creation: BaseDatabaseCreation,
        verbosity: int = 1,
        autoclobber: bool = False,
        serialize: bool = False,
        keepdb: bool = False,
    ) -> str:
        def migrate() -> str:
            return create(creation, verbosity, autoclobber, serialize, keepdb)

        if serialize or keepdb:
            return migrate()
        if creation.connection.vendor == "postgresql":
            return _copy_on_postgresql(creation, migrate)
        return _copy_on_sqlite(creation, migrate, folder)

    return create_or_copy


# -- SQLite ----------------------------------------------------------------------------------------


def _copy_on_sqlite(creation: BaseDatabaseCreation, migrate: Callable[[], str], folder: Path) -> str:
    """Fill the database of this process from the file, or the file from the database."""
    connection = creation.connection
    template = folder / f"{fingerprint()}.sqlite3"
    with _locked(folder / "lock"):
        if template.exists():
            name = _point_to_test_database(creation)
            with closing(sqlite3.connect(f"file:{template}?mode=ro", uri=True)) as source:
                source.backup(connection.connection)
            return name
        name = migrate()
        draft = _new_draft(template)
        with closing(sqlite3.connect(draft)) as target:
            connection.connection.backup(target)
        draft.rename(template)
        return name


def migrated_file(folder: Path, own: Path) -> Path:
    """Return a copy of the migrated SQLite file; the first who asks has it made, as an installation does."""
    template = folder / f"{fingerprint()}.sqlite3"
    with _locked(folder / "lock"):
        if not template.exists():
            draft = _new_draft(template)
            environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
            environment |= {"PMO_MODE": "test", "DJANGO_SETTINGS_MODULE": "pmo_portal.settings"}
            environment |= {"DATABASE_URL": f"sqlite:///{draft}"}
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
            with closing(sqlite3.connect(draft)) as made:
                made.execute("PRAGMA journal_mode=DELETE")
            draft.rename(template)
        # A run of other code may remove the template at any time.
        shutil.copyfile(template, own)
    return own


def put_migrated(file: str | Path | None, data_dir: Path) -> None:
    """Let the portal of a data directory begin with a migrated database; without a file it migrates."""
    place = data_dir / "portal.sqlite3"
    if file and not place.exists():
        shutil.copyfile(file, place)


def _new_draft(template: Path) -> Path:
    """Remove what former fingerprints left; return the path to write the new file at."""
    for former in (*template.parent.glob("*.sqlite3*"), *template.parent.glob("*.draft*")):
        former.unlink()
    return template.with_suffix(".draft")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time in; a process that dies lets go."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# -- PostgreSQL ------------------------------------------------------------------------------------


def _copy_on_postgresql(creation: Any, migrate: Callable[[], str]) -> str:
    """Create the database of this process from the template, or the template from the database."""
    connection = creation.connection
    template = TEMPLATE_PREFIX + fingerprint()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SET statement_timeout = 0")
        # Given back when the connection is closed, also that of a process that died.
        cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATE_PREFIX])
        known = {name for (name,) in cursor.fetchall()}
        if template in known:
            connection.settings_dict["TEST"]["TEMPLATE"] = template
            return _point_to_test_database(creation)
        name = migrate()
        connection.close()
        quote = connection.ops.quote_name
        for former in known:
            cursor.execute(f"DROP DATABASE {quote(former)}")
        cursor.execute(f"CREATE DATABASE {quote(template)} TEMPLATE {quote(name)}")
        connection.ensure_connection()
        return name


def _point_to_test_database(creation: Any) -> str:
    """Create the test database as Django does, without migrating it, and connect to it."""
    connection = creation.connection
    name: str = creation._get_test_db_name()
    creation._create_test_db(verbosity=0, autoclobber=True)
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    return name


# -- what a migrated database depends on -----------------------------------------------------------


def fingerprint() -> str:
    """Return a name that changes whenever migrating could give another database."""
    digest = sha256()
    for fact in _facts():
        digest.update(repr(fact).encode())
    for path in sorted(_files()):
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _facts() -> Iterator[object]:
    """Yield versions and settings, and what content types and permissions are made from."""
    yield django.get_version(), sqlite3.sqlite_version
    yield (
        settings.INSTALLED_APPS,
        settings.MIGRATION_MODULES,
        settings.AUTH_USER_MODEL,
        settings.LANGUAGE_CODE,
    )
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        yield meta.label, meta.db_table, meta.managed, meta.proxy, meta.verbose_name_raw
        yield meta.default_permissions, [(code, str(title)) for code, title in meta.permissions]


def _files() -> set[Path]:
    """Return the migrations of all applications, and the modules of this repository they import."""
    found = {Path(__file__), ROOT / "pmo_portal" / "settings.py", ROOT / "tests" / "settings.py"}
    waiting = [path for app in apps.get_app_configs() for path in _schema_files(app)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(_own_imports(path))
    return found


def _schema_files(app: AppConfig) -> Iterable[Path]:
    """Return the modules that describe the tables of an application."""
    migrations = Path(app.path) / "migrations"
    if migrations.is_dir():
        return migrations.rglob("*.py")
    spec = find_spec(app.models_module.__name__) if app.models_module else None
    return [Path(spec.origin)] if spec and spec.origin else []


def _own_imports(path: Path) -> Iterator[Path]:
    """Yield the modules of this repository that a module imports, anywhere in its text."""
    if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in OWN_PACKAGES:
        return
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            stem = ROOT.joinpath(*name.split("."))
            yield from filter(Path.is_file, (stem.with_suffix(".py"), stem / "__init__.py"))
