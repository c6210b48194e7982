"""German words of the shipped content are those of the pages (docs/translations.md)."""

import re
from pathlib import Path

import pytest

from portfolio.interchange import document_file, methodology_file
from portfolio.services.library_content import FOLDER

pytestmark = pytest.mark.pure
INTERCHANGE = Path(document_file.SHIPPED).parent
OTHER_WORDS = {
    "Bestand": "Backlog",
    "Empfindlichkeit": "Sensitivität",
    "Geschäftsfall": "Business Case",
    "Lenkungskreis": "Lenkungsausschuss",
    "Leistungswert": "Fertigstellungswert",
    "Risikovolumen": "Risikobelastung",
    "Statusdatum": "Stichtag",
    "Voraussage": "Prognose",
}
"""A word that was written once -> the one the pages have for the same thing."""


def test_shipped_content_has_one_word_for_one_thing() -> None:
    files = [*(FOLDER / "de").glob("*.toml"), *INTERCHANGE.glob("*/*.toml")]
    words = re.compile(r"\b(" + "|".join(OTHER_WORDS) + ")")

    found = {f"{path.parent.name}/{path.name}": words.findall(path.read_text("utf-8")) for path in files}

    assert methodology_file.SHIPPED.parent == INTERCHANGE
    assert len(files) > 30
    assert {name: each for name, each in found.items() if each} == {}
