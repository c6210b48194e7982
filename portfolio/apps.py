"""App configuration of the portfolio."""

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    """PMO oversight."""

    name = "portfolio"
    label = "portfolio"

    def ready(self) -> None:
        """Make the names of the jobs known."""
        from portfolio import jobs
