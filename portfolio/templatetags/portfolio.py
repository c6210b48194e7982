"""What only the portfolio's templates need."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def item(values: Mapping[str, Any], key: str) -> Any:
    """Return the value of a mapping under a key, or nothing."""
    return values.get(key, "") if isinstance(values, Mapping) else ""
