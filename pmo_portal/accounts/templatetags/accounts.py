"""Tags of the sign-in pages and of the page shell."""

from typing import Any

from django import template

from pmo_portal.accounts.models import EmergencyAccess
from pmo_portal.accounts.selectors.emergency import open_access_of
from pmo_portal.accounts.selectors.people import DemoSignIn
from pmo_portal.accounts.selectors.people import demo_sign_ins as find_demo_sign_ins

register = template.Library()


@register.simple_tag
def demo_sign_ins() -> list[DemoSignIn]:
    """Return who the demo lets everybody be; nobody outside of a demo. One query."""
    return find_demo_sign_ins()


@register.simple_tag
def open_emergency_access(user: Any) -> EmergencyAccess | None:
    """Return the emergency access the person reads with. One query for somebody who has one."""
    return open_access_of(user)
