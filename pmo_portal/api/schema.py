"""The OpenAPI schema, made once for each language, and how it describes signing in by token."""

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from rest_framework.renderers import BaseRenderer


class ScopedTokenScheme(OpenApiAuthenticationExtension):
    """``Authorization: Token …``."""

    target_class = "pmo_portal.api.authentication.ScopedTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the header and its prefix."""
        return dict(
            build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Token")  # noqa: S106
        )


@cache
def schema_of(language: str) -> dict[str, Any]:
    """Return the schema of every endpoint; it depends on the code and the language, on nobody's rights."""
    with translation.override(language):
        return dict(SchemaGenerator().get_schema(request=None, public=True))


@cache
def rendered_schema(language: str, renderer: type[BaseRenderer]) -> bytes:
    """Return the schema as YAML or JSON."""
    return bytes(renderer().render(schema_of(language), renderer_context={}))
