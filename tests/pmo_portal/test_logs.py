"""Logs keep no secrets (SEC-8, SEC-60)."""

import json
import logging
import sys

import structlog

from pmo_portal.logs import hide_secrets, structlog_settings


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


def test_record_is_one_line_that_nobody_can_forge_and_names_its_request() -> None:
    """SEC-60: what people type cannot begin a line of its own, a fault with its trace neither."""
    kept = structlog_settings(level="INFO")["formatters"]["json"]
    formatter = kept.pop("()")(**kept)
    typed = 'x\r\n{"event": "forged"}\u2028\x1b[31m'
    try:
        raise ValueError(typed)
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("pmo", logging.ERROR, __file__, 1, "Refused %s", (typed,), fault)

    with structlog.contextvars.bound_contextvars(request_id="abc", token="s3cret"):
        line = formatter.format(record)

    said = json.loads(line)
    assert line.isascii()
    assert line.isprintable()
    assert said["event"] == f"Refused {typed}"
    assert "ValueError" in said["exception"]
    assert (said["request_id"], said["level"], said["token"]) == ("abc", "error", "[hidden]")
