"""Tags of the sign-in pages."""

from django import template

from pmo_portal.accounts.selectors.people import DemoSignIn
from pmo_portal.accounts.selectors.people import demo_sign_ins as find_demo_sign_ins

register = template.Library()


@register.simple_tag
def demo_sign_ins() -> list[DemoSignIn]:
    """Return who the demo lets everybody be; nobody outside of a demo. One query."""
    return find_demo_sign_ins()
