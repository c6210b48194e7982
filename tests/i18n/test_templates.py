"""Every text of a template that people read is marked for translation."""

import re

from tests.messages import ROOT

TEMPLATES = ROOT / "templates"
MARKED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
UNSEEN = re.compile(
    r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->"
    r"|<(script|style|svg|code|kbd)\b.*?</\1>",
    re.DOTALL,
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
SPOKEN = re.compile(r"\b(?:placeholder|aria-label|title|alt)=\"([^\"]*)\"")
NAMES = {"PMO Portal", "PMO", "CSV", "Excel", "SPI", "CPI", "BAC", "EAC", "WBS", "RAID"}


def untranslated(source: str) -> list[str]:
    """Return the texts between tags and in spoken attributes that carry letters."""
    bare = TAG.sub("\x00", MARKED.sub("", UNSEEN.sub("", source)))
    texts = SPOKEN.findall(bare) + re.split(r"<(?:[^>\"]|\"[^\"]*\")*>", bare)
    parts = [part.strip(" ·\n") for text in texts for part in text.split("\x00")]
    return [part for part in parts if re.search(r"[A-Za-z]{3,}", part) and part not in NAMES]


def test_templates_mark_every_text() -> None:
    left = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        found = untranslated(path.read_text(encoding="utf-8"))
        if found:
            left[str(path.relative_to(TEMPLATES))] = found
    assert left == {}


def test_untranslated_finds_text_and_attributes() -> None:
    assert untranslated('<p title="Hint">Hello {{ name }}</p>{% translate "Fine" %}') == ["Hint", "Hello"]
