"""Mails about a person's own account."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from pmo_portal.accounts.models import User


def send_password_link(*, email: str, origin: str, is_invitation: bool = False) -> bool:
    """
    Mail a link to set a password, if an active person has this address.

    Parameters
    ----------
    email : str
        Any text a person typed; unknown addresses get no mail (SEC-5: the asker sees no difference).
    origin : str
        Scheme and host the link starts with, such as ``https://pmo.example.org``.
    is_invitation : bool
        Greet as a newcomer.

    Returns
    -------
    bool
        Whether a mail was sent.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        return False
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    address = reverse("account_reset_password_from_key", args=key.split("-", 1))
    kind = "invitation" if is_invitation else "password_link"
    context = {"user": user, "link": f"{origin.rstrip('/')}{address}"}
    with translation.override(user.spoken_language):
        subject = render_to_string(f"account/email/{kind}_subject.txt", context)
        body = render_to_string(f"account/email/{kind}_message.txt", context)
    send_mail(" ".join(subject.split()), body, None, [user.email])
    return True
