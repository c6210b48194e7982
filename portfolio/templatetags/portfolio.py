"""What only the portfolio's templates need."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


RANKS = {"RED": 0, "AMBER": 1}


@register.filter
def not_green(colors: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (dimension, color) of the red and amber ones, red first."""
    found = [(code, color) for code, color in colors.items() if color in RANKS]
    return sorted(found, key=lambda pair: RANKS[pair[1]])


@register.filter
def item(values: Mapping[str, Any], key: str) -> Any:
    """Return the value of a mapping under a key, or nothing."""
    return values.get(key, "") if isinstance(values, Mapping) else ""
