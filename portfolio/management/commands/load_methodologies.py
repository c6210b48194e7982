"""Bring in methodologies from TOML files."""

from datetime import datetime

from portfolio.interchange.methodology_file import MethodologyFile, read_methodology, shipped_files
from portfolio.management.versioned_files import VersionedFilesCommand
from portfolio.models import MethodologyVersion
from portfolio.services.methodologies import load_methodology


class Command(VersionedFilesCommand):
    """``manage.py load_methodologies [FILE …] [--check]``."""

    help = "Bring in methodologies from TOML files; those that come with the portal without a file."
    shipped = staticmethod(shipped_files)
    read = staticmethod(read_methodology)

    @staticmethod
    def load(file: MethodologyFile, now: datetime) -> MethodologyVersion | None:
        """Keep what a file says."""
        return load_methodology(actor=None, file=file, today=now.date())
