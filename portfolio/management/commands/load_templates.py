"""Bring in project templates from TOML files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pmo_portal.common.errors import DomainError
from pmo_portal.common.schedule import database_now
from portfolio.interchange.template_file import TemplateFileFault, read_template, shipped_templates
from portfolio.services.project_templates import load_template


class Command(BaseCommand):
    """``manage.py load_templates [FILE …] [--check]``."""

    help = "Bring in project templates from TOML files; those that come with the portal without a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("files", nargs="*", type=Path, help="TOML files; without one the shipped files")
        parser.add_argument("--check", action="store_true", help="only say what is wrong with the files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read all files first, then load them; all or nothing."""
        try:
            read = [read_template(path) for path in options["files"] or shipped_templates()]
        except TemplateFileFault as fault:
            raise CommandError(str(fault)) from None
        if options["check"]:
            self.stdout.write(f"{len(read)} files are right.")
            return
        try:
            with transaction.atomic():
                made = [load_template(actor=None, file=file, now=database_now()) for file in read]
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        for file, version in zip(read, made, strict=True):
            state = version.state if version else "there already"
            self.stdout.write(f"{file.code} {file.version}: {state}")
