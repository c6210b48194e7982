"""
Many schedule files read with one Java, which takes longer to start than most files to read.

The code is that of the reading process, without its walls; those are proven file by file elsewhere. Run as
a program, it takes lines of source and target and writes the documents of the source to the target.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from projects.interchange.document import ProjectDocument  # noqa: E402
from projects.interchange.java import class_path, java_runtime  # noqa: E402
from projects.interchange.json_form import from_data, to_data  # noqa: E402
from projects.interchange.limits import ReadLimits  # noqa: E402
from projects.interchange.signature import HEAD_BYTES, detect  # noqa: E402

WRITTEN = "written"


class OneJava:
    """A running reader."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._target = folder / "answer.json"

    def read(self, path: Path) -> list[ProjectDocument]:
        """Return the projects of a file, as `read_schedule` does."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(path), str(self._target)]) + "\n")
        self._process.stdin.flush()
        while (line := self._process.stdout.readline().strip()) != WRITTEN:
            assert line, "the reader ended"
        documents = [from_data(data) for data in json.loads(self._target.read_text(encoding="utf-8"))]
        return [
            each if each.name.strip() else replace(each, options=replace(each.options, name=path.stem))
            for each in documents
        ]


@contextmanager
def one_java(folder: Path) -> Iterator[OneJava]:
    """Start a reader that lives as long as the block."""
    command = [sys.executable, "-I", str(Path(__file__)), str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield OneJava(process, folder)
        assert process.stdin is not None
        process.stdin.close()


def main(folder: Path) -> None:
    """Read what the lines of the input name."""
    from projects.interchange import mpxj_reading

    limits, runtime = ReadLimits(), java_runtime()
    assert runtime is not None
    mpxj_reading.start(mpxj_reading.Java(runtime, tuple(class_path()), folder, "started"), limits)
    for line in sys.stdin:
        source, target = map(Path, json.loads(line))
        with source.open("rb") as stream:
            kind = detect(stream.read(HEAD_BYTES))
        documents = mpxj_reading.documents_in(source, kind, limits)
        target.write_text(json.dumps([to_data(each) for each in documents]), encoding="utf-8")
        print(WRITTEN, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
