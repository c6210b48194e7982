"""The walls around a reading process hold (SEC-22)."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from projects.interchange.confinement import is_open_to_others

ROOT = Path(__file__).parents[3]
PROBE = """
import json, os, resource, socket, sys
sys.path.insert(0, sys.argv[1])
from projects.interchange.confinement import bound, give_up_rights
from projects.interchange.limits import ReadLimits
bound(ReadLimits(cpu_seconds=7, memory_bytes=3 << 30, output_bytes=1000))
give_up_rights([])
with socket.socket() as client:
    client.settimeout(2)
    reached = client.connect_ex(("127.0.0.1", int(sys.argv[2])))
limits = [resource.getrlimit(kind)[1] for kind in (
    resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]
print(json.dumps({"uid": os.getuid(), "groups": os.getgroups(), "reached": reached, "limits": limits}))
"""


def probe() -> tuple[dict[str, object], str]:
    """Return what a confined process says about itself, and its complaints."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        command = [sys.executable, "-I", "-c", PROBE, str(ROOT), str(port)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return json.loads(done.stdout), done.stderr


def test_confined_process_is_bounded() -> None:
    """Processor time, address space, file size and core dumps, as hard limits."""
    said, _ = probe()

    assert said["limits"] == [7, 3 << 30, 1000, 0]


def test_confined_process_reaches_no_network() -> None:
    """Not even the machine itself, where the kernel grants a namespace."""
    said, complaints = probe()
    if "no network namespace" in complaints:
        pytest.skip("the kernel grants no network namespace here")

    assert said["reached"] != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
def test_confined_process_of_root_is_nobody() -> None:
    """Neither user nor groups of root are left."""
    said, _ = probe()

    assert (said["uid"], said["groups"]) == (65534, [])


def test_is_open_to_others_looks_at_the_whole_path(tmp_path: Path) -> None:
    """A readable file in a closed folder is out of reach."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    inside = closed / "file"
    inside.touch()
    inside.chmod(0o644)

    assert is_open_to_others(Path("/usr/bin"))
    assert not is_open_to_others(inside)
    assert not is_open_to_others(tmp_path / "missing")
