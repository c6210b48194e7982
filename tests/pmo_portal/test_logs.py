"""Logs keep no secrets (SEC-8, SEC-60)."""

from pmo_portal.logs import hide_secrets


def test_secrets_and_reset_keys_are_hidden() -> None:
    """Values of keys that name a secret, and the key in a reset link."""
    event = {
        "event": "request_started",
        "request": "GET /accounts/password/reset/key/3-set-4f2a/",
        "api_token": "abc",
        "code": 200,
    }

    assert hide_secrets(None, "info", event) == {
        "event": "request_started",
        "request": "GET /accounts/password/reset/key/[hidden]/",
        "api_token": "[hidden]",
        "code": 200,
    }
