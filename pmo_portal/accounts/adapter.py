"""Sign-in rules on top of django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.services import people, sign_in
from pmo_portal.common.middleware import client_address


class AccountAdapter(DefaultAccountAdapter):
    """Nobody registers alone; guesses are counted before hashing; no answer tells who exists."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False always: administrators invite people."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address by the configured number of proxies (SEC-2)."""
        return client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the profile after a change of the password."""
        return reverse("accounts:profile")

    def set_password(self, user: Any, password: str) -> None:
        """Set the password and end everything opened with the former one (SEC-7)."""
        super().set_password(user, password)
        request = self.request
        is_own = request is not None and request.user.is_authenticated and request.user.pk == user.pk
        current = (request.session.session_key or "") if request is not None and is_own else ""
        people.password_changed(user=user, current_session=current)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """
        Return the person whose password this is, else None.

        The guess is counted before the password is hashed (SEC-1); somebody who may not sign in any
        more gets the same answer as a wrong password (SEC-5).
        """
        email, address = str(credentials.get("email", "")), client_address(request)
        try:
            sign_in.count_guess(email=email, address=address, now=timezone.now())
        except sign_in.TooManyGuesses as refusal:
            raise ValidationError(str(refusal), code="too_many_login_attempts") from refusal
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if user is not None:
            sign_in.forgive_guess(email=email, address=address)
        return user
