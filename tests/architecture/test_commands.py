"""The commands of the house are documented, and the list of changes exists."""

import os
import re
import subprocess
import sys

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


def test_command_whose_output_nobody_reads_on_ends_in_peace() -> None:
    """``manage.py … | head`` is no fault and leaves no trace of one."""
    command = [sys.executable, "manage.py", "help"]
    environment = os.environ | {"PMO_MODE": "embedded", "PYTHONUNBUFFERED": "1"}
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )

    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
