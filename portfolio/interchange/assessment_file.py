"""Reads the questions and statements of the assessments from their data files."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portfolio.rollup import maturity, need

SHIPPED = Path(__file__).with_name("assessments")
LANGUAGES = ("en", "de")
ANSWERS = 5


class AssessmentFileFault(ValueError):
    """A data file that cannot be used; the sentence says where and why."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the languages that ship."""

    en: str
    de: str

    def read_in(self, language: str) -> str:
        """Return it in a language; English where there is no other."""
        return self.de if language.startswith("de") else self.en


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the need assessment with its five answers, 0 to 4 in this order."""

    code: str
    text: Text
    answers: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a perspective, for a level."""

    code: str
    level: int
    text: Text


@dataclass(frozen=True, slots=True)
class PerspectiveText:
    """A perspective with its statements."""

    code: str
    name: Text
    statements: tuple[Statement, ...]


@cache
def need_questions() -> tuple[Question, ...]:
    """Return the twenty questions."""
    return read_need(SHIPPED / "need.toml")


@cache
def maturity_perspectives() -> tuple[PerspectiveText, ...]:
    """Return the seven perspectives."""
    return read_maturity(SHIPPED / "maturity.toml")


def read_need(path: Path) -> tuple[Question, ...]:
    """
    Return the questions of a file.

    Raises
    ------
    AssessmentFileFault
        If it is not the twenty questions of the domain, each in all languages with five answers.
    """
    rows = tuple(
        Question(row["code"], _text(row, "text", path), _answers(row, path))
        for row in _rows(path, "questions")
    )
    _require_codes(path, [row.code for row in rows], need.CODES)
    return rows


def read_maturity(path: Path) -> tuple[PerspectiveText, ...]:
    """
    Return the perspectives of a file.

    Raises
    ------
    AssessmentFileFault
        If a perspective or a statement is missing, or one too many.
    """
    rows = tuple(
        PerspectiveText(
            row["code"],
            _text(row, "name", path),
            tuple(
                Statement(
                    maturity.statement_code(row["code"], each["level"], each["letter"]),
                    each["level"],
                    _text(each, "text", path),
                )
                for each in row.get("statements", ())
            ),
        )
        for row in _rows(path, "perspectives")
    )
    _require_codes(path, [each.code for row in rows for each in row.statements], maturity.CODES)
    return rows


def _rows(path: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8")).get(name, [])
    return rows


def _text(row: Mapping[str, Any], key: str, path: Path) -> Text:
    given = row.get(key, {})
    missing = [language for language in LANGUAGES if not str(given.get(language, "")).strip()]
    if missing:
        raise AssessmentFileFault(
            f"{path.name}: {row.get('code')}: {key} is missing in {', '.join(missing)}."
        )
    return Text(given["en"], given["de"])


def _answers(row: Mapping[str, Any], path: Path) -> tuple[Text, ...]:
    given = [row.get("answers", {}).get(language, []) for language in LANGUAGES]
    if any(len(each) != ANSWERS for each in given):
        raise AssessmentFileFault(f"{path.name}: {row.get('code')}: give five answers in each language.")
    return tuple(Text(*pair) for pair in zip(*given, strict=True))


def _require_codes(path: Path, found: list[str], wanted: tuple[str, ...]) -> None:
    if tuple(found) != wanted:
        odd = sorted(set(found) ^ set(wanted)) or found
        raise AssessmentFileFault(f"{path.name}: these do not fit the domain: {', '.join(odd)}.")
