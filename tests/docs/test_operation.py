"""What an operator can set, call and watch is documented."""

import re

import pytest

from tests.architecture.house import APPS
from tests.docs.pages import ROOT, first_cells, page

pytestmark = pytest.mark.pure

OPERATIONS = "docs/operations.md"


def _settings() -> set[str]:
    """Return the variables the settings read."""
    text = (ROOT / "pmo_portal" / "settings.py").read_text()
    return set(re.findall(r"""(?:\benv\.\w+|_secret)\(\s*"([A-Z][A-Z0-9_]+)\"""", text))


def _commands() -> set[str]:
    paths = [path for app in APPS for path in (ROOT / app).rglob("management/commands/*.py")]
    return {path.stem for path in paths if path.stem != "__init__"}


def _jobs() -> set[str]:
    texts = [path.read_text() for app in APPS for path in (ROOT / app).rglob("jobs.py")]
    return {name for text in texts for name in re.findall(r"""@job\(\s*"([a-z_.]+)\"""", text)}


def test_settings_are_found() -> None:
    assert {"SECRET_KEY", "AUDIT_KEY", "DATABASE_URL", "EMAIL_URL", "PMO_MODE"} <= _settings()


def test_every_setting_is_documented_and_no_other() -> None:
    table = page(OPERATIONS).split("## Settings")[1].split("\n## ")[0]

    assert first_cells(table) == _settings()


def test_every_variable_of_other_code_is_named() -> None:
    read = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if path.name != "settings.py":
                read |= set(re.findall(r"""environ(?:\.get\(|\[)"([A-Z_]+)\"""", path.read_text()))

    assert {name for name in read if f"`{name}`" not in page(OPERATIONS)} == set()


def test_variables_of_the_compose_file_are_explained() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text())) - {"PMO_VERSION"}

    example = (ROOT / ".env.example").read_text()

    assert {name for name in asked if f"{name}=" not in example} == set()
    assert {name for name in asked if f"`{name}`" not in page("README.md")} == set()


def test_every_command_is_documented_and_no_other() -> None:
    table = page(OPERATIONS).split("## Commands")[1].split("\n## ")[0]

    assert first_cells(table) == _commands()


def test_commands_in_examples_exist() -> None:
    known = _commands() | {"migrate", "collectstatic", "makemessages", "compilemessages"}
    used = {
        name
        for path in ("README.md", "CONTRIBUTING.md", OPERATIONS, "docs/api.md", "docs/translations.md")
        for name in re.findall(r"manage\.py ([a-z_]+)", page(path))
    }

    assert used - known == set()


def test_every_job_is_documented_and_no_other() -> None:
    table = page(OPERATIONS).split("## What runs in the background")[1].split("\n## ")[0]

    assert first_cells(table) == _jobs()


def test_make_commands_in_the_documentation_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):.*## ", (ROOT / "Makefile").read_text()))
    readme = page("README.md")

    assert set(re.findall(r"\| `make ([a-z]+)` \|", readme)) == targets
    assert set(re.findall(r"\bmake ([a-z]+)`", page("CONTRIBUTING.md") + page(OPERATIONS))) <= targets
