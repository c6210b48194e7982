"""Bring in document templates from TOML files."""

from datetime import datetime

from portfolio.interchange.document_file import DocumentFile, read_document, shipped_documents
from portfolio.management.versioned_files import VersionedFilesCommand
from portfolio.models import DocumentTemplate
from portfolio.services.document_templates import load_document


class Command(VersionedFilesCommand):
    """``manage.py load_documents [FILE …] [--check]``."""

    help = "Bring in document templates from TOML files; those that come with the portal without a file."
    shipped = staticmethod(shipped_documents)
    read = staticmethod(read_document)

    @staticmethod
    def load(file: DocumentFile, now: datetime) -> DocumentTemplate | None:
        """Keep what a file says."""
        return load_document(actor=None, file=file, today=now.date())
