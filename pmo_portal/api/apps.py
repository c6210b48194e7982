"""App configuration of the API plumbing."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, errors, pages, limits."""

    name = "pmo_portal.api"
    label = "api"

    def ready(self) -> None:
        """Teach the schema how tokens are sent; make the names of the jobs known."""
        from pmo_portal.api import jobs, schema
