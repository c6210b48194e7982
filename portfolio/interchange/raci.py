"""Letters of roles in a TOML file."""

from portfolio.interchange.toml_table import TomlTable
from portfolio.rollup.methodology import Share


def shares_of(table: TomlTable) -> dict[str, Share]:
    """Return the letter of each role from a text such as ``"PM:R FINANCE:C BOARD:I"``."""
    found: dict[str, Share] = {}
    for part in table.text("raci", "").split():
        role, _colon, letter = part.partition(":")
        if role in found:
            raise table.fault("raci", f"names {role!r} twice; give each role one letter.")
        found[role] = table.one_of("raci", letter, Share)
    return found
