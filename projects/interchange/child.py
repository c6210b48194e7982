"""
The process that reads one schedule file and ends: ``python child.py REQUEST``.

``REQUEST`` names a JSON file with source, target, limits and Java runtime. The answer is written to the
target: ``{"documents": [...]}`` or ``{"refused": {"code", "reason", "values"}}``. Started by
``reading`` only.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# The file the child leaves in its folder once Java runs: its absence tells a bad Java from a bad schedule.
STARTED = "started"


@dataclass(frozen=True, slots=True)
class Request:
    """What the parent asks for; ``folder`` is the child's own place for temporary files."""

    source: str
    target: str
    folder: str
    kind: str
    runtime: dict[str, Any]
    limits: dict[str, Any]

    def to_json(self) -> str:
        """Return the request as JSON text."""
        return json.dumps(asdict(self))


def main(request: Request) -> None:
    """Read the source and write the answer."""
    from projects.interchange.confinement import bound
    from projects.interchange.limits import ReadLimits

    limits = ReadLimits(**request.limits)
    bound(limits)
    answer = json.dumps(_read(request, limits), ensure_ascii=False, separators=(",", ":")).encode()
    if len(answer) > limits.output_bytes:
        answer = json.dumps(_refused("TOO_LARGE", "OUTPUT_SIZE")).encode()
    Path(request.target).write_bytes(answer)


def _read(request: Request, limits: Any) -> dict[str, Any]:
    """Return the answer. JPype brings threads along, so it is imported only behind the first walls."""
    from projects.interchange import mpxj_reading
    from projects.interchange.java import JavaRuntime, class_path
    from projects.interchange.json_form import to_data
    from projects.interchange.refusal import ScheduleRefused
    from projects.interchange.signature import FileKind

    paths = {key: Path(request.runtime[key]) for key in ("home", "library")}
    runtime = JavaRuntime(**{**request.runtime, **paths})
    java = mpxj_reading.Java(runtime, tuple(class_path()), Path(request.folder), STARTED)
    try:
        documents = mpxj_reading.read(Path(request.source), FileKind(request.kind), java, limits)
        return {"documents": [to_data(document) for document in documents]}
    except ScheduleRefused as refused:
        return _refused(refused.code.value, refused.reason, refused.values)
    except MemoryError:
        return _refused("MEMORY", "TOO_MUCH_MEMORY")


def _refused(code: str, reason: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"refused": {"code": code, "reason": reason, "values": values or {}}}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(Request(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
