"""A schedule file is read once for all processes of a test run, refusals included."""

from pathlib import Path

import pytest

from projects.interchange import reading
from projects.interchange.java import JavaRuntime
from projects.interchange.limits import ReadLimits
from projects.interchange.refusal import RefusalCode, ScheduleRefused
from tests import readings

pytestmark = pytest.mark.pure
JAVA = JavaRuntime(home=Path("/java"), library=Path("/java/libjvm.so"), version="17.0.1", is_bundled=False)
LIMITS = ReadLimits()


class Reader:
    """Answers with the bytes of the source in capitals, refuses empty files, and counts what it read."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, folder: Path, runtime: JavaRuntime, limits: ReadLimits) -> None:
        self.runs += 1
        source = (folder / "source").read_bytes()
        if not source:
            raise ScheduleRefused(RefusalCode.TOO_LARGE, "FILE_SIZE", most=7)
        (folder / reading.WORK / "answer.json").write_bytes(source.upper())


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let every reading be that of another process: nothing is remembered but what the folder has."""
    monkeypatch.setenv(readings.FOLDER, str(tmp_path))
    monkeypatch.setattr(readings, "_answers", {})
    return monkeypatch


def read(reader: Reader, folder: Path, source: bytes) -> bytes:
    """Read a source in a folder of its own and return the answer."""
    (folder / reading.WORK).mkdir(parents=True)
    (folder / "source").write_bytes(source)
    readings.remembering(reader)(folder, JAVA, LIMITS)
    return (folder / reading.WORK / "answer.json").read_bytes()


def test_second_process_takes_what_the_first_read(processes: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reader = Reader()

    first = read(reader, tmp_path / "first", b"bridge")
    processes.setattr(readings, "_answers", {})
    second = read(reader, tmp_path / "second", b"bridge")
    other = read(reader, tmp_path / "third", b"tunnel")

    assert (first, second, other, reader.runs) == (b"BRIDGE", b"BRIDGE", b"TUNNEL", 2)


def test_second_process_is_refused_as_the_first(processes: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reader, said = Reader(), []

    for name in ("first", "second"):
        processes.setattr(readings, "_answers", {})
        with pytest.raises(ScheduleRefused) as refused:
            read(reader, tmp_path / name, b"")
        said.append((refused.value.code, refused.value.reason, refused.value.values))

    assert said == 2 * [(RefusalCode.TOO_LARGE, "FILE_SIZE", {"most": 7})]
    assert reader.runs == 1
