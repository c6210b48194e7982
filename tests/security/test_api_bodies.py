"""Whatever a body says, the API answers; it never breaks (SEC-18)."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.matrix_world import World, parts_of
from tests.security.parameters import EVERY, noting
from tests.test_permission_matrix import _address, _client, _variable_parts, lines, names

pytestmark = pytest.mark.django_db
WRITES = sorted(key for key in lines() if key[0].startswith("api-") and key[1] != "GET")
READS = sorted(name for name in names() if name.startswith("api-") and (name, "GET") in lines())
WORDS = (
    "name", "code", "title", "amount", "currency", "date", "as_of", "state", "kind", "planned_start",
    "duration", "parent", "owner", "predecessor", "successor", "type", "lag", "percent_complete",
    "actual_start", "version", "role", "node", "user", "email", "portfolio", "project", "reason",
    "data_date", "calendar", "week_pattern", "exceptions", "language", "theme", "scope", "expires_at",
    "to", "mapping", "same_projects", "effective_from",
)  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "",
            "x" * 400,
            "\x00",
            "2026-02-30",
            "2026-03-02",
            "9999-12-31",
            "1e999",
            "NaN",
            "-0.005",
            "EUR",
            "🜁",
            "OWN-1",
        ]
    ),
    st.text(max_size=20),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=3)
    ),
    max_leaves=6,
)
BODIES = st.one_of(VALUES, st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=8))
BROKEN = (
    b"",
    b"{",
    b"[1,",
    b"\xff\xfe",
    b"null",
    b"[]",
    b'"x"',
    b"{}" * 2,
    b'{"name": NaN}',
    b'{"a":1,"a":2}',
)
QUERIES = (
    "?page=-1", "?page=99999999999999999999", "?page=x", "?page_size=0", "?page_size=1e9",
    "?ordering=__class__", "?q=%00", "?search=%F0%9F%9C%81", "?project=%27%22%3C", "?portfolio=NONE",
    "?color=PINK", "?as_of=2026-02-30", "?as_of=99999-01-01", "?date_a=x&date_b=y", "?state=X",
    "?id=99999999999999999999", "?limit=x&offset=-5",
)  # fmt: skip


def _own(world: World, name: str) -> str:
    """Return the address of an object that exists."""
    return _address(name, parts_of(name, world) if _variable_parts(name) else {}, "own")


def _send(world: World, address: str, method: str, body: bytes, *, column: str = "DIR") -> int:
    """Send a body to an address of the API and take back what it did."""
    cache.clear()
    client = _client(world, column)
    with transaction.atomic():
        headers = {"If-Match": '"1"'}
        response = client.generic(method, address, body, content_type="application/json", headers=headers)
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.once
@pytest.mark.parametrize(("name", "method"), WRITES)
def test_broken_body_is_refused(name: str, method: str, world: World) -> None:
    """SEC-18, SEC-38: not JSON, not an object, twice the same key: below 500."""
    address = _own(world, name)

    statuses = {body: _send(world, address, method, body) for body in BROKEN}

    assert {body: status for body, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize(("name", "method"), WRITES)
def test_any_json_is_answered(name: str, method: str, world: World) -> None:
    """SEC-18: JSON of known fields with unfit values of every kind: below 500."""
    address = _own(world, name)
    # PostgreSQL refuses more than SQLite does: numbers too large, text with a zero byte.
    examples = 3 if connection.vendor == "sqlite" else 5
    counts = settings(max_examples=examples, suppress_health_check=list(HealthCheck), database=None)

    @counts
    @given(body=BODIES)
    def answered(body: Any) -> None:
        assert _send(world, address, method, json.dumps(body).encode()) < 500

    answered()
    assert (name, method) in lines()


@pytest.mark.parametrize("name", READS)
def test_any_query_is_answered(name: str, world: World) -> None:
    """SEC-18: pages, sizes, orders and filters nobody offers, where an answer looks at them: below 500."""
    address = _own(world, name)

    client = _client(world, "DIR")
    with noting() as looked_at:
        statuses = {"": client.get(address).status_code}
    for query in QUERIES:
        if EVERY in looked_at or looked_at & QueryDict(query[1:]).keys():
            statuses[query] = client.get(f"{address}{query}").status_code

    assert {query: status for query, status in statuses.items() if status >= 500} == {}
