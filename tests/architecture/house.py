"""Reads the source tree for the tests of its rules."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("pmo_portal", "projects", "portfolio")
FUNCTION_TYPES = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """Lines of the file."""
        return self.text.count("\n")

    @property
    def parts(self) -> tuple[str, ...]:
        """Folders and file name."""
        return tuple(self.path.split("/"))


@dataclass(frozen=True)
class Function:
    """One function or method, and where it is."""

    where: str
    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    lines: int


@cache
def modules(*tops: str) -> tuple[Module, ...]:
    """Return all Python files below the given folders, migrations left out."""
    found = []
    for top in tops or APPS:
        for path in sorted((ROOT / top).rglob("*.py")):
            if "migrations" in path.parts or "node_modules" in path.parts:
                continue
            text = path.read_text()
            found.append(Module(path.relative_to(ROOT).as_posix(), text, ast.parse(text)))
    return tuple(found)


def functions(module: Module) -> Iterator[Function]:
    """Return the functions of a file with their length, docstring not counted."""
    for node in ast.walk(module.tree):
        if isinstance(node, FUNCTION_TYPES):
            docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
            words = docstring.end_lineno - docstring.lineno + 1 if docstring else 0
            lines = node.end_lineno - node.lineno + 1 - words
            yield Function(f"{module.path}:{node.lineno} {node.name}", node.name, node, lines)


def imported_names(module: Module) -> Iterator[str]:
    """Return the dotted names a file imports, those inside functions too."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@cache
def templates() -> tuple[tuple[str, str], ...]:
    """Return path and text of every template."""
    paths = sorted((ROOT / "templates").rglob("*.html"))
    return tuple((path.relative_to(ROOT).as_posix(), path.read_text()) for path in paths)
