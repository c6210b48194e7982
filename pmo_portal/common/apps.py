"""App configuration of the common services."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Errors, jobs, health and the page shell."""

    name = "pmo_portal.common"
    label = "common"
