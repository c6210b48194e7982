"""The addresses of the API as a table of the documentation: ``python -m tests.docs.addresses`` prints it."""

import os
import sys
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
BEGIN = "<!-- addresses: python -m tests.docs.addresses -->"
END = "<!-- end of addresses -->"


def api_operations() -> dict[str, dict[str, Any]]:
    """Return path below ``/api/v1/`` → method → operation, of the schema."""
    from pmo_portal.api.schema import schema_of

    paths = schema_of("en")["paths"]
    return {
        path.removeprefix("/api/v1/"): {name: each for name, each in operations.items() if name in METHODS}
        for path, operations in paths.items()
    }


def address_table() -> str:
    """Return a line per path: its methods, and what the first of them says of itself."""
    lines = ["| Address | Methods | |", "|---|---|---|"]
    for path, operations in sorted(api_operations().items()):
        names = ", ".join(name.upper() for name in METHODS if name in operations)
        said = next((text for each in operations.values() if (text := each.get("description", ""))), "")
        lines.append(f"| `{path}` | {names} | {said.split('. ')[0].splitlines()[0] if said else ''} |")
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    sys.stdout.write(f"{address_table()}\n")
