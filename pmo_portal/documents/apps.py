"""App configuration of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Uploads and generated files."""

    name = "pmo_portal.documents"
    label = "documents"

    def ready(self) -> None:
        """Make the names of the jobs known."""
        from pmo_portal.documents import jobs
