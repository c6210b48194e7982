"""The jar in the repository is what its Java source says (stack, MPXJ without a system Java)."""

import shutil
import subprocess
import zipfile

import pytest

from projects.interchange.charset.build import JAR, SERVICE, compile_classes


def javac_version() -> str:
    """Return what ``javac -version`` says, or nothing."""
    if not shutil.which("javac"):
        return ""
    return subprocess.run(["javac", "-version"], capture_output=True, text=True, check=True).stdout


def test_jar_is_small_and_complete() -> None:
    """Four classes and the line that offers the provider."""
    with zipfile.ZipFile(JAR) as jar:
        names = sorted(jar.namelist())
        service = jar.read(SERVICE)

    assert names == [
        SERVICE,
        "charset/MacRoman$Decoder.class",
        "charset/MacRoman$Encoder.class",
        "charset/MacRoman.class",
        "charset/MacRomanProvider.class",
    ]
    assert service == b"charset.MacRomanProvider\n"
    assert JAR.stat().st_size < 6000


def test_jar_rebuilt_from_source_is_the_same() -> None:
    """The bytes of each class are compared; another javac than 17 may order them differently."""
    version = javac_version()
    if not version:
        pytest.skip("no javac on this machine")
    if " 17." not in version:
        pytest.skip(f"the jar was compiled by javac 17, here is {version.strip()}")
    with zipfile.ZipFile(JAR) as jar:
        packed = {name: jar.read(name) for name in jar.namelist()}

    assert compile_classes() == packed


def test_table_of_source_is_mac_roman() -> None:
    """The upper 128 characters are those of Python's codec, which is checked against Apple's table."""
    source = (JAR.parent / "src" / "charset" / "MacRoman.java").read_text(encoding="ascii")

    escapes = "".join(f"\\u{ord(letter):04x}" for letter in bytes(range(128, 256)).decode("mac_roman"))

    assert "".join(part for part in source.split('"') if part.startswith("\\u")) == escapes
