"""What the answers of the API are held against: the schema of the operation that gave them."""

import json
from typing import Any

from jsonschema import Draft7Validator, FormatChecker

UNDESCRIBED = (304,)
# The schema as a file and as a page is not part of itself.
OF_THE_SCHEMA = ("api-schema", "api-docs")


class Answers:
    """
    Compares answers with the schema.

    Parameters
    ----------
    schema : dict
        The OpenAPI 3.0 schema.
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        self._components = _strict(schema["components"])
        self._validators: dict[int, Draft7Validator] = {}

    def fault(self, operation: dict[str, Any], status: int, content_type: str, content: bytes) -> str:
        """Return what the schema does not say of an answer, in one line; empty when it says all of it."""
        if status in UNDESCRIBED or status >= 500:
            return ""
        if not operation:
            return "the schema does not know the operation"
        described = operation["responses"].get(str(status)) or operation["responses"].get(
            f"{status // 100}XX"
        )
        if described is None:
            return f"the schema knows no {status}"
        contents = described.get("content", {})
        kind = content_type.split(";", maxsplit=1)[0]
        if not contents:
            return f"the schema knows no content of {status}" if content else ""
        if kind not in contents:
            return "" if "*/*" in contents else f"the schema knows no {kind!r} of {status}"
        return self._difference(contents[kind]["schema"], content) if kind == "application/json" else ""

    def _difference(self, schema: dict[str, Any], content: bytes) -> str:
        key = id(schema)
        if key not in self._validators:
            whole = {**_strict(schema), "components": self._components}
            self._validators[key] = Draft7Validator(whole, format_checker=FormatChecker())
        faults = self._validators[key].iter_errors(json.loads(content))
        return "; ".join(f"{fault.json_path}: {fault.message[:200]}" for fault in list(faults)[:3])


def _strict(schema: Any) -> Any:
    """
    Return a part of an OpenAPI 3.0 schema as a JSON schema of answers.

    What may be null says so by its type; what is only for writing is not there; an object has no fields but
    those that are described.
    """
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: _strict(part) for name, part in schema.items() if name != "nullable"}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        strict.setdefault("additionalProperties", False)
    return {"anyOf": [strict, {"type": "null"}]} if schema.get("nullable") is True else strict
