"""Random bodies for the operations of the API, made from its own schema."""

import random
import string
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

BASE = date(2026, 3, 2)
SOME = 0.3
LONGEST_TEXT = 30
UNFIT: tuple[Any, ...] = (
    None, True, -1, 2**70, 1.5, "", "x" * 400, "\x00", "2026-02-30", "9999-12-31", "1e999", "NaN", "🜁",
    [], {}, [None], {"a": {"b": []}}, "OWN-1", "FOR-1",
)  # fmt: skip
Fields = Mapping[str, Any]


class Bodies:
    """
    Makes bodies.

    Parameters
    ----------
    schema : dict
        The OpenAPI schema.
    rng : random.Random
        Where chance comes from.
    """

    def __init__(self, schema: dict[str, Any], rng: random.Random) -> None:
        self._schema, self._rng = schema, rng

    def fitting(self, operation: dict[str, Any], known: Fields) -> dict[str, Any]:
        """
        Return a body that fits as far as the schema tells.

        ``known`` is what only the world tells; a field whose value is ``...`` is left out.
        """
        contents = operation.get("requestBody", {}).get("content", {})
        if not contents:
            return {}
        schema = contents.get("application/json", next(iter(contents.values())))["schema"]
        body = self._object(self._resolved(schema), known)
        return {**body, **{name: value for name, value in known.items() if value is not ...}}

    def unfit(self, body: dict[str, Any]) -> Any:
        """Return the body with one or two fields replaced or left out, or something else altogether."""
        if not body or self._rng.random() < 0.1:
            return self._rng.choice(UNFIT)
        changed = dict(body)
        for name in self._rng.sample(sorted(changed), self._rng.randint(1, min(2, len(changed)))):
            if self._rng.random() < 0.2:
                del changed[name]
            else:
                changed[name] = self._rng.choice(UNFIT)
        return changed

    def _value(self, schema: dict[str, Any]) -> Any:
        schema = self._resolved(schema)
        if "enum" in schema:
            return self._rng.choice([value for value in schema["enum"] if value not in {"", None}])
        kind = schema.get("type", "object")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return self._object(schema, {})
        if kind == "array":
            return [self._value(schema["items"])] if schema.get("items") else []
        if kind == "string":
            return self._text(schema)
        if kind in {"integer", "number"}:
            return self._rng.randint(max(1, int(schema.get("minimum", 1))), 5)
        return self._rng.random() < 0.5

    def _object(self, schema: dict[str, Any], known: Fields) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        return {
            name: self._value(part)
            for name, part in schema.get("properties", {}).items()
            if not part.get("readOnly")
            and name not in known
            and (name in required or (self._rng.random() < SOME and not self._is_open(part)))
        }

    def _is_open(self, schema: dict[str, Any]) -> bool:
        """Say whether the schema leaves open what an object holds."""
        schema = self._resolved(schema)
        return (
            schema.get("type", "object") == "object" and not schema.get("properties") and "enum" not in schema
        )

    def _text(self, schema: dict[str, Any]) -> str:
        form = schema.get("format")
        if form == "date":
            return (BASE + timedelta(days=self._rng.randint(0, 200))).isoformat()
        if form == "date-time":
            return f"2026-03-{self._rng.randint(2, 27):02d}T08:00:00Z"
        if form == "decimal":
            return str(self._rng.randint(0, 100))
        longest = min(int(schema.get("maxLength", LONGEST_TEXT)), LONGEST_TEXT)
        length = max(min(8, longest), int(schema.get("minLength", 1)))
        return "".join(self._rng.choices(string.ascii_letters, k=length))

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while {"$ref", "allOf", "oneOf"} & schema.keys():
            if "$ref" in schema:
                schema = self._schema["components"]["schemas"][schema["$ref"].split("/")[-1]]
            else:
                schema = (schema.get("allOf") or schema["oneOf"])[0]
        return schema
