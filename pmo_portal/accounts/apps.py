"""App configuration of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and their rights."""

    name = "pmo_portal.accounts"
    label = "accounts"
