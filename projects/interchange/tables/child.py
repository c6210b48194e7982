"""The process that parses one table and ends; its request comes on standard input."""

import json
import sys
from pathlib import Path


def main() -> None:
    """Read the request, bound this process, parse, write the answer."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    from projects.interchange.confinement import bound
    from projects.interchange.limits import ReadLimits
    from projects.interchange.tables.csv_table import read_csv
    from projects.interchange.tables.reading import to_data
    from projects.interchange.tables.table import TableLimits, TableRefused, gettext_noop
    from projects.interchange.tables.xlsx_table import read_xlsx

    request = json.load(sys.stdin)
    limits = TableLimits(**request["limits"])
    data = Path(request["source"]).read_bytes()
    bound(ReadLimits(memory_bytes=limits.memory_bytes, wall_seconds=limits.wall_seconds))
    try:
        read = read_xlsx if request["kind"] == "xlsx" else read_csv
        answer: dict[str, object] = {"table": to_data(read(data, limits=limits))}
    except TableRefused as refused:
        answer = {"refused": refused.to_dict()}
    except MemoryError:
        sentence = gettext_noop("The file needs more memory than a table may use.")
        answer = {"refused": TableRefused("MEMORY", sentence).to_dict()}
    Path(request["target"]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
