"""What people see when parts are away: health, 503, no inner details (SEC-38, SEC-55, SEC-60)."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from django.http import HttpRequest
from django.test import Client
from django.urls import path

from pmo_portal.common.errors import DomainError
from pmo_portal.common.models import WorkerPulse
from tests import databases, factories, needs

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CANARY = "SELECT secret FROM /srv/portal/settings.py"
FAULTS = {
    "value": ValueError,
    "key": KeyError,
    "type": TypeError,
    "attribute": AttributeError,
    "zero": ZeroDivisionError,
    "os": OSError,
    "runtime": RuntimeError,
    "unicode": UnicodeError,
    "recursion": RecursionError,
    "index": IndexError,
}


def _fail(request: HttpRequest, kind: str) -> None:
    if kind == "domain":
        raise DomainError("Choose a date.")
    raise {**FAULTS, "operational": OperationalError, "interface": InterfaceError}[kind](CANARY)


class Urls:
    """The portal's addresses and one that fails."""

    from pmo_portal.urls import handler400, handler403, handler404, handler500
    from pmo_portal.urls import urlpatterns as portal

    urlpatterns = [*portal, path("fail/<str:kind>/", _fail), path("api/v1/fail/<str:kind>/", _fail)]


@pytest.fixture
def failing(settings: Any) -> Client:
    settings.ROOT_URLCONF = Urls
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["/fail/", "/api/v1/fail/"])
@pytest.mark.parametrize("kind", FAULTS)
def test_fault_reveals_nothing(failing: Client, kind: str, prefix: str) -> None:
    """SEC-60: 20 kinds of errors, 0 canaries; SEC-27: safe headers on errors too."""
    response = failing.get(f"{prefix}{kind}/")

    text = response.content.decode()
    assert response.status_code == 500
    assert CANARY not in text
    assert "Traceback" not in text
    assert ".py" not in text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("prefix", ["/fail/", "/api/v1/fail/"])
@pytest.mark.parametrize("kind", ["operational", "interface"])
@pytest.mark.django_db
def test_missing_database_is_a_clean_503(failing: Client, kind: str, prefix: str) -> None:
    """SEC-55: 503 with Retry-After and no trace."""
    response = failing.get(f"{prefix}{kind}/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert CANARY not in response.content.decode()


@pytest.mark.django_db
def test_database_that_goes_away_under_a_signed_in_person_is_a_clean_503(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-55: the session cannot be read either."""
    client.force_login(factories.user("Alice"))
    client.raise_request_exception = False

    with connection.execute_wrapper(_database_down):
        response = client.get("/jobs/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert CANARY not in response.content.decode()


def _database_down(*_arguments: Any) -> None:
    raise OperationalError(CANARY)


@pytest.mark.django_db
def test_health_without_a_worker_says_so(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()["worker"], response.json()["database"]) == (
        503,
        False,
        True,
    )


@pytest.mark.django_db
def test_health_with_a_worker_is_good(client: Client) -> None:
    WorkerPulse.objects.create(name="w", seen_at=Now())

    response = client.get("/healthz")

    assert (response.status_code, response.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_turn_of_the_schedule_is_no_worker(client: Client) -> None:
    WorkerPulse.objects.create(name="schedule:tick", seen_at=Now())

    assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_health_without_database_says_so(client: Client) -> None:
    with connection.execute_wrapper(_database_down):
        response = client.get("/healthz")

    assert (response.status_code, response.json()["database"]) == (503, False)


def _answer_as_full(server: socket.socket) -> None:
    """Take every connection, agree to everything but writing, until the server is closed."""
    with suppress(OSError):
        while True:
            client, _address = server.accept()
            Thread(target=_refuse_writes, args=(client,), daemon=True).start()


def _refuse_writes(client: socket.socket) -> None:
    with suppress(OSError), client:
        while said := client.recv(65_536):
            is_write = any(word in said.upper() for word in (b"LPUSH", b"SADD", b"SET\r\n"))
            answer = (
                b"-OOM command not allowed when used memory > 'maxmemory'.\r\n" if is_write else b"+OK\r\n"
            )
            client.sendall(answer * len(re.findall(rb"\*\d+\r\n", said)))


@pytest.fixture(params=["refused", "hung", "full"])
def dead_redis(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the address of a Redis that refuses, never answers, or has no memory left."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param != "refused":
            server.listen(16)
        if request.param == "full":
            Thread(target=_answer_as_full, args=(server,), daemon=True).start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


ENQUEUE = """
import time, json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from pmo_portal.common.models import Job
from pmo_portal.common.queue import enqueue
started = time.monotonic()
enqueue("documents.delete_expired")
print(json.dumps({"seconds": time.monotonic() - started, "waiting": Job.objects.count()}))
"""


def test_order_does_not_wait_for_a_dead_redis(dead_redis: str, tmp_path: Path, migrated: Path | None) -> None:
    """SEC-38: at most 2.5 s more, no error, and the job waits for the recovery."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"PMO_MODE": "embedded", "REDIS_URL": dead_redis, "LOG_LEVEL": "ERROR"}
    environment |= {"DJANGO_SETTINGS_MODULE": "pmo_portal.settings"}

    def seconds_of_an_order() -> float:
        environment["PMO_DATA_DIR"] = tempfile.mkdtemp(dir=tmp_path)
        databases.put_migrated(migrated, Path(environment["PMO_DATA_DIR"]))
        command = [sys.executable, "-c", ENQUEUE]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=240
        )
        assert done.returncode == 0, done.stderr
        figures = json.loads(done.stdout.strip().splitlines()[-1])
        assert figures["waiting"] == 1
        return figures["seconds"]

    assert needs.quickest(seconds_of_an_order, within=2.5) < 2.5
