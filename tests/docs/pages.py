"""Reads the pages of the documentation for its tests."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*$", re.MULTILINE)


@cache
def pages() -> dict[str, str]:
    """Return path from the root → text of every page."""
    paths = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in sorted(paths)}


def page(path: str) -> str:
    """Return the text of one page."""
    return pages()[path]


def links(text: str) -> list[str]:
    """Return the targets of all links, those in code left out."""
    return LINK.findall(re.sub(r"`[^`\n]*`", "", FENCE.sub("", text)))


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, made as code hosts make them."""
    titles = (re.sub(r"[`*]|\[|\]\([^)]*\)", "", title) for title in HEADING.findall(FENCE.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def between(text: str, begin: str, end: str) -> str:
    """Return what stands between two marks."""
    return text.split(begin)[1].split(end, maxsplit=1)[0].strip()


def first_cells(text: str) -> set[str]:
    """Return all names in code type in the first column of all tables."""
    cells = (line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
