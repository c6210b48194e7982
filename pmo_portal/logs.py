"""Structured logs: one JSON object a line, control characters escaped, no secrets."""

import re
from typing import Any

import structlog

ADDRESS_SECRET = re.compile(r"(/password/reset/key/|/calendar-feed/)[^/\s]+")
SECRET_WORDS = ("password", "token", "secret", "authorization", "cookie", "session")


def hide_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace the values of keys that name a secret, and the secrets in addresses."""
    return {
        key: "[hidden]" if any(word in key.lower() for word in SECRET_WORDS) else without_secret(value)
        for key, value in event.items()
    }


def without_secret(value: Any) -> Any:
    """
    Return a text without the key of a password reset or a calendar; other values as they are.

    Examples
    --------
    >>> without_secret("GET /accounts/password/reset/key/3-abc-def/")
    'GET /accounts/password/reset/key/[hidden]/'
    """
    return ADDRESS_SECRET.sub(r"\1[hidden]", value) if isinstance(value, str) else value


def structlog_settings(*, level: str) -> dict[str, Any]:
    """Configure structlog and return the ``LOGGING`` setting that goes with it."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    hide_secrets,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
    }
