"""
The process in which Java runs once for many files: a document in, the same after a file out.

One line of JSON for each on both sides; started by ``mpxj_files`` only.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import jpype

from projects.interchange.java import class_path, java_runtime
from projects.interchange.json_form import from_data, to_data
from projects.interchange.limits import ReadLimits
from projects.interchange.mpxj_reading import Java, documents_in, start
from projects.interchange.mpxj_writing import write
from projects.interchange.signature import FileKind
from projects.interchange.vocabulary import ScheduleFormat


def main() -> None:
    """Answer until there is nothing more to read."""
    runtime, limits = java_runtime(), ReadLimits()
    assert runtime is not None
    with tempfile.TemporaryDirectory(prefix="round-trip-") as name:
        start(Java(runtime, tuple(class_path()), Path(name), "started"), limits)
        for line in sys.stdin:
            answer = _there_and_back(json.loads(line), Path(name), limits)
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


def _there_and_back(asked: dict[str, Any], folder: Path, limits: ReadLimits) -> dict[str, Any]:
    kind = ScheduleFormat(asked["format"])
    target = folder / f"plan.{'xer' if kind is ScheduleFormat.XER else 'xml'}"
    try:
        write(from_data(asked["document"]), kind, target, java=jpype.JClass)
        (document,) = documents_in(
            target, FileKind.XER if kind is ScheduleFormat.XER else FileKind.XML, limits
        )
        return {"document": to_data(document)}
    except jpype.JException as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
