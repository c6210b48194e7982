"""App configuration of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Uploads and generated files."""

    name = "pmo_portal.documents"
    label = "documents"
