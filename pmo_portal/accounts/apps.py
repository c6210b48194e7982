"""App configuration of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and their rights."""

    name = "pmo_portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Make the names of the jobs known, and rights to the page shell."""
        from pmo_portal.accounts import jobs
        from pmo_portal.accounts.actions import ACTION_TITLES
        from pmo_portal.accounts.scopes import lasting_permissions
        from pmo_portal.common.action_titles import name_actions
        from pmo_portal.common.navigation import set_rights_question

        set_rights_question(lasting_permissions)
        name_actions(ACTION_TITLES)
