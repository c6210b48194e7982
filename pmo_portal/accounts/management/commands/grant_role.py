"""``manage.py grant_role``: give somebody a role of the whole organization, whoever holds it now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pmo_portal.accounts.models import User
from pmo_portal.accounts.permissions import GIVEN_ROLES
from pmo_portal.accounts.services.grants import grant_role
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.errors import DomainError


class Command(BaseCommand):
    """For the administrator of the machine, such as when the only PMO head has left."""

    help = "Give somebody a role of the whole organization."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who and which role."""
        parser.add_argument("--user", required=True, metavar="EMAIL")
        parser.add_argument("--role", required=True, choices=GIVEN_ROLES)

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant it."""
        user = User.objects.filter(email=options["user"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['user']}.")
        try:
            grant = grant_role(actor=None, user=user, role=options["role"], node=organization_node())
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.email}: {grant.get_role_display()}")
