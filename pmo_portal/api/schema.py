"""How the schema describes signing in by token."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object


class ScopedTokenScheme(OpenApiAuthenticationExtension):
    """``Authorization: Token …``."""

    target_class = "pmo_portal.api.authentication.ScopedTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the header and its prefix."""
        return dict(
            build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Token")  # noqa: S106
        )
