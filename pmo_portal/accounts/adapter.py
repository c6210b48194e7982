"""Sign-in rules on top of django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody registers alone: administrators invite people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False always."""
        return False
