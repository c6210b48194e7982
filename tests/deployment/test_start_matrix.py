"""An installation with an unsafe setting does not start, and says which setting it is (SEC-64)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.check import production_environment

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]
RANDOM = "q7Vb2LxN0cWz8RkJ4mTf6YhD1sGp9EuA3oKiB5vXnZrMwQyCtUeH"

# name -> changed settings (None takes the setting away), the word the refusal must contain.
UNSAFE: dict[str, tuple[dict[str, str | None], str]] = {
    "no secret": ({"SECRET_KEY": None}, "SECRET_KEY"),
    "empty secret": ({"SECRET_KEY": ""}, "SECRET_KEY"),
    "short secret": ({"SECRET_KEY": RANDOM[:40]}, "SECRET_KEY"),
    "monotonous secret": ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY"),
    "secret of Django's own demo": ({"SECRET_KEY": f"django-insecure-{RANDOM}"}, "SECRET_KEY"),
    "demo secret": ({"SECRET_KEY": f"demo-{RANDOM}"}, "SECRET_KEY"),
    "test secret": ({"SECRET_KEY": f"test-{RANDOM}"}, "SECRET_KEY"),
    "secret that asks to be changed": ({"SECRET_KEY": f"Change-me-{RANDOM}"}, "SECRET_KEY"),
    "no audit key": ({"AUDIT_KEY": None}, "AUDIT_KEY"),
    "short audit key": ({"AUDIT_KEY": "short"}, "AUDIT_KEY"),
    "one key for two ends": ({"SECRET_KEY": RANDOM, "AUDIT_KEY": RANDOM}, "AUDIT_KEY"),
    "no host names": ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
    "every host name": ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    "every host name among others": ({"ALLOWED_HOSTS": "pmo.example.org,*"}, "ALLOWED_HOSTS"),
    "no queue": ({"REDIS_URL": None}, "REDIS_URL"),
    "no database": ({"DATABASE_URL": None}, "DATABASE_URL"),
    "unknown mode": ({"PMO_MODE": "debug"}, "PMO_MODE"),
    "sessions that never end": ({"SESSION_IDLE_SECONDS": "999999"}, "SESSION_IDLE_SECONDS"),
    "sessions of a role that never end": (
        {"SESSION_IDLE_BY_ROLE": "EXECUTIVE=3600, ADMINISTRATOR=99999"},
        "SESSION_IDLE_BY_ROLE",
    ),
    "role without a time": ({"SESSION_IDLE_BY_ROLE": "ADMINISTRATOR"}, "SESSION_IDLE_BY_ROLE"),
    "origins without encryption": (
        {"CSRF_TRUSTED_ORIGINS": "http://pmo.example.org"},
        "CSRF_TRUSTED_ORIGINS",
    ),
}


COOKIES = """import pmo_portal.settings as s
from django.conf import global_settings as g
for kind in ("SESSION", "CSRF"):
    said = (getattr(s, f"{kind}_COOKIE_{what}", getattr(g, f"{kind}_COOKIE_{what}"))
            for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN"))
    print(*said)
"""


def _start(
    changes: dict[str, str | None], ask: str = "import pmo_portal.settings as s; print(s.DEBUG, s.MODE)"
) -> subprocess.CompletedProcess[str]:
    """Load the settings as every process of an installation does at its start."""
    environment: dict[str, str | None] = {**os.environ, **production_environment(), **changes}
    return subprocess.run(
        [sys.executable, "-c", ask],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_installation_is_refused(name: str) -> None:
    """SEC-64."""
    changes, word = UNSAFE[name]

    done = _start(changes)

    last_line = done.stderr.strip().splitlines()[-1:]
    assert (done.returncode, done.stdout) == (1, "")
    assert "ImproperlyConfigured" in last_line[0]
    assert word in last_line[0]


def test_safe_installation_starts_without_debug() -> None:
    """SEC-64: production is the default mode and never shows its insides."""
    done = _start({"PMO_MODE": None, "DEBUG": "1"})

    assert (done.returncode, done.stdout) == (0, "False production\n")


def test_cookies_are_bound_to_the_host_and_to_encryption() -> None:
    """SEC-4: ``__Host-`` asks a browser for Secure, the path / and no domain."""
    done = _start({}, ask=COOKIES)

    assert done.stdout.splitlines() == [
        "__Host-pmo_session True True Lax / None",
        "__Host-pmo_csrf True True Lax / None",
    ]
