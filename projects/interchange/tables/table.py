"""A table as it came: header and rows of text, with the row numbers a person sees."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


def gettext_noop(sentence: str) -> str:
    """Return the sentence; it is collected for translation, which happens above this room."""
    return sentence


class TableRefused(Exception):
    """
    The file is not taken; ``message`` tells a person why in one line.

    Parameters
    ----------
    code : str
        For programs.
    sentence : str
        In English, with places for the parameters; the pages translate it.
    """

    def __init__(self, code: str, sentence: str, **parameters: str | int) -> None:
        self.message = sentence % parameters if parameters else sentence
        super().__init__(self.message)
        self.code = code
        self.sentence = sentence
        self.parameters = parameters

    def to_dict(self) -> dict[str, object]:
        """Return the refusal as JSON data."""
        return {"code": self.code, "sentence": self.sentence, "parameters": self.parameters}


@dataclass(frozen=True, slots=True)
class TableLimits:
    """
    Bounds of one table (SEC-19, SEC-21).

    ``inflated_bytes`` is counted while inflating, ``ratio`` holds for archives that inflate to more than
    1 MB, ``cells`` are counted while reading.
    """

    file_bytes: int = 25 * MEGABYTE
    rows: int = 50_000
    columns: int = 256
    cells: int = 500_000
    cell_characters: int = 32_767
    archive_entries: int = 2_000
    inflated_bytes: int = 200 * MEGABYTE
    ratio: int = 200
    wall_seconds: float = 30.0
    memory_bytes: int = 1024 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``number`` counts as a spreadsheet does, the header being row 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """
    Header and rows, all texts.

    ``ragged`` names rows that have more or fewer cells than the header; their cells are kept as far as
    they go.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    ragged: tuple[int, ...] = ()


def make_table(lines: list[list[str]], *, limits: TableLimits) -> Table:
    """
    Return the table made of raw lines; the first line with two or more texts is the header.

    Raises
    ------
    TableRefused
        If there is no header with at least two columns, or a bound is passed.
    """
    if not any(cell.strip() for line in lines for cell in line):
        raise TableRefused("EMPTY", gettext_noop("The file holds no rows."))
    first = next(
        (index for index, line in enumerate(lines) if sum(bool(cell.strip()) for cell in line) > 1), 0
    )
    headers = [" ".join(cell.split()) for cell in lines[first]]
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) < 2:
        raise TableRefused(
            "NO_COLUMNS", gettext_noop("The first row names fewer than two columns: this is not a table.")
        )
    if len(headers) > limits.columns:
        raise TableRefused(
            "TOO_LARGE", gettext_noop("The table has more than %(count)s columns."), count=limits.columns
        )
    rows: list[Row] = []
    ragged: list[int] = []
    for number, line in enumerate(lines[first + 1 :], start=first + 2):
        if not any(cell.strip() for cell in line):
            continue
        if any(cell.strip() for cell in line[len(headers) :]) or len(line) < len(headers):
            ragged.append(number)
        cells = [*line, *[""] * len(headers)][: len(headers)]
        rows.append(Row(number=number, cells=tuple(cell[: limits.cell_characters] for cell in cells)))
    if len(rows) > limits.rows:
        raise TableRefused(
            "TOO_LARGE", gettext_noop("The table has more than %(count)s rows."), count=limits.rows
        )
    return Table(headers=_distinct(headers), rows=tuple(rows), ragged=tuple(ragged))


def _distinct(headers: list[str]) -> tuple[str, ...]:
    """Give empty and repeated headers a name of their own."""
    seen: dict[str, int] = {}
    names = []
    for index, header in enumerate(headers, start=1):
        name = header or f"Column {index}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
