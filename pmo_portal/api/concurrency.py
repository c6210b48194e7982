"""
Lost updates (SEC-29): who changes an object says which version they saw.

``GET`` answers with ``ETag: "7"``; ``PUT``, ``PATCH`` and ``DELETE`` carry ``If-Match: "7"``: missing is
428, an older one is 412. The service compares the same number again under the lock of the row.
"""

import re
from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

_TAG = re.compile(r'^(?:W/)?"?([0-9]{1,9})"?$')


class PreconditionRequired(APIException):
    """The request does not say which version it changes."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"
    default_detail = 'Send the version you saw: If-Match: "7" (the ETag of the answer to GET).'


class PreconditionFailed(APIException):
    """Somebody else changed the object in between."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "stale"
    default_detail = "Somebody else changed this in between. Load it again, then repeat your change."

    def __init__(self, *, current_version: int | None = None) -> None:
        super().__init__()
        self.current_version = current_version


def etag(version: int) -> str:
    """Return the entity tag of a version: ``"7"`` with its quotes."""
    return f'"{version}"'


def expected_version(request: Request) -> int:
    """
    Return the version the request wants to change.

    Raises
    ------
    PreconditionRequired
        If the header ``If-Match`` is missing.
    PreconditionFailed
        If it is not one version number (``*`` is not accepted: it would overwrite unseen).
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired
    found = _TAG.match(header)
    if found is None:
        raise PreconditionFailed
    return int(found.group(1))


def require_match(request: Request, target: Any) -> int:
    """Return the expected version if it is the version of ``target``; refuse with 428 or 412 otherwise."""
    version = expected_version(request)
    if version != target.version:
        raise PreconditionFailed(current_version=target.version)
    return version


class VersionedMixin:
    """
    For views of objects with ``version``: puts ``ETag`` on answers, reads ``If-Match``.

    In ``partial_update`` and ``destroy`` call ``self.expected_version(target)`` and pass the number to
    the service.
    """

    request: Request

    def expected_version(self, target: Any) -> int:
        """Return the version to pass to the service, see `require_match`."""
        return require_match(self.request, target)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Add the entity tag of a single object."""
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        data = getattr(response, "data", None)
        if response.status_code < 300 and isinstance(data, dict) and isinstance(data.get("version"), int):
            response.headers["ETag"] = etag(data["version"])
        return response
