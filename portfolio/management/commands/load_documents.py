"""Bring in document templates from TOML files."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pmo_portal.common.errors import DomainError
from pmo_portal.common.schedule import database_now
from portfolio.interchange.document_file import DocumentFileFault, read_document, shipped_documents
from portfolio.services.document_templates import load_document


class Command(BaseCommand):
    """``manage.py load_documents [FILE …] [--check]``."""

    help = "Bring in document templates from TOML files; those that come with the portal without a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("files", nargs="*", type=Path, help="TOML files; without one the shipped files")
        parser.add_argument("--check", action="store_true", help="only say what is wrong with the files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read all files first, then load them; all or nothing."""
        try:
            read = [read_document(path) for path in options["files"] or shipped_documents()]
        except DocumentFileFault as fault:
            raise CommandError(str(fault)) from None
        if options["check"]:
            self.stdout.write(f"{len(read)} files are right.")
            return
        today: date = database_now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        try:
            with transaction.atomic():
                made = [load_document(actor=None, file=file, today=today) for file in read]
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        for file, version in zip(read, made, strict=True):
            self.stdout.write(f"{file.code} {file.version}: {'loaded' if version else 'there already'}")
