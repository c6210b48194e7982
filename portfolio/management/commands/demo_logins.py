"""Print who can sign in to the demo."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import DomainError
from portfolio.services.demo.sign_ins import demo_logins


class Command(BaseCommand):
    """``manage.py demo_logins [--json]``."""

    help = "Print role, e-mail and password of the people of the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per role."""
        try:
            logins = demo_logins()
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            rows = [
                {"role": row.role, "email": row.email, "password": row.password, "name": row.name}
                for row in logins
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        if not logins:
            self.stdout.write("The demo organization is not loaded.")
            if not User.objects.exists():
                self.stdout.write(
                    "Nobody can sign in yet. Make the first administrator, in another terminal:"
                )
                place = f"PMO_MODE={settings.MODE} PMO_DATA_DIR={settings.DATA_DIR}"
                self.stdout.write(
                    f"  {place} {sys.executable} manage.py create_admin --email you@example.org --pmo-head"
                )
            return
        self.stdout.write(f"Everybody of the demo signs in with the password {logins[0].password}")
        for row in logins:
            self.stdout.write(f"  {row.title:20} {row.email:40} {row.name}")
