"""
Real PostgreSQL and Redis servers for a test run, in a temporary place and on free ports.

``python -m tests.servers -- COMMAND`` runs a command with ``DATABASE_URL`` and ``REDIS_URL`` set and
stops the servers afterwards, whatever happened. As root the servers run as an unprivileged user.
"""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

PR_SET_PDEATHSIG = 1
REDIS_DATABASES = 64
# Below the ports a system gives to outgoing connections: those take a port that was free a moment ago.
PORTS = range(20_000, 32_000)
START_SECONDS = 30
STOP_SECONDS = 10
_C_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None


class ServerMissingError(Exception):
    """A server is not installed, or cannot be run by this user."""


def free_port() -> int:
    """Return a port of the loopback address nobody listens on now; another process hardly picks the same."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def own_redis(url: str) -> str:
    """Return the address of the Redis database that belongs to this process of a parallel test run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        return url
    return urlsplit(url)._replace(path=f"/{int(worker.removeprefix('gw')) + 1}").geturl()


def find_program(name: str) -> str:
    """Return the path of a server program; Debian keeps PostgreSQL's outside of PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = shutil.which(name) or next(
        (str(b / name) for b in reversed(versions) if (b / name).exists()), None
    )
    if found is None:
        raise ServerMissingError(f"{name} is not installed")
    return found


def missing_servers() -> list[str]:
    """Return the servers this machine does not have."""
    missing = []
    for name, program in (("PostgreSQL", "initdb"), ("Redis", "redis-server")):
        try:
            find_program(program)
        except ServerMissingError:
            missing.append(name)
    return missing


def server_user() -> str | None:
    """Return the unprivileged user for the servers when root runs the tests, else None."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in names:
            return name
    raise ServerMissingError("no unprivileged user to run PostgreSQL as")


class Server:
    """One server process: start, kill, start again on the same data, stop."""

    def __init__(
        self, command: Sequence[str], *, port: int, log_file: Path, end_signal: int, url: str
    ) -> None:
        self.url = url
        self.port = port
        self._command = command
        self._log_file = log_file
        self._end_signal = end_signal
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process and wait until it accepts connections."""

        def die_with_starter() -> None:
            if _C_LIBRARY is not None:
                _C_LIBRARY.prctl(PR_SET_PDEATHSIG, self._end_signal, 0, 0, 0)

        with self._log_file.open("ab") as output:
            self._process = subprocess.Popen(
                list(self._command),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=die_with_starter,  # noqa: PLW1509 - started from one thread
                cwd="/",
                **_as_user(),
            )
        self._wait_until_ready()

    def kill(self) -> None:
        """End the process at once, as a crash would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask the process to end, and end it when it does not."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(self._end_signal)
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self._command[0]} did not start:\n{self._log_file.read_text()[-2000:]}")

    def _answers(self) -> bool:
        if self.url.startswith("redis"):
            import redis

            try:
                return bool(redis.Redis.from_url(self.url).ping())
            except redis.exceptions.RedisError:
                return False
        import psycopg2

        try:
            psycopg2.connect(self.url.rsplit("/", 1)[0] + "/postgres").close()
        except psycopg2.OperationalError:
            return False
        return True


def _as_user() -> dict[str, object]:
    """Return the arguments of `subprocess.Popen` that give up root."""
    user = server_user()
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder the servers may write to; remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pmo-servers-"))
    try:
        user = server_user()
        if user:
            entry = pwd.getpwnam(user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql(folder: Path) -> Iterator[Server]:
    """Run a new PostgreSQL cluster; its database is called ``pmo``."""
    password, port, data = secrets.token_hex(16), free_port(), folder / "pg"
    password_file = folder / "password"
    password_file.write_text(password)
    password_file.chmod(0o644)
    initdb = [find_program("initdb"), "-D", str(data), "-U", "pmo", "-E", "UTF8", "--no-locale", "--no-sync"]
    initdb += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
    subprocess.run(initdb, check=True, capture_output=True, cwd="/", **_as_user())  # type: ignore[call-overload]
    fast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100"]
    fast += ["listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "log_min_messages=fatal"]
    command = [find_program("postgres"), "-D", str(data), "-p", str(port)]
    command += [part for option in fast for part in ("-c", option)]
    url = f"postgres://pmo:{password}@127.0.0.1:{port}/pmo"
    log_file = folder.with_suffix(".pg.log")
    server = Server(command, port=port, log_file=log_file, end_signal=signal.SIGINT, url=url)
    try:
        server.start()
        _create_database(url)
        yield server
    finally:
        server.stop()
        log_file.unlink(missing_ok=True)


def _create_database(url: str) -> None:
    """Create the database ``pmo`` of a new cluster."""
    import psycopg2

    connection = psycopg2.connect(url.rsplit("/", 1)[0] + "/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE pmo")
    connection.close()


@contextmanager
def redis_server(folder: Path) -> Iterator[Server]:
    """Run a Redis server, set up as production is: AOF every second, no eviction."""
    password, port = secrets.token_hex(16), free_port()
    command = [find_program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"]
    command += ["--save", "", "--requirepass", password, "--databases", str(REDIS_DATABASES)]
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    log_file = folder.with_suffix(".redis.log")
    server = Server(command, port=port, log_file=log_file, end_signal=signal.SIGTERM, url=url)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        log_file.unlink(missing_ok=True)


@contextmanager
def both() -> Iterator[dict[str, str]]:
    """Run PostgreSQL and Redis; yield the environment that points to them."""
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        database = stack.enter_context(postgresql(folder))
        queue = stack.enter_context(redis_server(folder))
        yield {"DATABASE_URL": database.url, "REDIS_URL": queue.url}


def main(arguments: list[str]) -> int:
    """Run the command after ``--`` with both servers; return its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    missing = missing_servers()
    if missing:
        print(f"Cannot run: {' and '.join(missing)} not installed.", file=sys.stderr)
        return 3
    with both() as environment:
        return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
