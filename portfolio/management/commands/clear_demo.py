"""Set the demo organization aside and start with your own."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, call_command
from django.core.validators import validate_email
from django.utils import timezone

from pmo_portal.common.errors import DomainError
from pmo_portal.common.supervisor import DataDirInUseError, hold_data_dir
from portfolio.services.demo.clearing import require_demo_to_clear, set_demo_aside


class Command(BaseCommand):
    """``manage.py clear_demo --admin-email EMAIL [--admin-name NAME]``, while the portal is stopped."""

    help = "Set the demo aside (nothing is deleted) and make an empty portal with one administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the first administrator."""
        parser.add_argument("--admin-email", required=True, help="e-mail of the first administrator")
        parser.add_argument("--admin-name", default="", help="name of the first administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything first, then set aside, prepare, and name the administrator."""
        try:
            with hold_data_dir(settings.DATA_DIR):
                self._clear(email=options["admin_email"].strip().lower(), name=options["admin_name"])
        except DataDirInUseError as error:
            raise CommandError(f"{error} Stop it first (Ctrl-C where it runs).") from error
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _clear(self, *, email: str, name: str) -> None:
        database = require_demo_to_clear()
        password = os.environ.get("PMO_ADMIN_PASSWORD") or getpass.getpass("Password of the administrator: ")
        try:
            validate_email(email)
            validate_password(password)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if email.endswith(f"@{settings.DEMO_DOMAIN}"):
            raise CommandError("The administrator needs an address of your own, not one of the demo.")
        folder = set_demo_aside(database=database, now=timezone.now())
        self.stdout.write(f"The demo was set aside in {folder}.")
        os.environ["PMO_ADMIN_PASSWORD"] = password
        call_command("migrate", interactive=False, verbosity=0)
        call_command("create_admin", email=email, name=name, pmo_head=True, stdout=self.stdout)
        self.stdout.write("Start the portal again: make run. It is empty and yours.")
