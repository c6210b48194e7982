"""The portal needs no network: it starts and answers in a place that has none (SEC-61)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]
# Bring up the loopback device, then start the portal as `make run` does.
INSIDE = """
import fcntl, socket, struct, sys, urllib.request
from pathlib import Path
with socket.socket() as device:
    fcntl.ioctl(device, 0x8914, struct.pack("16sh22x", b"lo", 0x41))
from tests.portal import running_portal
data_dir, migrated = Path(sys.argv[1]), sys.argv[2]
with running_portal(data_dir, arguments=("--no-demo",), migrated=migrated) as portal:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for address in ("/healthz", "/accounts/login/"):
        print(opener.open(portal.url + address, timeout=10).status)
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
except OSError:
    print("no network")
"""


def _closed_place() -> list[str]:
    """Return the command that opens a network namespace without any device, or skip."""
    command = ["unshare", "--net", "--map-root-user"]
    if shutil.which("unshare") is None or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("this machine does not let a process have a network of its own")
    return command


def test_portal_runs_without_any_network(tmp_path: Path, migrated: Path | None) -> None:
    """SEC-61."""
    places = [str(tmp_path / "data"), str(migrated or "")]
    command = [*_closed_place(), sys.executable, "-c", INSIDE, *places]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout.split("\n"), done.returncode) == (["200", "200", "no network", ""], 0), done.stderr
