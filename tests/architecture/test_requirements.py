"""Every requirement is pinned, has a reason, and is locked with hashes (SEC-61)."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

PINNED = re.compile(r"^(?P<name>[a-z0-9-]+)(\[[a-z,]+\])?==(?P<version>[0-9][^\s]*)\s+# (?P<reason>\S.+)$")


def _lines(path: Path) -> list[str]:
    """Return the requirement lines of a file: no comments, no references to other files."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "-r"))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirement_is_pinned(name: str) -> None:
    """SEC-61."""
    loose = [line for line in _lines(ROOT / name) if "==" not in line]

    assert loose == []


def test_requirement_of_the_product_has_a_reason() -> None:
    without_reason = [line for line in _lines(ROOT / "requirements.txt") if not PINNED.match(line)]

    assert without_reason == []


@pytest.mark.parametrize("stem", ["requirements", "requirements-dev"])
def test_lock_holds_every_requirement_with_hashes(stem: str) -> None:
    """SEC-61."""
    lock = (ROOT / f"{stem}.lock").read_text()
    locked = dict(re.findall(r"(?m)^([a-z0-9-]+)==([^\s;]+)", lock))
    wanted = {}
    for line in _lines(ROOT / f"{stem}.txt"):
        name, version = re.split(r"\[.*?\]==|==", line.split("#")[0].strip())
        wanted[name] = version

    different = {name: version for name, version in wanted.items() if locked.get(name) != version}

    assert different == {}
    assert all("--hash=sha256:" in block for block in re.split(r"(?m)^(?=[a-z0-9-]+==)", lock)[1:])


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_lock_names_no_registry_of_ours(name: str) -> None:
    hosts = set(re.findall(r"https?://([^/\s\"]+)", (ROOT / name).read_text()))

    assert {host for host in hosts if host.endswith((".internal", ".local")) or "@" in host} == set()
    assert not {host for host in hosts if re.match(r"^[\d.:]+$|^localhost", host)}
