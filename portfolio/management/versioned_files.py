"""What the commands that bring in versions from TOML files share."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pmo_portal.common.errors import DomainError
from pmo_portal.common.schedule import database_now
from portfolio.interchange.toml_table import ContentFileFault

TAKEN = frozenset({"VERSION_KNOWN", "DRAFT_BEGUN", "NEWER_IN_FORCE"})
"""A shipped number was given here to something else meanwhile, or is below one of the own."""


class VersionedFilesCommand(BaseCommand):
    """
    Bring in versions from TOML files; those that come with the portal without a file.

    ``shipped`` names the latter, ``read`` checks a file, ``load`` keeps what it says and returns it, or
    None when it is there already.
    """

    shipped: ClassVar[Callable[[], list[Path]]]
    read: ClassVar[Callable[[Path], Any]]
    load: ClassVar[Callable[[Any, datetime], Any]]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("files", nargs="*", type=Path, help="TOML files; without one the shipped files")
        parser.add_argument("--check", action="store_true", help="only say what is wrong with the files")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Read all files first, then load them.

        A number that is taken here is left out with a line that says so: the rest is loaded. Files that were
        named stop at the first one that cannot be loaded, and then nothing is.
        """
        try:
            read = [self.read(path) for path in options["files"] or self.shipped()]
        except ContentFileFault as fault:
            raise CommandError(str(fault)) from None
        if options["check"]:
            self.stdout.write(f"{len(read)} files are right.")
            return
        now = database_now().astimezone(ZoneInfo(settings.TIME_ZONE))
        try:
            with transaction.atomic():
                lines = [self._load(file, now, is_named=bool(options["files"])) for file in read]
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        for line in lines:
            self.stdout.write(line)

    def _load(self, file: Any, now: datetime, *, is_named: bool) -> str:
        """Return what became of a file."""
        try:
            with transaction.atomic():
                version = self.load(file, now)
        except DomainError as refusal:
            if is_named or refusal.code not in TAKEN:
                raise
            return f"{file.code} {file.version}: left out. {refusal}"
        state = getattr(version, "state", "loaded") if version else "there already"
        return f"{file.code} {file.version}: {state}"
