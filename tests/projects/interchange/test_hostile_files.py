"""Hostile and broken files are refused clearly and fast, nothing stays (SEC-19, SEC-20, SEC-22, SEC-23)."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from projects.interchange.limits import MEGABYTE, ReadLimits
from projects.interchange.reading import read_schedule
from projects.interchange.refusal import RefusalCode, ScheduleRefused
from tests.projects.interchange.hostile import Hostile, other_files, xml_files
from tests.projects.interchange.samples import KNOWN_MPP, mspdi_tasks

CORPUS = [*xml_files(), *other_files()]
# Two seconds on an idle machine (SEC-19); a test run shares its processors.
LONGEST_SECONDS = 10


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the reading a temporary folder that can be looked into afterwards."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def refuse(path: Path, limits: ReadLimits | None = None) -> ScheduleRefused:
    """Read a file that must be refused, and return the refusal."""
    with pytest.raises(ScheduleRefused) as caught:
        read_schedule(path, limits=limits or ReadLimits())
    return caught.value


@pytest.mark.parametrize("hostile", CORPUS, ids=[hostile.name for hostile in CORPUS])
def test_hostile_file_is_refused(hostile: Hostile, tmp_path: Path, temporary_folder: Path) -> None:
    """One clear line, in time, nothing left (SEC-19, SEC-20, SEC-23); the name promises an .mpp."""
    path = tmp_path / "plan.mpp"
    path.write_bytes(hostile.make())
    started = time.monotonic()

    refused = refuse(path)

    assert refused.code in hostile.codes
    assert refused.message.endswith(".")
    assert "\n" not in refused.message
    assert str(temporary_folder) not in refused.message
    assert time.monotonic() - started < LONGEST_SECONDS
    assert list(temporary_folder.iterdir()) == []


def test_hostile_corpus_is_large() -> None:
    """SEC-19 asks for at least 40 files."""
    assert len(CORPUS) >= 40
    assert len({hostile.name for hostile in CORPUS}) == len(CORPUS)


@pytest.mark.skipif(KNOWN_MPP is None, reason="no reference data: set PMO_ORACLE_DIR to the oracle folder")
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_truncated_mpp_is_refused(share: float, tmp_path: Path, temporary_folder: Path) -> None:
    """A real file cut off anywhere is broken (SEC-23)."""
    assert KNOWN_MPP is not None
    content = KNOWN_MPP.read_bytes()
    path = tmp_path / "cut.mpp"
    path.write_bytes(content[: int(len(content) * share)])

    refused = refuse(path)

    assert refused.code in {RefusalCode.BROKEN_FILE, RefusalCode.UNKNOWN_FORMAT}
    assert "broken" in refused.message or "cut off" in refused.message
    assert list(temporary_folder.iterdir()) == []


def test_file_above_the_cap_is_refused_unread(tmp_path: Path) -> None:
    """Size is looked at before anything else (SEC-19)."""
    path = tmp_path / "large.mpp"
    with path.open("wb") as stream:
        stream.truncate(51 * MEGABYTE)

    refused = refuse(path)

    assert (refused.code, refused.message) == (RefusalCode.TOO_LARGE, "The file is larger than 50 MB.")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A path that is not there is an answer, not a fault."""
    assert refuse(tmp_path / "nothing.mpp").code is RefusalCode.BROKEN_FILE


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ReadLimits(wall_seconds=0.3), RefusalCode.TIMEOUT),
        (ReadLimits(cpu_seconds=1), RefusalCode.TIMEOUT),
        (ReadLimits(heap_bytes=8 * MEGABYTE), RefusalCode.MEMORY),
        (ReadLimits(memory_bytes=300 * MEGABYTE), RefusalCode.NO_JAVA),
        (ReadLimits(output_bytes=200_000), RefusalCode.TOO_LARGE),
        (ReadLimits(task_count=100), RefusalCode.TOO_LARGE),
    ],
    ids=["wall", "cpu", "heap", "memory", "output", "tasks"],
)
def test_reading_beyond_a_limit_is_ended(
    limits: ReadLimits, code: RefusalCode, tmp_path: Path, temporary_folder: Path
) -> None:
    """The parent survives, the child and its files are gone (SEC-22)."""
    path = tmp_path / "long.xml"
    path.write_bytes(mspdi_tasks(5000))

    assert refuse(path, limits).code is code
    assert list(temporary_folder.iterdir()) == []
