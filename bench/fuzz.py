"""
Random requests to every operation of the API, most of them made to succeed: counts what breaks (SEC-18).

``python -m bench.fuzz --cases 20000 --seed 18 --json``. Bodies come from the schema of the API and from what
the seeded world knows; four of ten are spoiled. Every request is taken back, so that what succeeds once
succeeds again; what an operation needs beforehand is made once for several requests (``--each``). An
operation that has succeeded often enough leaves its turn to those that have not. The aim is no answer of
5xx or that the schema does not describe, at least a fifth of 2xx, and 50 successes of each operation that
writes.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil
from random import Random
from typing import Any

from bench._answers import OF_THE_SCHEMA, Answers
from bench._bodies import Bodies
from bench._ground import scratch_portal
from bench._scenes import MEMBER, Scene, prepare, scene_of

MOST_FITTING = 0.6
LEAST_SHARE = 0.2
ENOUGH = 50
LONG_FORM = 20_000
REFUSED = {"401", "403", "404"}
QUERIES = (
    "", "", "", "?page=1", "?page_size=5", "?page=-1", "?page=99999999999999999999", "?page_size=1e9",
    "?q=%00", "?ordering=__class__", "?as_of=2026-02-30", "?date_a=x&date_b=y", "?id=99999999999999999999",
)  # fmt: skip


@dataclass
class Tally:
    """What was answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    undescribed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request."""

    name: str
    method: str
    address: str
    column: str
    body: bytes
    content_type: str


@dataclass(frozen=True)
class Place:
    """An operation of an object that is there, and what only the world tells about its body."""

    name: str
    method: str
    address: str
    scene: Scene
    operation: dict[str, Any]


class Fuzz:
    """A seeded world and the operations of its API."""

    def __init__(self, rng: Random) -> None:
        from pmo_portal.api.schema import schema_of
        from tests.matrix_world import ROLES, seeded
        from tests.test_permission_matrix import _client, lines

        schema = schema_of("en")
        self.rng = rng
        self.world = seeded()
        prepare(self.world)
        # Signed in before the first request, so that its session is not taken back with what it did.
        for column in (*ROLES, MEMBER):
            _client(self.world, column).get("/accounts/profile/")
        self.bodies, self.answers = Bodies(schema, rng), Answers(schema)
        self.operations = operations_of(schema)
        self.lines = {key: row for key, row in lines().items() if key[0].startswith("api-")}
        self.writes = [key for key in self.lines if key[1] != "GET"]
        self.turns: Counter[tuple[str, str]] = Counter()

    def round(self, number: int, each: int, tally: Tally) -> None:
        """Make what an operation needs, send some requests to it, note the answers, take all of it back."""
        from django.db import transaction

        is_write = number % 4 != 0
        name, method = self._next_write(tally) if is_write else self.rng.choice(list(self.lines))
        with transaction.atomic():
            place = self._place(name, method)
            for _case in range(each):
                is_fitting = self.rng.random() < MOST_FITTING
                asked = self._asked(place, is_fitting=is_fitting)
                with transaction.atomic():
                    response = self._answer(asked)
                    content = b"" if response.streaming else response.content
                    transaction.set_rollback(True)
                status, kind = response.status_code, response.headers.get("Content-Type", "")
                is_described = name not in OF_THE_SCHEMA
                fault = self.answers.fault(place.operation, status, kind, content) if is_described else ""
                _note(tally, asked, status, content[:160], fault=fault, is_fitting=is_fitting)
            transaction.set_rollback(True)

    def _next_write(self, tally: Tally) -> tuple[str, str]:
        """Return the writing operation that had the fewest turns, of those that have not succeeded enough."""
        short = [key for key in self.writes if tally.done[key] < ENOUGH] or self.writes
        chosen = min(short, key=lambda key: self.turns[key])
        self.turns[chosen] += 1
        return chosen

    def _answer(self, asked: Asked) -> Any:
        """Send a request, again with the version it asks for; return the answer."""
        from django.core.cache import cache

        from tests.test_permission_matrix import _client

        cache.clear()
        client, version = _client(self.world, asked.column), '"1"'
        for _attempt in range(2):
            response = client.generic(
                asked.method,
                asked.address,
                asked.body,
                content_type=asked.content_type,
                headers={"If-Match": version},
            )
            if response.status_code != 412:
                break
            version = response.headers.get("ETag", '"2"')
        return response

    def _place(self, name: str, method: str) -> Place:
        """Make what the address and the body of an operation name."""
        from tests.matrix_world import parts_of
        from tests.test_permission_matrix import _address, _variable_parts

        parts = parts_of(name, self.world) if _variable_parts(name) else {}
        scene = scene_of(name, self.world, self.rng)
        address = _address(name, parts, "own")
        for part, value in scene.parts.items():
            address = address.replace(f"/{parts[part].own}/", f"/{value}/")
        operation = self.operations.get((shape_of(name), method), {})
        return Place(name, method, address, scene, operation)

    def _asked(self, place: Place, *, is_fitting: bool) -> Asked:
        """Return a request to an operation."""
        name, method, address, scene = place.name, place.method, place.address, place.scene
        column = scene.column or self._column(self.lines[name, method])
        if method == "GET":
            return Asked(name, method, address + self.rng.choice(QUERIES), column, b"", "application/json")
        body: Any = self.bodies.fitting(place.operation, scene.fields)
        if method == "DELETE":
            body = {}
        if scene.file:
            sent, content_type = self._form(body, scene.file, is_fitting=is_fitting)
            return Asked(name, method, address, column, sent, content_type)
        if not is_fitting:
            body = self.bodies.unfit(body)
        return Asked(name, method, address, column, json.dumps(body).encode(), "application/json")

    def _form(self, body: dict[str, Any], file: tuple[str, bytes], *, is_fitting: bool) -> tuple[bytes, str]:
        """Return a form with a file; a spoiled one has another field or a file of random bytes."""
        from django.core.files.uploadedfile import SimpleUploadedFile
        from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

        file_name, content = file
        fields = {key: value for key, value in body.items() if key != "file" and value is not None}
        if not is_fitting:
            fields = {key: self.rng.choice(["", "x" * 400, "-1", str(2**70)]) for key in fields}
            content = self.rng.randbytes(self.rng.randint(0, 400))
        upload = SimpleUploadedFile(file_name, content)
        return encode_multipart(BOUNDARY, {**fields, "file": upload}), MULTIPART_CONTENT

    def _column(self, row: dict[str, str]) -> str:
        """Return a role that may, nine times of ten."""
        from tests.matrix_world import ROLES

        able = [column for column in ROLES if row[column] not in REFUSED]
        return self.rng.choice(able) if able and self.rng.random() < 0.9 else self.rng.choice(list(ROLES))


def run(cases: int, seed: int, *, until: float, each: int = 1) -> dict[str, Any]:
    """Send requests until there were enough, it is time, or Ctrl-C; return the figures."""
    fuzz, tally, began = Fuzz(Random(seed)), Tally(), time.monotonic()
    with suppress(KeyboardInterrupt):
        for number in range(ceil(cases / each)):
            if time.monotonic() > until:
                break
            fuzz.round(number, min(each, cases - number * each), tally)
    total = sum(tally.statuses.values())
    done = {f"{method} {name}": tally.done[name, method] for name, method in fuzz.writes}
    seldom = {key: (number, tally.refused.get(key, "")) for key, number in done.items() if number < ENOUGH}
    return {
        "requests": total,
        "seconds": round(time.monotonic() - began),
        "statuses": dict(sorted(tally.statuses.items())),
        "share_2xx": round(sum(n for code, n in tally.statuses.items() if code < 300) / max(total, 1), 3),
        "broken": tally.broken,
        "undescribed": tally.undescribed,
        "write_operations": len(fuzz.writes),
        "write_operations_that_succeeded": sum(number > 0 for number in done.values()),
        "fewest_successes": min(done.values()),
        "below_50_successes": dict(sorted(seldom.items(), key=lambda each: each[1])),
    }


def _note(tally: Tally, asked: Asked, status: int, said: bytes, *, fault: str, is_fitting: bool) -> None:
    tally.statuses[status] += 1
    title = f"{asked.method} {asked.name}"
    if fault:
        tally.undescribed.setdefault(title, f"{status} as {asked.column}: {fault}")
    if status < 300:
        tally.done[asked.name, asked.method] += 1
    elif status >= 500:
        tally.broken.append(f"{status} {title} {asked.address} as {asked.column}: {asked.body[:300]!r}")
    elif (is_fitting and status not in {401, 403}) or title not in tally.refused:
        tally.refused[title] = f"{status} {said!r} for {asked.body[:160]!r} as {asked.column}"


def shape_of(name: str) -> str:
    """Return the address of a name with its variable parts left open."""
    from django.urls import get_resolver

    pattern = get_resolver().reverse_dict.getlist(name)[0][0][0][0]
    return "/" + re.sub(r"%\(\w+\)s", "{}", pattern)


def operations_of(schema: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (re.sub(r"\{\w+\}", "{}", path), method.upper()): operation
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if isinstance(operation, dict)
    }


def main() -> int:
    """Run it; 0 when nothing broke and enough succeeded, of the long form each writing operation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--each", type=int, default=10, help="requests for one making of what they need")
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database; SQLite without it")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with scratch_portal(asked.database_url):
        import logging

        logging.disable(logging.ERROR)
        until = time.monotonic() + asked.minutes * 60
        figures = run(asked.cases, asked.seed, until=until, each=asked.each)
    print(json.dumps(figures, indent=None if asked.json else 1, ensure_ascii=False))
    is_short_of_successes = asked.cases >= LONG_FORM and figures["fewest_successes"] < ENOUGH
    is_faulty = bool(figures["broken"]) or bool(figures["undescribed"])
    return int(is_faulty or figures["share_2xx"] < LEAST_SHARE or is_short_of_successes)


if __name__ == "__main__":
    sys.exit(main())
