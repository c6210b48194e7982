"""Publish the starter content of the library."""

from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pmo_portal.accounts.models import User
from pmo_portal.common.schedule import database_now
from portfolio.services.library_content import load_library


class Command(BaseCommand):
    """``manage.py load_library [--owner pmo.head@example.org]``."""

    help = "Publish the starter content of the library; what people changed is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--owner", help="e-mail of who owns new items and is reminded of their reviews")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what happened."""
        owner = None
        if options["owner"]:
            owner = User.objects.filter(email=options["owner"].lower()).first()
            if owner is None:
                raise CommandError(f"There is nobody with the address {options['owner']}.")
        today = database_now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        loaded = load_library(today=today, owner=owner)
        self.stdout.write(
            f"Library: {loaded.added} items added, {loaded.renewed} renewed, {loaded.kept} left as they are."
        )
