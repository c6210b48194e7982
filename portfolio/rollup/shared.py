"""
Parts of results that many projects have in common, made and written as plain data once.

Most projects lack the inputs of the same indicators. What the rules say of such an indicator depends on the
policy alone, so one object serves all of them, and its plain form too.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")

#: Owners that are remembered; beyond it the oldest is forgotten and its parts are made anew.
MOST_OWNERS = 1000

_PARTS: dict[int, tuple[object, dict[Hashable, object]]] = {}
_PLAIN: dict[int, tuple[object, Any]] = {}
_TEXTS: dict[int, tuple[object, str | None]] = {}


def shared(owner: object, key: Hashable, make: Callable[[], T]) -> T:
    """
    Return what ``make`` gives: the very same object for the same owner and key.

    Parameters
    ----------
    owner : object
        Frozen value the part belongs to, such as a rule of a policy; compared by identity.
    key : hashable
        Which part of it; what ``make`` returns may depend on owner and key alone.
    make : callable
        Makes a frozen value.
    """
    parts = _PARTS.get(id(owner))
    if parts is None or parts[0] is not owner:
        if len(_PARTS) >= MOST_OWNERS:
            _forget(next(iter(_PARTS)))
        parts = _PARTS[id(owner)] = (owner, {})
    found = parts[1].get(key)
    if found is None:
        found = parts[1][key] = make()
        _PLAIN[id(found)] = (found, None)
        _TEXTS[id(found)] = (found, None)
    return cast("T", found)


def _forget(place: int) -> None:
    parts = _PARTS.pop(place, None)
    for part in parts[1].values() if parts else ():
        _PLAIN.pop(id(part), None)
        _TEXTS.pop(id(part), None)


def plain_of(part: object, write: Callable[[Any], Any]) -> Any:
    """Return the plain data of a value, written once for a shared one; nobody may change it."""
    known = _PLAIN.get(id(part))
    if known is None or known[0] is not part:
        return write(part)
    if known[1] is None:
        known = _PLAIN[id(part)] = (part, write(part))
    return known[1]


def text_of(part: object, write: Callable[[Any], str]) -> str:
    """Return the JSON text of a value, written once for a shared one."""
    known = _TEXTS.get(id(part))
    if known is None or known[0] is not part:
        return write(part)
    text = known[1]
    if text is None:
        text = write(part)
        _TEXTS[id(part)] = (part, text)
    return text
