"""What every write of the API keeps: versions (SEC-29), repeats (SEC-32), reach (SEC-11), fields (SEC-14)."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers
from rest_framework.relations import ManyRelatedField, RelatedField
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from bench._scenes import MEMBER
from bench.fuzz import Asked, Fuzz, Place, shape_of
from pmo_portal.accounts.models import OrgUnit, Person, ScopeNode, User
from pmo_portal.audit.models import AuditEntry
from portfolio.models import Pmo, Portfolio
from projects.api.base import TaskField
from projects.models import Project, Task
from tests import factories
from tests.matrix_world import MISSING_NUMBER
from tests.security.mold import Mold
from tests.test_permission_matrix import _client, lines

# The database decides nothing here; on PostgreSQL the short fuzz meets the same operations.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
TRIES = 4
Key = tuple[str, str]
WRITES: list[Key] = sorted(key for key in lines() if key[0].startswith("api-") and key[1] != "GET")
# Name -> what keeps one person from overwriting another one there.
WITHOUT_IF_MATCH = {
    "api-own-requirement PUT": "the line that was read is named in the body",
    "api-project-document PATCH": "the revision is in the body",
    "api-increments PUT": "every placement is a line of its own, from its day on",
    "api-project-lessons PATCH": "says once that there are none",
    "api-me PATCH": "nobody else writes it",
    "api-document-template-detail DELETE": "discards a draft",
    "api-methodology-detail DELETE": "discards a draft",
    "api-grant-detail DELETE": "ends what is never edited",
    "api-member DELETE": "ends what is never edited",
    "api-token-detail DELETE": "ends what is never edited",
    "api-period-detail DELETE": "removes a period nobody closed",
}
# What everybody may name: people, units and offices of the organization are no secret (docs/security.md).
KNOWN_TO_ALL = (User, Person, OrgUnit, Pmo)


@pytest.fixture(scope="module")
def fuzz(module_data: Callable[[], AbstractContextManager[None]]) -> Fuzz:
    with module_data():
        return Fuzz(Random(11))


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    body: bytes
    headers: dict[str, str]
    entries: int


def send(fuzz: Fuzz, asked: Asked, **headers: str) -> Answer:
    """Send a request once, as it is."""
    cache.clear()
    response = _client(fuzz.world, asked.column).generic(
        asked.method, asked.address, asked.body, content_type=asked.content_type, headers=headers
    )
    body = b"" if response.streaming else response.content
    return Answer(response.status_code, body, dict(response.headers), AuditEntry.objects.count())


@dataclass(frozen=True)
class Working:
    """A request that succeeds, and the version it needs."""

    place: Place
    asked: Asked
    version: str


def working(fuzz: Fuzz, key: Key, *, column: str = "") -> Working | None:
    """Return a request to an operation that is known to succeed; what it needs is there."""
    fuzz.rng.seed("-".join(key))
    place = fuzz._place(*key)
    for _try in range(TRIES):
        asked = fuzz._asked(place, is_fitting=True)
        asked = replace(asked, column=column or asked.column)
        version = '"1"'
        for _again in range(2):
            with transaction.atomic():
                answer = send(fuzz, asked, **{"If-Match": version})
                transaction.set_rollback(True)
            if answer.status < 300:
                return Working(place, asked, version)
            version = answer.headers.get("ETag", version)
    return None


def each_working(fuzz: Fuzz, keys: list[Key], *, column: str = "") -> Iterator[tuple[Key, Working | None]]:
    """Yield each operation with a request that succeeds; what was made for it is taken back after."""
    for key in keys:
        with transaction.atomic():
            yield key, working(fuzz, key, column=column)
            transaction.set_rollback(True)


def test_no_change_is_taken_without_the_version_that_was_seen(fuzz: Fuzz) -> None:
    """SEC-29: PUT, PATCH, DELETE that would succeed are 428 without If-Match, 412 with an older one."""
    found: dict[str, Any] = {}
    keys = [key for key in WRITES if key[1] in {"PUT", "PATCH", "DELETE"}]

    for key, request in each_working(fuzz, keys):
        if request is None:
            found[" ".join(key)] = "never succeeded"
            continue
        answers = []
        for headers in ({}, {"If-Match": '"999999"'}):
            with transaction.atomic():
                answers.append(send(fuzz, request.asked, **headers))
                transaction.set_rollback(True)
        missing, stale = answers
        if (missing.status, stale.status) != (428, 412) or "ETag" not in stale.headers:
            found[" ".join(key)] = (missing.status, stale.status, stale.headers.get("ETag"))

    assert {name: said for name, said in found.items() if name not in WITHOUT_IF_MATCH} == {}
    assert set(WITHOUT_IF_MATCH) <= set(found)


def makes(fuzz: Fuzz, key: Key) -> bool:
    """Say whether an operation makes or orders something, as the schema has it."""
    responses = fuzz.operations.get((shape_of(key[0]), key[1]), {}).get("responses", {})
    return key[1] == "POST" and bool({"201", "202"} & set(responses))


def test_whatever_makes_something_makes_it_once_for_a_key(fuzz: Fuzz) -> None:
    """SEC-32: the repeat has the same answer and leaves no trace; a secret is shown once, so never again."""
    keys = [key for key in WRITES if makes(fuzz, key)]
    found = {}

    for key, request in each_working(fuzz, keys):
        if request is None:
            found[key[0]] = "never succeeded"
            continue
        headers = {"If-Match": request.version, "Idempotency-Key": "once"}
        first, again = (send(fuzz, request.asked, **headers) for _time in range(2))
        is_replay = "Idempotent-Replay" in again.headers
        if (again.status, again.body, is_replay) != (first.status, first.body, True):
            found[key[0]] = f"{first.status} {again.status} {again.body[:90]!r}"

    assert found == {}
    assert len(keys) > 40


# -- References (SEC-11) -----------------------------------------------------------------------------


def _serializers(kind: type[Any] = serializers.BaseSerializer) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from _serializers(child)


def references(fuzz: Fuzz, key: Key) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a body that name another object."""
    operation = fuzz.operations.get((shape_of(key[0]), key[1]), {})
    contents = operation.get("requestBody", {}).get("content", {}).values()
    names = {
        each["schema"].get("$ref", "").split("/")[-1].removeprefix("Patched").removesuffix("Request")
        for each in contents
    }
    request = Request(APIRequestFactory().post("/"))
    request.user = fuzz.world.bob
    context = {"request": request, "project": fuzz.world.own}
    for kind in {each for each in _serializers() if each.__name__ in names}:
        for name, each in kind(context=context).fields.items():
            if isinstance(each, RelatedField | ManyRelatedField | TaskField) and not each.read_only:
                yield name, each


def model_of(each: Any) -> type[models.Model]:
    """Return what a reference names."""
    if isinstance(each, TaskField):
        return Task
    return getattr(each, "child_relation", each).get_queryset().model


def foreign_value(fuzz: Fuzz, each: Any) -> tuple[Any, Any]:
    """Return how a body names an object of the other portfolio, and one that is not there."""
    if isinstance(each, TaskField):
        rows = [factories.task(fuzz.world.foreign) for _number in range(20)]
        return rows[-1].uid, 4712
    if isinstance(each, ManyRelatedField):
        return tuple([value] for value in foreign_value(fuzz, each.child_relation))  # type: ignore[return-value]
    row = _foreign_row(fuzz, model_of(each))
    slug = getattr(each, "slug_field", None)
    return (getattr(row, slug), "NONE-1") if slug else (row.pk, MISSING_NUMBER)


def _foreign_row(fuzz: Fuzz, model: type[models.Model]) -> Any:
    world = fuzz.world
    known = {Project: world.foreign, ScopeNode: world.foreign_node, User: world.users["STRANGER"]}
    if model in known:
        return known[model]
    if model is Task:
        return factories.task(world.foreign, "Foreign")
    if model is Portfolio:
        return Portfolio.objects.create(code="FOREIGN", name="Foreign", node=world.foreign_node)
    return Mold(known).make(model)


def test_no_reference_reaches_beyond_what_the_person_sees(fuzz: Fuzz) -> None:
    """SEC-11, SEC-10: a foreign object is refused on its field, in the words for one that does not exist."""
    wrong, asked = [], set()

    for key, request in each_working(fuzz, WRITES, column=MEMBER):
        if request is None or request.place.scene.file:
            continue
        for name, each in references(fuzz, key):
            if model_of(each) in KNOWN_TO_ALL:
                continue
            answers = [_named(fuzz, request, name, value) for value in foreign_value(fuzz, each)]
            asked.add((key[0], name))
            if answers[0] != answers[1] or answers[0][0] != 400 or name not in answers[0][1]:
                wrong.append((key, name, answers))

    assert wrong == []
    assert len(asked) > 20


def _named(fuzz: Fuzz, request: Working, name: str, value: Any) -> tuple[int, Any]:
    body = json.dumps({**json.loads(request.asked.body or b"{}"), name: value}).encode()
    with transaction.atomic():
        answer = send(fuzz, replace(request.asked, body=body), **{"If-Match": request.version})
        transaction.set_rollback(True)
    fields = json.loads(answer.body or b"{}").get("error", {}).get("fields", {})
    return answer.status, {
        key: str(said).replace(str(value).strip("[]"), "…") for key, said in fields.items()
    }


# -- Mass assignment (SEC-14) ------------------------------------------------------------------------

NOISE = re.compile(r"[0-9a-f]{32,}|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?|[\w-]{40,}")
# Writes what is drawn by chance, another time for each request.
DRAWN = {"api-course-attempts"}
DANGEROUS = {"pk", "is_superuser", "is_staff", "password", "user_permissions", "groups", "roles", "grants"}


def declared(fuzz: Fuzz, request: Working) -> set[str]:
    """Return the fields the schema of the operation says may be written."""
    contents = request.place.operation.get("requestBody", {}).get("content", {})
    schemas = [fuzz.bodies._resolved(each["schema"]) for each in contents.values()]
    return {
        name
        for schema in schemas
        for name, part in schema.get("properties", {}).items()
        if not part.get("readOnly")
    }


def written(fuzz: Fuzz, request: Working, body: dict[str, Any]) -> tuple[int, list[str]]:
    """Send a body and return the status and every row that was written, without times and seals."""
    asked = replace(request.asked, body=json.dumps(body).encode())
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        answer = send(fuzz, asked, **{"If-Match": request.version})
        transaction.set_rollback(True)
    writes = [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    return answer.status, [NOISE.sub("…", sql) for sql in writes if "django_session" not in sql]


def test_undeclared_fields_write_nothing(fuzz: Fuzz) -> None:
    """SEC-14: every column of every model and dangerous names, sent with each body that succeeds."""
    columns = {field.name for model in apps.get_models() for field in model._meta.fields}
    wrong, asked = {}, 0

    for key, request in each_working(fuzz, WRITES):
        if request is None or request.place.scene.file or key[0] in DRAWN:
            continue
        body = json.loads(request.asked.body or b"{}")
        extra = dict.fromkeys((columns | DANGEROUS) - declared(fuzz, request) - set(body), 1)
        plain, spoiled = (written(fuzz, request, sent) for sent in (body, {**body, **extra}))
        asked += 1
        if spoiled != plain:
            wrong[" ".join(key)] = (plain[0], spoiled[0], sorted(set(spoiled[1]) ^ set(plain[1]))[:2])

    assert wrong == {}
    assert asked > 150
