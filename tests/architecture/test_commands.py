"""The commands of the house are documented, and the list of changes exists."""

import re
import subprocess

from tests.architecture.house import ROOT


def _targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z]+):.*## ", (ROOT / "Makefile").read_text()))


def test_readme_documents_every_make_command() -> None:
    readme = (ROOT / "README.md").read_text()

    undocumented = {target for target in _targets() if f"make {target}" not in readme}

    assert undocumented == set()


def test_make_help_lists_every_command() -> None:
    printed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert set(re.findall(r"make ([a-z]+)", printed)) == _targets()
    assert {"run", "test", "check", "bench", "lock", "format", "clean", "help"} <= _targets()


def test_changes_are_told_to_users() -> None:
    assert "## " in (ROOT / "CHANGELOG.md").read_text()


def test_ci_runs_the_same_commands_as_people() -> None:
    script = (ROOT / ".ci" / "run").read_text()

    assert "make check" in script
    assert "make test" in script
    assert "CI=true" in script
