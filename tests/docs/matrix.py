"""The permission matrix as a table of the documentation: ``python -m tests.docs.matrix`` prints it."""

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MATRIX = ROOT / "pmo_portal" / "accounts" / "permissions.csv"
BEGIN = "<!-- permissions: python -m tests.docs.matrix -->"
END = "<!-- end of permissions -->"


def permissions() -> list[dict[str, str]]:
    """Return the rows of the file."""
    with MATRIX.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def permission_table() -> str:
    """Return the file as a Markdown table; ``row`` numbers the lines of the requirements and is left out."""
    rows = permissions()
    columns = [name for name in rows[0] if name not in {"permission", "row", "meaning"}]
    lines = [
        f"| Permission | Meaning | {' | '.join(columns)} |",
        f"|---|---|{':-:|' * len(columns)}",
        *(
            f"| `{row['permission']}` | {row['meaning']} | {' | '.join(row[name] for name in columns)} |"
            for row in rows
        ),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{permission_table()}\n")
