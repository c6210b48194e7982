"""
The process that writes one file of another tool and ends: ``python writing_child.py REQUEST``.

The counterpart of ``child``, behind the same walls: the source is a document as JSON, the target the file,
beside which a note says why there is none. Started by ``writing`` only.
"""

import json
import sys
from pathlib import Path
from typing import Any

REFUSAL = "refusal.txt"


def main(request: dict[str, Any]) -> None:
    """Write the file."""
    from projects.interchange.confinement import bound
    from projects.interchange.limits import ReadLimits

    limits = ReadLimits(**request["limits"])
    bound(limits)
    _write(request, limits)


def _write(request: dict[str, Any], limits: Any) -> None:
    """Write the file. JPype brings threads along, so it is imported only behind the first walls."""
    import jpype

    from projects.interchange.child import STARTED
    from projects.interchange.java import JavaRuntime, class_path
    from projects.interchange.json_form import from_json
    from projects.interchange.mpxj_reading import Java, start_confined
    from projects.interchange.mpxj_writing import write
    from projects.interchange.vocabulary import ScheduleFormat

    paths = {key: Path(request["runtime"][key]) for key in ("home", "library")}
    runtime = JavaRuntime(**{**request["runtime"], **paths})
    folder = Path(request["folder"])
    start_confined(Java(runtime, tuple(class_path()), folder, STARTED), limits)
    document = from_json(Path(request["source"]).read_text(encoding="utf-8"))
    try:
        write(document, ScheduleFormat(request["kind"]), Path(request["target"]), java=jpype.JClass)
    except jpype.JException as error:
        (folder / REFUSAL).write_text(type(error).__name__.rpartition(".")[2][:60], encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
