"""Safe headers on every answer: pages, API, downloads, refusals, faults (SEC-27); no page speaks Python."""

import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.matrix_world import World, parts_of
from tests.test_permission_matrix import METHODS, _address, _client, _variable_parts, names

pytestmark = pytest.mark.django_db
COLUMNS = {"DIR": ("GET",), "OUTSIDER": METHODS, "ANONYMOUS": METHODS}
# What an object looks like where somebody forgot to say which of its values a page shows.
PYTHON = re.compile(
    r"\b[A-Z]\w+\(\w+=|\bDecimal\(|\bdatetime\.date|object at 0x|<(?:dd|td|p|span)[^>]*>\s*None\s*<|__proxy__"
)
PAGE_POLICY = {"default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"}


def _wrong(response: HttpResponse) -> list[str]:
    """Return what is missing from the headers of an answer."""
    headers = response.headers
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    wrong = [name for name, value in wanted.items() if headers.get(name) != value]
    if not re.fullmatch(r"same-origin|strict-origin.*|no-referrer.*", headers.get("Referrer-Policy", "")):
        wrong.append("Referrer-Policy")
    policy = {part.strip() for part in headers.get("Content-Security-Policy", "").split(";")}
    wrong += sorted(PAGE_POLICY - policy)
    scripts = " ".join(part for part in policy if part.startswith("script-src"))
    if "unsafe" in scripts or "*" in scripts:
        wrong.append(scripts)
    return wrong


@pytest.mark.once
def test_every_answer_has_safe_headers(world: World) -> None:
    """SEC-27: each address and method, as the PMO head and as nobody; 2xx, 3xx, 4xx. No Python."""
    clients = {column: _client(world, column) for column in COLUMNS}
    wrong, raw, statuses = [], [], set()

    for name in names():
        with transaction.atomic():
            parts = parts_of(name, world) if _variable_parts(name) else {}
            address = _address(name, parts, "own")
            for column, methods in COLUMNS.items():
                for method in methods:
                    cache.clear()
                    with transaction.atomic():
                        response = clients[column].generic(method, address)
                        transaction.set_rollback(True)
                    statuses.add(response.status_code)
                    missing = _wrong(response)
                    if missing:
                        wrong.append(f"{method} {address} as {column}, {response.status_code}: {missing}")
                    if response.headers.get("Content-Type", "").startswith("text/html"):
                        raw += [f"{address}: {found}" for found in PYTHON.findall(response.text)]
            transaction.set_rollback(True)

    assert wrong == []
    assert raw == []
    assert {200, 302, 400, 401, 403, 404, 405} <= statuses


@pytest.mark.parametrize(
    "address",
    [
        "/no-such-page/",
        "/api/v1/no-such-thing/",
        "/projects/%00/",
        "/static/../settings.py",
        "/portfolio/p/NONE/",
    ],
)
def test_unknown_addresses_have_safe_headers(address: str, client: Client) -> None:
    """SEC-27: what no view answers, too."""
    response = client.get(address)

    assert response.status_code in {302, 400, 401, 404}
    assert _wrong(response) == []
