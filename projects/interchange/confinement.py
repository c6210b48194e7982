"""
The walls around a process that reads a file of unknown origin (SEC-22).

Limits on processor time, address space, file size and core dumps; no network, by a network namespace of its
own where the kernel grants one (Linux, as root or with user namespaces: elsewhere the process only lacks any
reason to connect); the user ``nobody`` instead of root, where everything needed can be read by others.
"""

import ctypes
import os
import resource
import signal
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from projects.interchange.limits import ReadLimits

NOBODY = 65534
NEW_USER = 0x10000000
NEW_NETWORK = 0x40000000
PARENT_DEATH_SIGNAL = 1
GRACE_SECONDS = 2


def bound(limits: ReadLimits) -> None:
    """Bound what this process may use and cut it off the network; before it starts any thread."""
    _bound(resource.RLIMIT_CPU, limits.cpu_seconds)
    _bound(resource.RLIMIT_AS, limits.memory_bytes)
    _bound(resource.RLIMIT_FSIZE, limits.output_bytes)
    _bound(resource.RLIMIT_CORE, 0)
    signal.alarm(int(limits.wall_seconds) + GRACE_SECONDS)
    _leave_network()


def give_up_rights(needs: Iterable[Path]) -> None:
    """Become ``nobody`` where this is root and others can read all of ``needs``; end with the parent."""
    if os.geteuid() == 0 and all(is_open_to_others(path) for path in needs):
        _become_nobody()
    _die_with_parent()


def is_open_to_others(path: Path) -> bool:
    """Return whether any user can reach and read the file or folder."""
    resolved = path.resolve()
    if not resolved.exists() or not resolved.stat().st_mode & stat.S_IROTH:
        return False
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in resolved.parents)


def _bound(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (ValueError, OSError):
        sys.stderr.write(f"limit {kind} could not be set\n")


def _leave_network() -> None:
    """Enter an empty network namespace; without one, go on."""
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None, use_errno=True)
    flags = NEW_NETWORK if os.geteuid() == 0 else NEW_NETWORK | NEW_USER
    if library.unshare(flags) != 0:
        sys.stderr.write("no network namespace granted\n")


def _become_nobody() -> None:
    try:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    except OSError:
        sys.stderr.write("the user could not be changed\n")


def _die_with_parent() -> None:
    """Ask for the end of this process when its parent ends (after the change of user, which resets it)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
