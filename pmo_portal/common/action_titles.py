"""
What people did, in words: ``created the portfolio`` for ``portfolio.created``.

Each app names the codes of its entries in the audit trail when it starts. Pages say the words; codes stay
in the trail, in exports and in the API, where they must not change with a language.
"""

from collections.abc import Mapping
from typing import Any

_titles: dict[str, Any] = {}


def name_actions(titles: Mapping[str, Any]) -> None:
    """Make the words of an app's codes known; called once, when the app starts."""
    _titles.update(titles)


def action_title(code: str) -> str:
    """Return what was done in words, such as are read before the name of what it was done to."""
    return str(_titles.get(code, code))
