"""What the commands that publish starter content share."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pmo_portal.accounts.models import User
from pmo_portal.common.schedule import database_now
from portfolio.interchange.toml_table import ContentFileFault
from portfolio.services.library_content import LoadedItems


class StarterContentCommand(BaseCommand):
    """Publish starter content; ``subject`` names it, ``load`` brings it in for a day and an owner."""

    subject: ClassVar[str]
    load: ClassVar[Callable[..., LoadedItems]]

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
        try:
            loaded = self.load(today=today, owner=owner)
        except ContentFileFault as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"{self.subject}: {loaded.added} added, {loaded.renewed} renewed, {loaded.kept} left as they are."
        )
