"""App configuration of the portfolio."""

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    """PMO oversight."""

    name = "portfolio"
    label = "portfolio"

    def ready(self) -> None:
        """Make the names of the jobs known, what closing a project asks for, and what canceling it opens."""
        from pmo_portal.common.action_titles import name_actions
        from portfolio import jobs
        from portfolio.actions import ACTION_TITLES
        from portfolio.services.closing_lists import open_closing_list
        from portfolio.services.lessons import require_lessons
        from projects.services.closing import add_cancel_effect, add_closing_check

        name_actions(ACTION_TITLES)
        add_closing_check(require_lessons)
        add_cancel_effect(open_closing_list)
