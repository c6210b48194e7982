"""Holds answers of the API against its own schema."""

from functools import cache
from typing import Any

from bench._answers import OF_THE_SCHEMA, Answers
from bench.fuzz import operations_of, shape_of
from pmo_portal.api.schema import schema_of


@cache
def _answers() -> Answers:
    return Answers(schema_of("en"))


@cache
def _operations() -> dict[tuple[str, str], dict[str, Any]]:
    return operations_of(schema_of("en"))


def undescribed(name: str, method: str, response: Any) -> str:
    """Return what the schema does not say of the answer of an address; empty when it says all of it."""
    if not name.startswith("api-") or name in OF_THE_SCHEMA:
        return ""
    operation = _operations().get((shape_of(name), method), {})
    content = b"" if response.streaming else response.content
    return _answers().fault(
        operation, response.status_code, response.headers.get("Content-Type", ""), content
    )
