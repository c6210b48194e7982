"""Who can sign in to the demo."""

from dataclasses import dataclass

from django.conf import settings

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from portfolio.services.demo.cast import address
from portfolio.services.demo.loading import require_demo_allowed
from portfolio.services.demo.staff import SIGN_INS


@dataclass(frozen=True)
class DemoLogin:
    """One person of the demo everybody may be; ``role`` is the code, ``title`` its name."""

    role: str
    title: str
    email: str
    password: str
    name: str


def demo_logins() -> list[DemoLogin]:
    """Return one sign-in per role, in order of the roles; none while the demo is not loaded. One query."""
    require_demo_allowed()
    known = dict(
        User.objects.filter(
            email__in=[address(member.mailbox) for member in SIGN_INS], is_active=True
        ).values_list("email", "name")
    )
    logins = [
        DemoLogin(
            role=str(member.role),
            title=str(Role(member.role).label),
            email=address(member.mailbox),
            password=settings.DEMO_PASSWORD,
            name=known[address(member.mailbox)],
        )
        for member in SIGN_INS
        if address(member.mailbox) in known
    ]
    order = list(Role.values)
    return sorted(logins, key=lambda login: order.index(login.role))
