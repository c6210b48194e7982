"""The limit of wrong passwords holds under parallel guessing (SEC-1)."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from pmo_portal.accounts.models import LoginFailure
from pmo_portal.accounts.services.sign_in import (
    TooManyGuesses,
    count_guess,
    forget_old_guesses,
    forgive_guess,
    guess_keys,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def _guesses_left(email: str, address: str, *, now: datetime, tries: int) -> int:
    """Return how many of ``tries`` guesses are let through."""
    passed = 0
    for _try in range(tries):
        try:
            count_guess(email=email, address=address, now=now)
        except TooManyGuesses:
            continue
        passed += 1
    return passed


@pytest.mark.django_db
def test_account_has_five_guesses_a_window_and_then_waits() -> None:
    """SEC-1: no permanent lock-out."""
    first = _guesses_left("a@example.org", "192.0.2.1", now=NOW, tries=9)
    with pytest.raises(TooManyGuesses, match="Wait 10 minutes"):
        count_guess(email="A@example.org ", address="192.0.2.1", now=NOW + timedelta(minutes=5))
    later = _guesses_left("a@example.org", "192.0.2.1", now=NOW + timedelta(minutes=15), tries=9)

    assert (first, later) == (5, 5)


@pytest.mark.django_db
def test_victim_is_not_locked_out_from_elsewhere() -> None:
    """SEC-1."""
    _guesses_left("a@example.org", "192.0.2.1", now=NOW, tries=9)

    assert _guesses_left("a@example.org", "198.51.100.7", now=NOW, tries=1) == 1


@pytest.mark.django_db
def test_address_has_fifty_guesses_over_all_accounts() -> None:
    """SEC-1: one address cannot try a password on everybody."""
    passed = sum(
        _guesses_left(f"p{number}@example.org", "192.0.2.1", now=NOW, tries=1) for number in range(60)
    )

    assert passed == 50


@pytest.mark.django_db
def test_ipv6_client_counts_by_its_network() -> None:
    _guesses_left("a@example.org", "2001:db8::1", now=NOW, tries=5)

    assert _guesses_left("a@example.org", "2001:db8::2", now=NOW, tries=3) == 0


@pytest.mark.django_db
def test_right_password_starts_anew() -> None:
    _guesses_left("a@example.org", "192.0.2.1", now=NOW, tries=5)

    forgive_guess(email="a@example.org", address="192.0.2.1")

    assert _guesses_left("a@example.org", "192.0.2.1", now=NOW, tries=9) == 5


@pytest.mark.django_db
def test_counters_hold_no_personal_data_and_are_forgotten() -> None:
    count_guess(email="a@example.org", address="192.0.2.1", now=NOW)

    keys = set(LoginFailure.objects.values_list("key", flat=True))
    expected = guess_keys(email="a@example.org", address="192.0.2.1")

    assert keys == {expected.account, expected.address}
    assert not any("example" in key or "192" in key[:3] for key in keys)
    assert forget_old_guesses(now=NOW + timedelta(days=3)) == 2


@pytest.fixture
def shared_database(transactional_db, tmp_path: Path) -> Iterator[None]:
    """
    Let threads meet in one database: on SQLite a copy of the test's in a file, as in an installation.

    The name is put back before the clean-up of the database, which would close the one in memory else.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    copy = sqlite3.connect(tmp_path / "shared.sqlite3")
    connection.connection.backup(copy)
    copy.close()
    name = connections.databases["default"]["NAME"]
    connections.databases["default"]["NAME"] = str(tmp_path / "shared.sqlite3")
    yield
    connections.databases["default"]["NAME"] = name


def test_parallel_guesses_do_not_pass_the_limit(shared_database) -> None:
    """SEC-1: 16 threads with 6 guesses each; as many are evaluated as the limit says."""
    passed: list[int] = []
    counts: list[int] = []
    start = Barrier(16)

    def guess() -> None:
        start.wait()
        passed.append(_guesses_left("a@example.org", "192.0.2.1", now=NOW, tries=6))
        counts.extend(LoginFailure.objects.values_list("count", flat=True))
        connection.close()

    threads = [Thread(target=guess) for _number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(passed) == 5
    assert max(counts) == 5
    assert len(passed) == 16
