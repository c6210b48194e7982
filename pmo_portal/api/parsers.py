"""Bodies of requests."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 32
MAX_ITEMS = 1_000


class BoundedJSONParser(JSONParser):
    """
    JSON of bounded depth and size, without NaN, NUL and lone surrogates (SEC-18c).

    A list or object has at most `MAX_ITEMS` items, or ``most_items`` of the view that is asked.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the parsed body or refuse with 400."""
        try:
            text = stream.read().decode("utf-8")
            body = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as fault:
            raise ParseError("The body is not valid JSON in UTF-8.") from fault
        view = (parser_context or {}).get("view")
        _check(body, depth=0, most=getattr(view, "most_items", MAX_ITEMS))
        return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _check(value: Any, *, depth: int, most: int) -> None:
    if depth > MAX_DEPTH:
        raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, str) and ("\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise ParseError("Texts may not contain NUL characters or lone surrogates.")
    if isinstance(value, list | dict):
        if len(value) > most:
            raise ParseError(f"At most {most} items at once.")
        children = [*value, *value.values()] if isinstance(value, dict) else value
        for child in children:
            _check(child, depth=depth + 1, most=most)
