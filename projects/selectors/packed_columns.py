"""Columns of large reads that arrive packed: one text for each column instead of an object for each cell."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Aggregate, Func, QuerySet, TextField
from numpy.typing import NDArray

from projects.engine.instants import MINUTES_PER_DAY, NO_INSTANT, Instants
from projects.selectors.columns import NO_MOMENT, Minute, Raw, Seldom

Cells: TypeAlias = NDArray[np.int64]
Text: TypeAlias = str | None

MOST_BITS = 62
"""Of a whole number that both databases can count with."""
MOST_STATEMENTS = 16
_MOMENT = np.dtype({"names": ["month", "time"], "formats": ["<u8", "<u8"], "offsets": [0, 8], "itemsize": 20})
"""A stored moment and the comma after it: ``2026-03-``, ``02 08:00``, and the seconds, which nobody reads."""


class Joined(Func):
    """
    Columns of few values as one whole number, a few bits each, the last one lowest.

    Those with a usual value are looked at one by one only where any of them has another.
    """

    output_field = TextField()

    def __init__(self, *columns: Raw) -> None:
        """Take the columns."""
        super().__init__(*columns, *(column.get_source_expressions()[0] for column in columns))
        self.columns = columns

    def as_sql(self, compiler: Any, connection: Any, *_given: Any, **_context: Any) -> Any:
        """Shift and add; -1 of all is 0."""
        compiled = [compiler.compile(part)[0] for part in self.get_source_expressions()]
        cells, sources = compiled[: len(self.columns)], compiled[len(self.columns) :]
        always, seldom, conditions = [], [], []
        place, ones, constant = 0, 0, 0
        for column, cell, source in reversed(list(zip(self.columns, cells, sources, strict=True))):
            term = f"{cell} * {_whole(1 << place)}"
            ones += 1 << place
            if column.mostly is None:
                always.append(term)
            else:
                condition, value = column.mostly
                conditions.append(condition.format(source))
                seldom.append(term)
                constant += value << place
            place += column.bits
        if seldom:
            usual = f"CASE WHEN {' AND '.join(conditions)} THEN {_whole(constant)}"
            always.append(f"{usual} ELSE {' + '.join(seldom)} END")
        return f"({' + '.join(always)} + {_whole(ones)})", []


def _whole(number: int) -> str:
    """Return a whole number as SQL, wide enough on PostgreSQL."""
    return f"CAST({number} AS bigint)"


class Packed(Aggregate):
    """All cells of a column in one text, with commas between; those that are null are left out."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Join them."""
        return self.as_sql(compiler, connection, template="GROUP_CONCAT(%(expressions)s)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Join them as text."""
        template = "STRING_AGG((%(expressions)s)::text, ',')"
        return self.as_sql(compiler, connection, template=template, **context)


def read_columns(rows: QuerySet[Any], **columns: str | Raw) -> dict[str, Cells]:
    """
    Return columns of many rows as arrays, in step with one another but in no order. One query.

    The database hands over one text for each column instead of a cell for each row: making hundreds of
    thousands of objects takes longer than finding the rows.

    Parameters
    ----------
    rows : QuerySet
        Which rows, each once; its order does not matter.
    **columns : str or Raw
        Name in the result to a column of whole numbers that is never null, or an expression without values
        of its own; `Minute` gives instants.
    """
    layout = _layout_of(tuple(columns.items()))
    texts = layout.read(rows)
    found = {
        name: _instants(texts[name]) if isinstance(column, Minute) else _numbers(texts[name])
        for name, column in layout.dense.items()
    }
    for place, group in enumerate(layout.joined):
        found |= _apart(group, _numbers(texts[str(place)]))
    if layout.seldom:
        places = _Places(found[layout.key])
        found |= {name: places.spread(column, texts[name]) for name, column in layout.seldom.items()}
    if len({found[name].size for name in columns}) > 1:
        raise ValueError("A column that is read packed holds nulls.")
    return {name: found[name] for name in columns}


class _Layout:
    """
    How columns are asked for, and the statements that ask for them.

    Attributes
    ----------
    dense : dict
        Columns with a text of their own.
    joined : list of dict
        Columns of few values, in groups that share a text; those are named by their number.
    seldom : dict
        Columns of which most cells are not handed over.
    key : str
        Name of the dense column with the keys of the rows, which seldom ones need.
    """

    key = "pk"

    def __init__(self, columns: tuple[tuple[str, str | Raw], ...]) -> None:
        """Sort the columns."""
        self.seldom = {name: column for name, column in columns if isinstance(column, Seldom)}
        self.joined = _groups(columns)
        apart = set(self.seldom).union(*self.joined)
        self.dense = {name: column for name, column in columns if name not in apart}
        if self.seldom:
            self.key = next((name for name, column in self.dense.items() if column == "pk"), self.key)
            self.dense.setdefault(self.key, "pk")
        joined = {str(place): Joined(*group.values()) for place, group in enumerate(self.joined)}
        self._cells: dict[str, str | Raw | Joined] = {**self.dense, **joined, **self.seldom}
        self._statements: dict[tuple[str, str], str] = {}

    def read(self, rows: QuerySet[Any]) -> dict[str, Text]:
        """
        Return the texts. Putting a statement together takes longer than many a read, so it is kept.

        It is asked again with other values in its conditions alone; cells have none.
        """
        try:
            chosen, values = rows.order_by().values_list("pk").query.get_compiler(rows.db).as_sql()
        except EmptyResultSet:
            return dict.fromkeys(self._cells)
        known = None if rows.query.annotations else self._statements.get((rows.db, chosen))
        if known is None:
            return self._first(rows, (rows.db, chosen), tuple(values))
        with connections[rows.db].cursor() as cursor:
            cursor.execute(known, values)
            return dict(zip(self._cells, cursor.fetchone(), strict=True))

    def _first(self, rows: QuerySet[Any], key: tuple[str, str], values: tuple[Any, ...]) -> dict[str, Text]:
        """Return the texts as Django asks for them, and keep how it does."""
        asked: list[tuple[str, tuple[Any, ...]]] = []

        def listen(execute: Any, sql: str, given: Any, many: bool, context: Any) -> Any:
            asked.append((sql, tuple(given or ())))
            return execute(sql, given, many, context)

        packed = {f"c{place}": Packed(cell) for place, cell in enumerate(self._cells.values())}
        with connections[rows.db].execute_wrapper(listen):
            texts = rows.order_by().aggregate(**packed)
        if len(asked) == 1 and asked[0][1] == values:
            if len(self._statements) >= MOST_STATEMENTS:
                self._statements.clear()
            self._statements[key] = asked[0][0]
        return dict(zip(self._cells, texts.values(), strict=True))


def _groups(columns: tuple[tuple[str, str | Raw], ...]) -> list[dict[str, Raw]]:
    """Return the columns of few values in groups that fit into one number."""
    groups: list[dict[str, Raw]] = [{}]
    for name, column in columns:
        if isinstance(column, Raw) and column.bits:
            if sum(other.bits for other in groups[-1].values()) + column.bits > MOST_BITS:
                groups.append({})
            groups[-1][name] = column
    return [group for group in groups if group]


@lru_cache(maxsize=64)
def _layout_of(columns: tuple[tuple[str, str | Raw], ...]) -> _Layout:
    return _Layout(columns)


def _apart(group: Mapping[str, Raw], cells: Cells) -> dict[str, Cells]:
    """Return the columns that `Joined` put together."""
    found = {}
    for name, column in reversed(list(group.items())):
        found[name] = (cells & ((1 << column.bits) - 1)) - 1
        cells = cells >> column.bits
    return found


class _Places:
    """Where rows stand among all that were read, by key."""

    def __init__(self, keys: Cells) -> None:
        """Take the keys as they were read."""
        self._size = keys.size
        self._order = None if np.all(keys[:-1] <= keys[1:]) else np.argsort(keys)
        self._keys = keys if self._order is None else keys[self._order]

    def spread(self, column: Seldom, text: Text) -> Cells:
        """Return the whole column: the cells handed over where they belong, the usual one elsewhere."""
        found = np.full(self._size, column.usual, dtype=np.int64)
        if text:
            keys, cells = _keyed_moments(text) if column.is_moment else _numbers(text).reshape(-1, 2).T
            at = np.searchsorted(self._keys, keys)
            found[at if self._order is None else self._order[at]] = cells
        return found


def _keyed_moments(text: str) -> tuple[Cells, Instants]:
    """Return keys and moments that take turns."""
    parts = text.split(",")
    return _numbers(",".join(parts[::2])), _instants(",".join(parts[1::2]))


def _numbers(text: Text) -> Cells:
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.zeros(0, dtype=np.int64)


def _instants(text: Text) -> Instants:
    """Read the cells of a `Minute` column: minutes, or moments as text, to the second or not."""
    if not text or text[4:5] != "-":
        return _numbers(text)
    count = text.count(",") + 1
    if len(text) + 1 != count * _MOMENT.itemsize or "." in text:
        text = ",".join(_to_seconds(cell) for cell in text.split(","))
    moments = np.frombuffer(f"{text},".encode("ascii"), dtype=_MOMENT)
    month, time = _pairs(moments["month"]), _pairs(moments["time"])
    months = (_pair(month, 0) * 100 + _pair(month, 2)) * 12 + _pair(month, 5) - 1
    is_given = months >= 0
    first = int(months.min(where=is_given, initial=_LAST_MONTH))
    known = np.arange(first, max(first, int(months.max())) + 1) - _MONTHS_BEFORE_1970
    days = known.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    day = days[np.where(is_given, months - first, 0)] + _pair(time, 0) - 1
    return np.where(is_given, day * MINUTES_PER_DAY + _pair(time, 3) * 60 + _pair(time, 6), NO_INSTANT)


_MONTHS_BEFORE_1970 = 1970 * 12
_LAST_MONTH = 10_000 * 12


def _pairs(letters: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return in each of eight bytes the number that its digit and the next one write."""
    digits = letters & np.uint64(0x0F0F_0F0F_0F0F_0F0F)
    return digits * np.uint64(10) + (digits >> np.uint64(8))


def _pair(pairs: NDArray[np.uint64], place: int) -> Cells:
    """Return the numbers that two digits write, of which the first stands at a place."""
    return ((pairs >> np.uint64(8 * place)) & np.uint64(0xFF)).astype(np.int64)


def _to_seconds(cell: str) -> str:
    """Cut or fill up a stored moment; other programs may leave out seconds or the time of day."""
    return (cell + NO_MOMENT[len(cell) :])[: len(NO_MOMENT)]
