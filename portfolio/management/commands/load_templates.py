"""Bring in project templates from TOML files."""

from datetime import datetime

from portfolio.interchange.template_file import TemplateFile, read_template, shipped_templates
from portfolio.management.versioned_files import VersionedFilesCommand
from portfolio.models import TemplateVersion
from portfolio.services.project_templates import load_template


class Command(VersionedFilesCommand):
    """``manage.py load_templates [FILE …] [--check]``."""

    help = "Bring in project templates from TOML files; those that come with the portal without a file."
    shipped = staticmethod(shipped_templates)
    read = staticmethod(read_template)

    @staticmethod
    def load(file: TemplateFile, now: datetime) -> TemplateVersion | None:
        """Keep what a file says."""
        return load_template(actor=None, file=file, now=now)
