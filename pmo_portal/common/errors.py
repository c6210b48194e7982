"""Errors that a person can act on. Services raise them; pages, API and commands show them."""

from typing import Any

from django.utils.functional import Promise


class DomainError(Exception):
    """
    A rule of the domain refuses what was asked.

    Parameters
    ----------
    message : str or lazy str
        What happened and what to do, in the words of the person.
    code : str, optional
        Stable code in UPPER_CASE, for the API and for tests; the class gives the default.
    field : str, optional
        Name of the input field the message belongs to.
    """

    code = "REFUSED"
    status = 400

    def __init__(
        self, message: str | Promise, *, code: str | None = None, field: str | None = None, **details: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


class StaleObject(DomainError):
    """Somebody else saved the object in between; nothing was changed (XC-1, SEC-29)."""

    code = "STALE"
    status = 409


class Conflict(DomainError):
    """The state of the object does not allow the act."""

    code = "CONFLICT"
    status = 409


class NotAllowed(DomainError):
    """The person may see the object but may not do this."""

    code = "FORBIDDEN"
    status = 403
