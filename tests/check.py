"""All checks of ``make check``, side by side; every one runs, the exit code is honest."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
HOUSE_RULES = ("tests/architecture", "tests/docs")


def production_environment() -> dict[str, str]:
    """Return an environment a real installation could have, with random secrets."""
    return {
        "PMO_MODE": "production",
        "DJANGO_SETTINGS_MODULE": "pmo_portal.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "AUDIT_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "pmo.example.org",
        "CSRF_TRUSTED_ORIGINS": "https://pmo.example.org",
        "DATABASE_URL": "postgres://pmo:secret@127.0.0.1:1/pmo",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }


def checks(inner_rooms: Sequence[str]) -> list[tuple[str, list[str], Mapping[str, str]]]:
    """Return title, command and extra environment of every check; what takes longest begins first."""
    python = [sys.executable]
    manage = [*python, "manage.py"]
    test_mode = {"PMO_MODE": "test", "DATABASE_URL": "sqlite://:memory:"}
    deploy = ["check", "--deploy", "--fail-level", "WARNING"]
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    return [
        ("types", [*python, "-m", "mypy", *inner_rooms], test_mode),
        ("house rules and documents", [*python, "-m", "pytest", "-q", *HOUSE_RULES], {}),
        ("style", [str(TOOLS / "ruff"), "check", "--quiet", "."], {}),
        ("form", [str(TOOLS / "ruff"), "format", "--check", "--output-format", "concise", "."], {}),
        ("form of templates", [str(TOOLS / "djade"), "--check", "--target-version", "5.2", *templates], {}),
        ("walls", [str(TOOLS / "lint-imports"), "--no-logo"], test_mode),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], test_mode),
        ("settings of production", [*manage, *deploy], production_environment()),
    ]


def run(title: str, command: Sequence[str], extra: Mapping[str, str]) -> bool:
    """Run one check; print its output only when it fails."""
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **extra}, check=False, capture_output=True, text=True
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    line = f"{title:28} {verdict:7} {time.monotonic() - started:5.1f} s\n"
    said = done.stdout[-8000:] + done.stderr[-4000:] if done.returncode else ""
    sys.stdout.write(f"{line}{said}")
    sys.stdout.flush()
    return done.returncode == 0


def main(inner_rooms: Sequence[str]) -> int:
    """Run all checks; 0 when every one passed."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda check: run(*check), checks(inner_rooms)))
    print(f"{results.count(True)} checks passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
