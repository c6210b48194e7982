"""A percentage never breaks between number and sign: one way to write it, in templates, code and catalog."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from pmo_portal.common.templatetags.common import percent0, percent1, ratio_percent1, signed_percent1
from tests.messages import CATALOG, ROOT

# A figure or a digit with a bare space, or nothing, before the sign; sizes of drawings are no text.
BARE = re.compile(r"(?:\}\}|[0-9]) ?%(?![}a-z(])")
DRAWN = re.compile(r"""\b(?:x|y|x1|x2|y1|y2|cx|cy|r|width|height|style|offset)="[^"]*"|\{%.*?%\}""")
FILLED = re.compile(r"\)[sd] ?%%|[0-9] %(?![(a-z])")
SCRIPT = re.compile(r"\} %`")


def _templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", _templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_writes_the_sign_itself(path: Path) -> None:
    """Figures go through ``percent0``, ``percent1``, ``signed_percent1`` or ``ratio_percent1``."""
    text = DRAWN.sub("", path.read_text())

    assert [found.group() for found in BARE.finditer(text)] == []


def test_no_sentence_of_the_catalog_writes_the_sign_itself() -> None:
    """Neither in English nor in German: the figure comes with its sign, typed numbers say percent."""
    entries = polib.pofile(str(CATALOG))
    texts = [text for each in entries for text in (each.msgid, each.msgstr, *each.msgstr_plural.values())]

    assert [text for text in texts if FILLED.search(text)] == []


def _bare_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            yield from (
                ast.unparse(node)
                for before, part in zip(node.values, node.values[1:], strict=False)
                if isinstance(before, ast.FormattedValue)
                and isinstance(part, ast.Constant)
                and str(part.value).startswith(" %")
            )


@pytest.mark.parametrize("package", ["pmo_portal", "projects", "portfolio"])
def test_no_code_writes_the_sign_itself(package: str) -> None:
    """Code says ``with_percent``."""
    found = [line for path in sorted((ROOT / package).rglob("*.py")) for line in _bare_in(path)]

    assert found == []


def test_no_script_writes_the_sign_itself() -> None:
    scripts = sorted((ROOT / "static/src").rglob("*.js"))

    assert [path.name for path in scripts if SCRIPT.search(path.read_text())] == []


def test_figures_keep_their_sign() -> None:
    assert (percent0(42), percent1("42.25"), signed_percent1(-5), ratio_percent1("0.5")) == (
        "42\u00a0%",
        "42.3\u00a0%",
        "−5.0\u00a0%",
        "50.0\u00a0%",
    )
    assert (percent0(None), signed_percent1("")) == ("—", "—")
