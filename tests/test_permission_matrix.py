"""
Every address, every method, every role (SEC-9, SEC-10, SEC-16).

``permission_matrix.csv`` says what an empty request to each address is answered with, for an object
in the scope of the role. Methods without a line must not succeed for anybody. For objects of a
foreign scope the answer is the one for an object that does not exist.
"""

import csv
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from django.core.cache import cache as counters
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from pmo_portal.accounts.permissions import COLUMNS as ROLE_COLUMNS
from pmo_portal.accounts.permissions import matrix
from tests.described import undescribed
from tests.matrix_clients import Insider, QuickClient
from tests.matrix_world import COLUMNS, SCOPED, Part, World, parts_of

FILE = Path(__file__).with_name("permission_matrix.csv")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED = {301, 302, 400, 401, 403, 404, 405, 415}
# Whatever differs between two answers to the same question: tokens, nonces, ids of requests.
NOISE = re.compile(
    r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"|"X-CSRFToken": "[^"]*"'
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z]+-[0-9]+|[0-9]{2}T[0-9]{2}|\b[0-9]{1,9}\b|[0-9a-f]{15}"
)


@cache
def lines() -> dict[tuple[str, str], dict[str, str]]:
    with FILE.open(newline="") as rows:
        return {(row["name"], row["method"]): row for row in csv.DictReader(rows)}


def addresses(patterns=None, prefix: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the name of every address with the names of its variable parts."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from addresses(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or entry.pattern}", tuple(entry.pattern.regex.groupindex)


@cache
def names() -> tuple[str, ...]:
    return tuple(sorted({name for name, _parts in addresses()}))


@cache
def _variable_parts(name: str) -> tuple[str, ...]:
    """Return the variable parts of an address, those of the prefixes it hangs below included."""
    found = get_resolver()
    *spaces, last = name.split(":")
    for space in spaces:
        found = found.namespace_dict[space][1]
    possibilities = found.reverse_dict.getlist(last)
    return tuple(possibilities[0][0][0][1]) if possibilities else ()


def _client(world: World, column: str) -> QuickClient:
    """Return the browser of a role, signed in once."""
    if column not in world.clients:
        world.clients[column] = QuickClient()
        if column in world.cookies:
            world.clients[column].cookies = deepcopy(world.cookies[column])
        elif column != "ANONYMOUS":
            world.clients[column].force_login(world.users[column])
    return world.clients[column]


def _request(world: World, column: str, method: str, address: str):
    """Send an empty request as the role; whatever it changes is taken back."""
    return _answer(_client(world, column), method, address)


def _answer(client: QuickClient, method: str, address: str):
    counters.clear()
    with transaction.atomic():
        response = client.generic(method, address, b"", content_type=_content_type(address, method))
        if hasattr(response, "streaming_content") and response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response


def _content_type(address: str, method: str) -> str:
    return "application/json" if address.startswith("/api/") else "application/x-www-form-urlencoded"


def _address(name: str, parts: dict[str, Part], which: str) -> str:
    wanted = _variable_parts(name)
    unknown = [part for part in wanted if part not in parts]
    if unknown:
        pytest.fail(f"say in tests/matrix_world.py (parts_of) what {unknown} of {name} stands for")
    return reverse(name, kwargs={part: getattr(parts[part], which) for part in wanted})


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    """SEC-9: a new address without a line fails the build."""
    known = {name for name, _method in lines()}

    without_line = [f"add a line for {name}" for name in names() if name not in known]
    without_address = [f"no such address: {name}" for name in known if name not in names()]

    assert without_line + without_address == []


def test_lines_are_complete() -> None:
    for (name, method), row in lines().items():
        assert method in METHODS, f"{name}: unknown method {method}"
        for column in COLUMNS:
            assert re.fullmatch(r"[1-5][0-9]{2}", row[column] or ""), (
                f"{name} {method}: no status for {column}"
            )


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted({name for name, _method in lines()}))
def test_address_answers_each_role_as_the_matrix_says(name: str, world: World) -> None:
    """
    SEC-9, SEC-16: the methods of the matrix as it says; SEC-18: the API as its schema says.

    By the whole portal for a role of each answer; by its view for the others. On PostgreSQL those are not
    asked: queries depend on the database, rights do not.
    """
    if name not in names():
        pytest.fail(f"no such address: {name}")
    address = _address(name, parts_of(name, world), "own")
    insiders = {column: Insider(world.users.get(column)) for column in COLUMNS}
    wrong = []

    for method in [method for method in METHODS if (name, method) in lines()]:
        row = lines()[name, method]
        described: set[int] = set()
        voices = {row[column]: column for column in COLUMNS}.values()
        answers = [(column, _request(world, column, method, address)) for column in voices]
        if connection.vendor == "sqlite":
            others = [column for column in COLUMNS if column not in voices]
            answers += [(column, _answer(insiders[column], method, address)) for column in others]
        for column, response in answers:
            status = response.status_code
            if status != int(row[column]):
                wrong.append(f"{method} as {column}: {status} instead of {row[column]}")
            if status not in described and (fault := undescribed(name, method, response)):
                wrong.append(f"{method} as {column}: {fault}")
            described.add(status)

    assert wrong == []


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("name", names())
def test_method_without_a_line_succeeds_for_nobody(name: str, world: World) -> None:
    """
    SEC-9, SEC-16: what an address is not made for is refused, whoever asks.

    By its view, for every role; by the whole portal for who may do most and for who may do nothing.
    """
    address = _address(name, parts_of(name, world), "own")
    insiders = {column: Insider(world.users.get(column)) for column in COLUMNS}
    wrong = []

    for method in [method for method in METHODS if (name, method) not in lines()]:
        answers = [(column, _answer(insiders[column], method, address)) for column in COLUMNS]
        answers += [(column, _request(world, column, method, address)) for column in ("DIR", "ANONYMOUS")]
        for column, response in answers:
            status = response.status_code
            if status not in REFUSED:
                wrong.append(f"{method} as {column}: {status}, but the matrix has no line for {method}")

    assert wrong == []


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted({name for name, _method in lines()}))
def test_foreign_object_looks_like_none(name: str, world: World) -> None:
    """SEC-9, SEC-10: status, body and headers are those of an object that does not exist."""
    if name not in names():
        pytest.fail(f"no such address: {name}")
    parts = parts_of(name, world)
    wanted = [parts[part] for part in _variable_parts(name) if part in parts]
    if not wanted or all(part.foreign is None for part in wanted):
        assert (name, "GET") in lines() or (name, "POST") in lines()
        return
    foreign, missing = _address(name, parts, "foreign"), _address(name, parts, "missing")
    wrong = []

    for method in [method for method in METHODS if (name, method) in lines()]:
        for column in SCOPED:
            seen = _shape(_request(world, column, method, foreign))
            none = _shape(_request(world, column, method, missing))
            if seen != none or seen[0] not in {403, 404}:
                wrong.append(f"{method} as {column}: foreign {seen[0]}, missing {none[0]}")

    assert wrong == []


def _shape(response) -> tuple[int, list[str], str]:
    body = b"" if getattr(response, "streaming", False) else response.content
    headers = sorted(header for header in response.headers if header not in {"Set-Cookie", "X-Request-ID"})
    return response.status_code, headers, NOISE.sub("", body.decode(errors="replace"))


def test_rights_are_data_with_a_cell_for_each_role() -> None:
    """ASVS 8.1: the file the code reads is complete, and says what each right means."""
    columns = {column for codes in ROLE_COLUMNS.values() for column in codes}

    for code, row in matrix().items():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", code)
        assert row["meaning"]
        assert {row[column] for column in columns} <= {"y", "o", "-"}


def test_system_administrator_has_no_project_data() -> None:
    """Principle (c): the technical role sees no project, portfolio, money or risk."""
    technical = {"role", "user", "token", "audit", "jobs", "emergency"}

    held = {code for code, row in matrix().items() if row["ADM"] != "-"}

    assert {code.split(".")[0] for code in held} <= technical
