"""Markdown as blocks of runs, for papers: no HTML, no links to fetch, no images."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKS = {"strong_open": "strong", "em_open": "em", "s_open": "strike"}
CLOSING = {"strong_close": "strong", "em_close": "em", "s_close": "strike"}
Runs = list[dict[str, Any]]


@dataclass
class _State:
    """Where the walk is: open lists with their counters, the table being filled, the blocks so far."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    marker: str = ""
    kind: str = "paragraph"
    table: list[list[Runs]] | None = None


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["image"])


def markdown_blocks(text: str) -> list[dict[str, Any]]:
    """
    Return the blocks of a Markdown text: paragraphs, headings, items of lists, code, tables.

    Examples
    --------
    >>> markdown_blocks("- **A** b")
    [{'kind': 'item', 'depth': 1, 'marker': '•', 'runs': [{'text': 'A', 'marks': ['strong']}, \
{'text': ' b', 'marks': []}]}]
    """
    state = _State()
    for token in _parser().parse(text):
        _take(state, token)
    return state.blocks


def _take(state: _State, token: Token) -> None:
    """Note what a token says."""
    if token.type in {"bullet_list_open", "ordered_list_open"}:
        first = token.attrs.get("start", 1)
        state.lists.append(None if token.type.startswith("bullet") else int(first) - 1)
    elif token.type in {"bullet_list_close", "ordered_list_close"}:
        state.lists.pop()
    elif token.type == "list_item_open":
        number = state.lists[-1]
        if number is not None:
            state.lists[-1] = number + 1
        state.marker = "•" if number is None else f"{number + 1}."
    elif token.type in {"heading_open", "paragraph_open"}:
        state.kind = token.type.removesuffix("_open")
    elif token.type == "table_open":
        state.table = []
    elif token.type == "tr_open" and state.table is not None:
        state.table.append([])
    elif token.type == "table_close" and state.table is not None:
        head, *rows = state.table
        state.blocks.append({"kind": "table", "head": head, "rows": rows})
        state.table = None
    elif token.type in {"fence", "code_block"}:
        state.blocks.append({"kind": "code", "text": token.content.rstrip("\n")})
    elif token.type == "inline":
        _take_text(state, _runs(token.children or []))


def _take_text(state: _State, runs: Runs) -> None:
    """Put runs where they belong: into a cell, an item of a list, or a block of their own."""
    if state.table is not None:
        state.table[-1].append(runs)
    elif state.lists:
        block = {"kind": "item", "depth": len(state.lists), "marker": state.marker, "runs": runs}
        state.blocks.append(block)
        state.marker = ""
    else:
        state.blocks.append({"kind": state.kind, "runs": runs})


def _runs(children: list[Token]) -> Runs:
    marks: list[str] = []
    runs: Runs = []
    for child in children:
        if child.type in MARKS:
            marks.append(MARKS[child.type])
        elif child.type in CLOSING:
            marks.remove(CLOSING[child.type])
        elif child.type == "code_inline":
            runs.append({"text": child.content, "marks": [*marks, "code"]})
        elif child.type in {"softbreak", "hardbreak"}:
            runs.append({"text": " " if child.type == "softbreak" else "\n", "marks": []})
        elif child.content:
            runs.append({"text": child.content, "marks": list(marks)})
    return runs
