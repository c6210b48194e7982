"""The OpenAPI schema, made once for each language, and how it describes signing in by token."""

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from rest_framework.renderers import BaseRenderer

ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "properties": {
                "code": {"type": "string", "description": "What went wrong, for programs."},
                "message": {"type": "string", "description": "What went wrong and what to do, for people."},
                "fields": {
                    "type": "object",
                    "additionalProperties": {},
                    "description": "Messages by the field they concern; lists of objects have them by place.",
                },
            },
        }
    },
}


class ScopedTokenScheme(OpenApiAuthenticationExtension):
    """``Authorization: Token …``."""

    target_class = "pmo_portal.api.authentication.ScopedTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the header and its prefix."""
        return dict(
            build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Token")  # noqa: S106
        )


class OperationSchema(AutoSchema):
    """How an operation is described: only what is asked for comes in pages, what is made comes whole."""

    def _get_paginator(self) -> Any:
        return super()._get_paginator() if self.method == "GET" else None


def describe_errors(result: dict[str, Any], **_unused: Any) -> dict[str, Any]:
    """Add the one shape of errors (`errors.exception_handler`) to what each operation may answer."""
    result["components"]["schemas"]["Error"] = ERROR
    answer = {"$ref": "#/components/schemas/Error"}
    refusal = {
        "description": "Refused; nothing was changed.",
        "content": {"application/json": {"schema": answer}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation["responses"].setdefault("4XX", refusal)
    return result


@cache
def schema_of(language: str) -> dict[str, Any]:
    """Return the schema of every endpoint; it depends on the code and the language, on nobody's rights."""
    with translation.override(language):
        return dict(SchemaGenerator().get_schema(request=None, public=True))


@cache
def rendered_schema(language: str, renderer: type[BaseRenderer]) -> bytes:
    """Return the schema as YAML or JSON."""
    return bytes(renderer().render(schema_of(language), renderer_context={}))
