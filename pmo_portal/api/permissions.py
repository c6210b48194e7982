"""What a token allows."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from pmo_portal.api.models import ApiToken, TokenScopeChoice

if TYPE_CHECKING:
    # The framework's views load this module while they are loaded themselves.
    from rest_framework.views import APIView


class TokenScope(BasePermission):
    """A read token reads only."""

    message = "This token may only read. Create one with write scope."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Allow safe methods, sessions and write tokens."""
        token = request.auth
        if not isinstance(token, ApiToken):
            return True
        return request.method in SAFE_METHODS or token.scope == TokenScopeChoice.WRITE
