"""What all tests share: the kinds of tests, the closed network, the queue and the oracle."""

import gc
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

from tests import needs

if TYPE_CHECKING:
    from tests.matrix_world import World

# A slow machine is no fault of a property; the same commit gives the same examples where machines judge.
hypothesis_settings.register_profile("house", deadline=None, derandomize=needs.is_ci(), print_blob=True)
hypothesis_settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent
PURE_ROOMS = (
    "tests/architecture/",
    "tests/projects/engine/",
    "tests/projects/interchange/",
    "tests/portfolio/interchange/",
    "tests/portfolio/rollup/",
    "tests/pmo_portal/common/supervisor/",
    "tests/static/",
    "tests/docs/",
)
LOOPBACK = ("127.", "::1", "localhost", "::ffff:127.")


class NetworkForbiddenError(RuntimeError):
    """A test, or the code under test, wanted to leave the machine (SEC-61)."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark pure and browser tests; leave out what needs servers that are not there."""
    has_servers = bool(os.environ.get("REDIS_URL")) and "postgres" in os.environ.get("DATABASE_URL", "")
    kept, left_out = [], []
    for item in items:
        place = item.path.relative_to(ROOT).as_posix()
        if place.startswith(PURE_ROOMS):
            item.add_marker(pytest.mark.pure)
        if place.startswith("tests/e2e/"):
            item.add_marker(pytest.mark.e2e)
        needs_servers = item.get_closest_marker("servers") is not None
        if not (needs_servers or asks_for_database(item)):
            item.add_marker(pytest.mark.pure)
        (left_out if needs_servers and not has_servers else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave everything loaded so far out of the search for what can be given up."""
    gc.freeze()


def asks_for_database(item: pytest.Item) -> bool:
    """Say whether a test uses the database of the run; what it starts with one of its own does not count."""
    names = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(names & {"db", "transactional_db"})


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Refuse every connection that leaves the machine (SEC-61)."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _only_loopback(getattr(socket.socket, name)))
    yield
    patch.undo()


def _only_loopback(connect: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a method of `socket.socket` that opens a connection."""

    def guarded(self: socket.socket, address: Any) -> Any:
        is_inet = self.family in {socket.AF_INET, socket.AF_INET6}
        if is_inet and not str(address[0]).startswith(LOOPBACK):
            raise NetworkForbiddenError(f"connection to {address} refused by the test run")
        return connect(self, address)

    return guarded


@pytest.fixture(scope="session")
def oracle_dir() -> Path:
    """Return the folder of reference data that is not part of the repository."""
    folder = Path(os.environ.get("PMO_ORACLE_DIR") or ROOT.parent / "shared" / "oracle")
    if not folder.is_dir():
        pytest.skip("no reference data: set PMO_ORACLE_DIR to the oracle folder")
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> Iterator[None]:
    """Let the database of this process be a copy of one that is migrated once."""
    from django.db import connection

    from tests import databases

    patch = pytest.MonkeyPatch()
    config = request.config
    if config.pluginmanager.has_plugin("cacheprovider") and not config.getoption("nomigrations"):
        creation = type(connection.creation)
        folder = config.cache.mkdir("migrated")
        patch.setattr(creation, "create_test_db", databases.copying(creation.create_test_db, folder))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Return the file a portal that a test starts begins with, where its way there is not the question."""
    from tests import databases

    config = request.config
    if not config.pluginmanager.has_plugin("cacheprovider") or config.getoption("nomigrations"):
        return None
    own = tmp_path_factory.mktemp("migrated") / "portal.sqlite3"
    return databases.migrated_file(config.cache.mkdir("migrated"), own)


@pytest.fixture(scope="session")
def migrated_environment(migrated: Path | None) -> dict[str, str]:
    """Return the environment for programs that make a data directory of their own."""
    from tests import databases

    return {**os.environ, databases.MIGRATED: str(migrated or "")}


@pytest.fixture
def drain() -> Callable[[], int]:
    """Return the function that runs all due jobs, as a worker would, and counts them."""
    from pmo_portal.common import jobs

    return jobs.drain


@pytest.fixture(scope="module")
def module_data(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """
    Yield `with module_data():` for fixtures of module scope: what is made inside stays for the module.

    Each test takes back what it changes, and the module the rest. Not for modules whose tests commit
    (`django_db(transaction=True)`). Give tests a `deepcopy` of the objects.
    """
    from django.db import transaction

    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="module")
def module_world(module_data: Callable[[], AbstractContextManager[None]]) -> "World":
    """Return the seeded world of the permission matrix, made once for the module, everybody signed in."""
    from tests.matrix_world import seeded, sign_in_everybody

    with module_data():
        made = seeded()
        sign_in_everybody(made)
    return made


@pytest.fixture
def world(module_world: "World", db: None) -> "World":
    """Return the seeded world of the permission matrix, as if made for this test."""
    return deepcopy(module_world)


@pytest.fixture(autouse=True)
def own_media(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Keep files that a test stores in the test's own folder."""
    if not request.node.get_closest_marker("pure"):
        request.getfixturevalue("settings").MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def empty_cache(request: pytest.FixtureRequest) -> None:
    """Start each test with an empty cache: throttles and limits of another test do not count."""
    if not request.node.get_closest_marker("pure"):
        from django.core.cache import cache

        cache.clear()


@pytest.fixture(autouse=True)
def read_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a schedule file once: tests with a database ask what becomes of it, not how it is read."""
    if not request.node.get_closest_marker("pure"):
        from projects.interchange import reading
        from tests.readings import remembering

        monkeypatch.setattr(reading, "_run", remembering(reading._run))


@pytest.fixture(scope="session", autouse=True)
def emptied_trail() -> Iterator[None]:
    """Let the clean-up after a test with real transactions empty every table, the audit trail included."""
    from django.db import connection
    from django.test import TransactionTestCase

    from pmo_portal.audit import triggers

    patch = pytest.MonkeyPatch()
    empty_tables = TransactionTestCase._fixture_teardown
    sql_flush = type(connection.ops).sql_flush

    def empty_all_tables(case: TransactionTestCase) -> None:
        triggers.remove(connection)
        empty_tables(case)
        triggers.install(connection)

    def flush_with_references(*arguments: Any, **options: Any) -> Any:
        return sql_flush(*arguments, **{**options, "allow_cascade": True})

    # TestCase has a clean-up of its own, a rollback; it does not come here.
    patch.setattr(TransactionTestCase, "_fixture_teardown", empty_all_tables)
    patch.setattr(type(connection.ops), "sql_flush", flush_with_references)
    yield
    patch.undo()
