"""``manage.py create_admin``: the first administrator; there is no default one (SEC-64)."""

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.grants import grant_role
from pmo_portal.accounts.services.people import create_person, create_user
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.errors import DomainError


class Command(BaseCommand):
    """Asks for a password, or takes it from the environment variable ``PMO_ADMIN_PASSWORD``."""

    help = "Make an administrator. The password is asked for, or taken from PMO_ADMIN_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who it is, and which role besides."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--pmo-head", action="store_true", help="also make this person PMO head")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make the person, if new, and grant the role."""
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email).first() or self._new_user(email, options["name"])
        roles = [Role.ADMINISTRATOR, *([Role.PMO_HEAD] if options["pmo_head"] else [])]
        for role in roles:
            try:
                grant_role(actor=None, user=user, role=role, node=organization_node())
            except DomainError as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{email} can sign in as administrator.")

    def _new_user(self, email: str, name: str) -> User:
        """Return a new person with a password that passes the rules."""
        password = os.environ.get("PMO_ADMIN_PASSWORD") or _asked_password()
        try:
            validate_password(password, User(email=email, name=name))
            user = create_user(
                actor=None, email=email, name=name or email.split("@", maxsplit=1)[0], password=password
            )
            create_person(actor=None, name=user.name, email=email, user=user)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        return user


def _asked_password() -> str:
    """Return a password that was typed twice alike."""
    try:
        password = getpass.getpass("Password, at least 12 characters: ")
        again = getpass.getpass("Password again: ")
    except EOFError as nobody:
        raise CommandError(
            "There is no terminal to ask for the password; give it in the variable PMO_ADMIN_PASSWORD."
        ) from nobody
    if again != password:
        raise CommandError("The two passwords differ; nothing was made.")
    return password
