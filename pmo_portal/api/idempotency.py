"""
Double submits (SEC-32): a repeated ``POST`` with the same ``Idempotency-Key`` makes one object.

The key is written in the transaction of the change. A parallel request with the same key waits for
it and then gets the same answer; the same key with another body is refused with 422.
"""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.base import File
from django.db import transaction
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from pmo_portal.api.models import IdempotencyKey

_KEY = re.compile(r"^[\x21-\x7e]{1,80}$")
Action = Callable[..., Response]


class KeyReused(APIException):
    """The key belongs to another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key was sent with another request. Use a new key."


def idempotent(action: Action) -> Action:
    """
    Let a posting action honor the header ``Idempotency-Key``.

    Every ``POST`` that makes or orders something (201, 202) has it; a test reads the schema for it.
    """

    @wraps(action)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return action(view, request, *args, **kwargs)
        if not _KEY.match(key):
            raise ParseError("An Idempotency-Key has 1 to 80 printable ASCII characters.")
        with transaction.atomic():
            return _answer_once(key, request, lambda: action(view, request, *args, **kwargs))

    once.is_idempotent = True  # type: ignore[attr-defined]
    return once


def _answer_once(key: str, request: Request, act: Callable[[], Response]) -> Response:
    fingerprint = _fingerprint(request)
    row, is_new = IdempotencyKey.objects.get_or_create(
        user=request.user, key=key, defaults={"fingerprint": fingerprint}
    )
    if not is_new:
        if row.fingerprint != fingerprint:
            raise KeyReused
        return Response(row.body, status=row.status, headers={"Idempotent-Replay": "true"})
    response = act()
    row.status, row.body = response.status_code, json.loads(json.dumps(response.data, cls=JSONEncoder))
    row.save(update_fields=["status", "body"])
    return response


class _BodyEncoder(JSONEncoder):
    """Writes an uploaded file as the digest of what is in it."""

    def default(self, obj: Any) -> Any:
        if not isinstance(obj, File):
            return super().default(obj)
        digest = hashlib.sha256()
        for chunk in obj.chunks():
            digest.update(chunk)
        obj.seek(0)
        return {"name": obj.name, "sha256": digest.hexdigest()}


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, cls=_BodyEncoder, sort_keys=True)
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
