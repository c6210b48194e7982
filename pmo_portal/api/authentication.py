"""Token sign-in of the API."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from pmo_portal.api.models import ApiToken


class ScopedTokenAuthentication(TokenAuthentication):
    """``Authorization: Token …``; writes down when the token was used last, at most once a minute."""

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Any]:
        """Return user and token, or refuse."""
        if not token.isalnum() or not token.isascii():
            raise AuthenticationFailed(_("Invalid token."))
        user, found = super().authenticate_credentials(token)
        now = timezone.now()
        if found.last_used_at is None or (now - found.last_used_at).total_seconds() > 60:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        return user, found
