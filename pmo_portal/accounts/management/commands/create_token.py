"""``manage.py create_token``: an API token for somebody, printed once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.tokens import create_token
from pmo_portal.common.errors import DomainError


class Command(BaseCommand):
    """Prints the token, and nothing else, to standard output."""

    help = "Make an API token for somebody and print it. It cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose token, and what it may do."""
        parser.add_argument("--user", required=True, metavar="EMAIL", help="e-mail address of the person")
        parser.add_argument("--scope", choices=["read", "write"], default="read", help="default: read")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--days", type=int, default=90, help="days until it expires, 1 to 365")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the token."""
        user = User.objects.filter(email=options["user"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['user']}.")
        try:
            made = create_token(
                actor=None,
                user=user,
                name=options["name"],
                scope=options["scope"].upper(),
                days=options["days"],
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(made.secret)
