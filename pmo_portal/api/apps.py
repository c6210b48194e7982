"""App configuration of the API plumbing."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, errors, pages, limits."""

    name = "pmo_portal.api"
    label = "api"
