"""Forms of the sign-in pages."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from pmo_portal.common.queue import enqueue


class PasswordLinkForm(ResetPasswordForm):
    """Asks for a link by mail; known and unknown addresses take the same way (SEC-5)."""

    def clean_email(self) -> str:
        """Return the address; whether somebody has it is not looked up here."""
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Order the mail; the worker finds out whether there is somebody to write to."""
        email = str(self.cleaned_data["email"])
        origin = f"{request.scheme}://{request.get_host()}"
        enqueue("accounts.send_password_link", key=email, arguments={"email": email, "origin": origin})
        return email
