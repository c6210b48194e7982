"""Own fields, each as one of the thirty texts that the tools keep for that, under its own name."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from projects.interchange.external_bounds import FIELD as BOUND
from projects.interchange.portal_rules import FIELD as RULES
from projects.interchange.to_mpxj.values import clean, one_line

PLACES: Final = 30
LONGEST_NAME: Final = 50
LONGEST_TEXT: Final = 255


def carried_names(rows: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """
    Return the names of the own fields that find a place, in order of the alphabet.

    These are the rules and bounds of the portal, then those that most rows fill.

    Examples
    --------
    >>> carried_names([{"Owner": "Ann", "Zone": ""}, {"Area": "North", "Owner": "Bo"}])
    ('Area', 'Owner')
    """
    counts: dict[str, int] = {}
    for row in rows:
        for name, value in row.items():
            if value:
                counts[name] = counts.get(name, 0) + 1
    chosen = sorted(counts, key=lambda name: (name not in {RULES, BOUND}, -counts[name], name))[:PLACES]
    return tuple(sorted(chosen))


class OwnFields:
    """The own fields of one kind of rows; ``prefix`` is the kind of field in MPXJ."""

    def __init__(self, project: Any, kind: Any, rows: Iterable[Mapping[str, str]]) -> None:
        names = carried_names(rows)
        self._fields = {name: getattr(kind, f"TEXT{place}") for place, name in enumerate(names, start=1)}
        for name, field in self._fields.items():
            project.getCustomFields().getOrCreate(field).setAlias(one_line(name)[:LONGEST_NAME])

    def write(self, row: Any, values: Mapping[str, str]) -> None:
        """Fill in the own fields of a row."""
        for name, value in values.items():
            if value and name in self._fields:
                row.set(self._fields[name], clean(value)[:LONGEST_TEXT])
