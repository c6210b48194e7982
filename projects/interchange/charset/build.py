"""Compile the charset provider into ``macroman.jar`` (needs a ``javac`` of version 17 or later)."""

import subprocess
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
JAR = HERE / "macroman.jar"
SERVICE = "META-INF/services/java.nio.charset.spi.CharsetProvider"
EPOCH = (2026, 1, 1, 0, 0, 0)


def compile_classes(javac: str = "javac") -> dict[str, bytes]:
    """Return the content of the jar by entry name, compiled from the sources beside this module."""
    sources = sorted(str(path) for path in (HERE / "src").rglob("*.java"))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([javac, "--release", "17", "-g:none", "-d", folder, *sources], check=True)
        root = Path(folder)
        entries = {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.class"))}
    entries[SERVICE] = b"charset.MacRomanProvider\n"
    return entries


def build(target: Path = JAR) -> None:
    """Write the jar, the same bytes for the same compiler."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as jar:
        for name, content in sorted(compile_classes().items()):
            jar.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    build()
