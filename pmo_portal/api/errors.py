"""One shape for all errors: ``{"error": {"code", "message", "fields"}}``."""

import math
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import DataError, IntegrityError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from pmo_portal.api.concurrency import etag
from pmo_portal.common.errors import DomainError, StaleObject


def exception_handler(fault: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer for an error, or None to let it become a 500 without details (SEC-60)."""
    set_rollback()
    if isinstance(fault, StaleObject) and _has_if_match(context):
        current = fault.details.get("current")
        return _answer(412, fault.code, str(fault), None, {} if current is None else {"ETag": etag(current)})
    if isinstance(fault, DomainError):
        fields = {fault.field: [str(fault)]} if fault.field else {}
        return _answer(fault.status, fault.code, str(fault), fields)
    if isinstance(fault, Http404):
        return _answer(404, "NOT_FOUND", "There is no such object, or you may not see it.")
    if isinstance(fault, PermissionDenied):
        return _answer(403, "FORBIDDEN", "You may see this but not do that.")
    if isinstance(fault, ModelValidationError):
        given = fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}
        fields = {"" if name == NON_FIELD_ERRORS else name: said for name, said in given.items()}
        return _answer(400, "INVALID", "Some values are not accepted.", fields)
    if isinstance(fault, IntegrityError):
        return _answer(409, "CONFLICT", "This clashes with what is stored already.")
    if isinstance(fault, DataError | OverflowError):
        return _answer(400, "INVALID", "A value is out of range.")
    if isinstance(fault, exceptions.APIException):
        return _api_exception(fault)
    return None


def _has_if_match(context: dict[str, Any]) -> bool:
    request = context.get("request")
    return request is not None and "If-Match" in request.headers


def _api_exception(fault: exceptions.APIException) -> Response:
    headers = {}
    if getattr(fault, "auth_header", None):
        headers["WWW-Authenticate"] = fault.auth_header
    if getattr(fault, "wait", None):
        headers["Retry-After"] = str(max(1, math.ceil(fault.wait)))
    if getattr(fault, "current_version", None) is not None:
        headers["ETag"] = etag(fault.current_version)
    if isinstance(fault, exceptions.ValidationError):
        fields = fault.detail if isinstance(fault.detail, dict) else {"": fault.detail}
        return _answer(fault.status_code, "INVALID", "Some values are not accepted.", fields, headers)
    code = str(getattr(fault, "default_code", "error")).upper()
    return _answer(fault.status_code, code, str(fault.detail), None, headers)


def _answer(
    code_number: int,
    code: str,
    message: str,
    fields: Any = None,
    headers: dict[str, str] | None = None,
) -> Response:
    body = {"error": {"code": code, "message": message, "fields": fields or {}}}
    return Response(body, status=code_number or status.HTTP_400_BAD_REQUEST, headers=headers)
