"""The trail: what the chain finds, what the database refuses, who writes at once (SEC-57, XC-6)."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.audit import triggers
from pmo_portal.audit.chain import GENESIS, entry_mac
from pmo_portal.audit.models import AuditEntry
from pmo_portal.audit.services.anchors import verify_trail, write_anchor
from tests import factories
from tests.databases import put_migrated
from tests.pmo_portal.audit.parallel_writers import EACH, WRITERS, write_in_parallel

TABLE = AuditEntry._meta.db_table
ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.fixture
def alice() -> User:
    return factories.user("Alice")


@pytest.fixture
def own_anchors(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def trail(db: None, own_anchors: None, alice: User) -> list[AuditEntry]:
    """Six honest entries, the head anchored, the triggers dropped as an owner of the database could."""
    for number in range(6):
        audit.record(actor=alice, action="project.changed", target=alice, after={"number": number})
    write_anchor()
    triggers.remove(connection)
    return list(AuditEntry.objects.order_by("sequence"))


def _set(entry: AuditEntry, **columns: Any) -> None:
    AuditEntry.objects.filter(pk=entry.pk).update(**columns)


def _edit(trail: list[AuditEntry]) -> None:
    _set(trail[2], after={"number": 1_000_000})


def _delete_in_the_middle(trail: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(pk=trail[2].pk).delete()


def _truncate_tail(trail: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(sequence__gt=4).delete()


def _swap(trail: list[AuditEntry]) -> None:
    first, second = trail[1], trail[3]
    _set(first, sequence=1_000)
    _set(second, sequence=first.sequence)
    _set(first, sequence=second.sequence)


def _change_time(trail: list[AuditEntry]) -> None:
    _set(trail[2], at=trail[0].at.replace(year=2020))


def _change_actor(trail: list[AuditEntry]) -> None:
    _set(trail[2], actor=None, actor_label="Charlie <charlie@example.org>")


def _insert(trail: list[AuditEntry]) -> None:
    forged = AuditEntry.objects.get(pk=trail[5].pk)
    forged.pk, forged.sequence, forged.object_label = None, 7, "Forged"
    forged.save()


def _recompute_with_a_wrong_key(trail: list[AuditEntry]) -> None:
    _edit(trail)
    mac = GENESIS
    with override_settings(AUDIT_KEY="the key somebody guessed"):
        for entry in AuditEntry.objects.order_by("sequence"):
            mac = entry_mac(entry, former_mac=mac)
            _set(entry, mac=mac)


TAMPERINGS: list[Callable[[list[AuditEntry]], None]] = [
    _edit,
    _delete_in_the_middle,
    _truncate_tail,
    _swap,
    _change_time,
    _change_actor,
    _insert,
    _recompute_with_a_wrong_key,
]


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda act: act.__name__.strip("_"))
def test_tampering_is_found(trail: list[AuditEntry], tamper: Callable[[list[AuditEntry]], None]) -> None:
    """SEC-57: 8 of 8 kinds."""
    before = verify_trail()

    tamper(trail)

    assert before == []
    assert verify_trail() != []


def test_trail_emptied_and_written_anew_is_found(trail: list[AuditEntry], alice: User) -> None:
    """SEC-57: the anchor lies outside of the database."""
    AuditEntry.objects.all().delete()
    for _number in range(6):
        audit.record(actor=alice, action="project.changed", target=alice)

    assert [fault.kind for fault in verify_trail()] == ["ANCHOR"]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [f"UPDATE {TABLE} SET reason = 'x'", f"DELETE FROM {TABLE}"])
def test_database_refuses_to_change_the_trail(alice: User, statement: str) -> None:
    """SEC-57: append-only by trigger, on both engines."""
    audit.record(actor=alice, action="project.changed", target=alice)

    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        connection.cursor().execute(statement)

    assert AuditEntry.objects.get().reason == ""


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_database_refuses_to_truncate_the_trail(alice: User) -> None:
    """SEC-57."""
    audit.record(actor=alice, action="project.changed", target=alice)

    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {TABLE}")

    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("value", [0.1, 1e22, -0.0, 1e-9, "a\x00b", "\ud800", {"deep": [1e300, None, True]}])
def test_awkward_values_read_back_as_they_were_sealed(alice: User, own_anchors: None, value: Any) -> None:
    """SEC-57: no false alarm."""
    audit.record(actor=alice, action="project.changed", target=alice, after={"value": value})

    assert verify_trail() == []


@pytest.mark.django_db
def test_secrets_are_never_written(alice: User) -> None:
    """SEC-8."""
    audit.record(actor=alice, action="user.changed", target=alice, after={"password": "hush", "name": "A"})

    assert AuditEntry.objects.get().after == {"name": "A"}


@pytest.mark.django_db
def test_change_that_is_rolled_back_leaves_no_entry(alice: User) -> None:
    with transaction.atomic():
        audit.record(actor=alice, action="project.changed", target=alice)
        transaction.set_rollback(True)

    assert AuditEntry.objects.count() == 0


@pytest.mark.servers
def test_parallel_writers_make_one_chain(transactional_db: None, own_anchors: None) -> None:
    """SEC-57: 8 writers on PostgreSQL, 0 forks."""
    faults = write_in_parallel(factories.user("Alice"))

    assert faults == []
    assert AuditEntry.objects.count() == WRITERS * EACH
    assert verify_trail() == []


def test_parallel_writers_of_the_embedded_database_make_one_chain(
    tmp_path: Path, migrated: Path | None
) -> None:
    """SEC-57: 8 writers on a SQLite file, 0 forks."""
    servers = {"DATABASE_URL", "REDIS_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in servers}
    environment |= {"PMO_MODE": "embedded", "PMO_DATA_DIR": str(tmp_path), "LOG_LEVEL": "ERROR"}
    environment |= {"DJANGO_SETTINGS_MODULE": "pmo_portal.settings"}
    command = [sys.executable, "-m", "tests.pmo_portal.audit.parallel_writers"]
    put_migrated(migrated, tmp_path)

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert json.loads(done.stdout or "{}") == {
        "faults": [],
        "entries": WRITERS * EACH,
        "tampered": [],
    }, done.stderr
