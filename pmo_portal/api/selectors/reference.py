"""The endpoints in words, read from the OpenAPI schema: groups, operations, fields, a command to try them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
WRITES = frozenset({"post", "put", "patch", "delete"})
# Deeper than this an object is named and no more unfolded.
DEEPEST = 3
LISTED = 40

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A parameter or a field of a body; ``name`` is the path to it, such as ``results[].name``."""

    name: str
    kind: str
    is_required: bool
    text: str
    values: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Operation:
    """What an address does with one method."""

    code: str
    method: str
    path: str
    text: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    status: str
    answer: tuple[Field, ...]
    command: str

    @property
    def can_open(self) -> bool:
        """Whether a browser shows the answer at the address as it stands."""
        return self.method == "GET" and "{" not in self.path


@dataclass(frozen=True)
class Group:
    """Endpoints that belong together."""

    code: str
    operations: int
    reads: int
    writes: int


def groups_of(schema: Schema) -> list[Group]:
    """Return the groups in the order of the alphabet."""
    methods: dict[str, list[str]] = {}
    for _path, method, operation in _operations(schema):
        methods.setdefault(operation["tags"][0], []).append(method)
    return [
        Group(
            code, len(found), sum(each not in WRITES for each in found), sum(each in WRITES for each in found)
        )
        for code, found in sorted(methods.items())
    ]


def operations_of(schema: Schema, *, group: str = "", words: str = "", host: str = "") -> list[Operation]:
    """
    Return the operations of a group, or those whose address or text holds every word.

    Parameters
    ----------
    host : str
        Scheme and name of the portal, for the command.
    """
    wanted = [word.casefold() for word in words.split()]
    found = []
    for path, method, operation in _operations(schema):
        haystack = f"{method} {path} {operation.get('description', '')}".casefold()
        if (group and operation["tags"][0] != group) or not all(word in haystack for word in wanted):
            continue
        found.append(_operation(schema, path, method, operation, host))
    return found


def _operations(schema: Schema) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def _operation(schema: Schema, path: str, method: str, operation: Mapping[str, Any], host: str) -> Operation:
    body = _json_schema(operation.get("requestBody", {}))
    status, answer = _success(operation["responses"])
    return Operation(
        code=operation["operationId"],
        method=method.upper(),
        path=path,
        text=operation.get("description", ""),
        parameters=tuple(_parameter(schema, each) for each in operation.get("parameters", ())),
        body=tuple(_fields(schema, body)) if body else (),
        status=status,
        answer=tuple(_fields(schema, answer)) if answer else (),
        command=_command(method, host + path, _example(schema, body) if body else None),
    )


def _success(responses: Mapping[str, Any]) -> tuple[str, Mapping[str, Any] | None]:
    status = next((code for code in sorted(responses) if code.startswith("2")), "")
    return status, _json_schema(responses.get(status, {}))


def _json_schema(holder: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = holder.get("content", {})
    found = content.get("application/json") or content.get("multipart/form-data") or {}
    return found.get("schema")


def _parameter(schema: Schema, parameter: Mapping[str, Any]) -> Field:
    plain = _resolved(schema, parameter.get("schema", {}))
    return Field(
        name=parameter["name"],
        kind=_kind(schema, plain),
        is_required=parameter.get("required", False),
        text=_text(parameter.get("description", "")),
        values=_values(plain),
        place=parameter["in"],
    )


def _fields(schema: Schema, node: Mapping[str, Any], *, above: str = "", depth: int = 1) -> Iterator[Field]:
    plain = _resolved(schema, node)
    if plain.get("type") == "array":
        yield from _fields(schema, plain["items"], above=f"{above}[]", depth=depth)
        return
    required = set(plain.get("required", ()))
    for name, raw in plain.get("properties", {}).items():
        child = _resolved(schema, raw)
        path = f"{above}.{name}" if above else name
        yield Field(
            path, _kind(schema, child), name in required, _text(child.get("description", "")), _values(child)
        )
        inner = _resolved(schema, child["items"]) if child.get("type") == "array" else child
        if inner.get("properties") and depth < DEEPEST:
            below = f"{path}[]" if inner is not child else path
            yield from _fields(schema, inner, above=below, depth=depth + 1)


def _resolved(schema: Schema, node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the node with what it refers to, the first where it is one of several; its own words win."""
    if "$ref" in node:
        target = schema["components"]["schemas"][node["$ref"].rsplit("/", 1)[-1]]
    else:
        several = [*node.get("allOf", ()), *node.get("oneOf", ())]
        if not several:
            return node
        target = _resolved(schema, several[0])
    own = {key: value for key, value in node.items() if key not in {"$ref", "allOf", "oneOf"}}
    return {**target, **own}


def _kind(schema: Schema, node: Mapping[str, Any]) -> str:
    kind = str(node.get("format") or node.get("type") or "object")
    if node.get("type") == "array":
        kind = f"{_kind(schema, _resolved(schema, node['items']))}[]"
    return f"{kind} | null" if node.get("nullable") else kind


def _values(node: Mapping[str, Any]) -> tuple[str, ...]:
    listed = [str(each) for each in node.get("enum", ()) if each not in (None, "")]
    return tuple(listed[:LISTED])


def _text(text: str) -> str:
    """Return a description without the list of choices the schema repeats in it."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("* `")).strip()


def _example(schema: Schema, node: Mapping[str, Any], depth: int = 1) -> Any:
    """Return a body that shows the required fields, or all of an object without any."""
    plain = _resolved(schema, node)
    if plain.get("enum"):
        return plain["enum"][0]
    kind = plain.get("type", "object")
    if kind == "array":
        return [_example(schema, plain["items"], depth + 1)] if depth < DEEPEST else []
    if kind == "object":
        names = plain.get("required") or list(plain.get("properties", {}))[:3]
        known = plain.get("properties", {})
        return {name: _example(schema, known[name], depth + 1) for name in names if name in known}
    samples = {
        "date": "2026-03-16",
        "date-time": "2026-03-16T09:00:00Z",
        "decimal": "1.00",
        "binary": "@FILE",
    }
    plain_samples: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True}
    return samples.get(plain.get("format", ""), plain_samples.get(kind, "…"))


def _command(method: str, address: str, example: Any) -> str:
    lines = ['curl -H "Authorization: Token $TOKEN"']
    if method != "get":
        lines.append(f"  -X {method.upper()}")
    if example is not None:
        written = json.dumps(example, ensure_ascii=False).replace("'", "’")
        lines += ['  -H "Content-Type: application/json"', f"  -d '{written}'"]
    return " \\\n".join([*lines, f'  "{address}"'])
