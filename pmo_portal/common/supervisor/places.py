"""What must be free before anything is started: the port and the data directory."""

import errno
import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PortInUseError(Exception):
    """Another program already listens on the port."""


class DataDirInUseError(Exception):
    """Another portal already runs on this data directory."""


def require_free_port(*, host: str, port: int) -> None:
    """Raise `PortInUseError` when nobody could listen on the address now."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            reason = "needs more rights than you have" if error.errno == errno.EACCES else "is in use"
            raise PortInUseError(f"Port {port} on {host} {reason}.") from error


@contextmanager
def hold_data_dir(data_dir: Path) -> Iterator[None]:
    """Hold the data directory for one portal; raise `DataDirInUseError` when another one holds it."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data_dir / "portal.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DataDirInUseError(f"Another portal already runs on {data_dir}.") from error
        yield
