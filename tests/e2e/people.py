"""People a journey makes for itself, past the pages, on a running portal."""

from dataclasses import dataclass

from tests.portal import Portal

PASSWORD = "quite-a-long-journey-27"
_MAKE = """
from pmo_portal.accounts.models import Person, User
user, _ = User.objects.get_or_create(email={email!r}, defaults={{"name": {name!r}}})
user.set_password({password!r})
user.save()
Person.objects.get_or_create(user=user, defaults={{"name": {name!r}, "email": {email!r}}})
"""


@dataclass(frozen=True)
class Stranger:
    """Somebody who can sign in and holds no role."""

    name: str
    email: str
    password: str = PASSWORD


def make_stranger(portal: Portal, name: str) -> Stranger:
    """Make a person without any grant; the same name gives the same person."""
    stranger = Stranger(name=name, email=f"{name.lower()}@northwind.example")
    source = _MAKE.format(email=stranger.email, name=stranger.name, password=stranger.password)
    portal.manage("shell", "-v", "0", "-c", source)
    return stranger
