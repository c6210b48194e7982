"""The German catalog is whole, compiled, and says what the code says."""

import ast
import shutil
import subprocess
from collections.abc import Iterator

import polib
import pytest
from django.utils.translation import gettext, override

from tests.messages import CATALOG, PLACEHOLDER, ROOT
from tests.needs import cannot_have

MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "npgettext"}


@pytest.fixture(scope="module")
def catalog() -> polib.POFile:
    return polib.pofile(str(CATALOG))


def _marked_in_f_strings() -> Iterator[str]:
    """Yield where a sentence is marked inside an f-string: collecting does not look there."""
    for package in ("pmo_portal", "projects", "portfolio"):
        for path in (ROOT / package).rglob("*.py"):
            for text in (
                node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr)
            ):
                calls = (node.func for node in ast.walk(text) if isinstance(node, ast.Call))
                if any(isinstance(each, ast.Name) and each.id in MARKS for each in calls):
                    yield f"{path.relative_to(ROOT)}:{text.lineno}"


def test_no_sentence_is_marked_inside_an_f_string() -> None:
    assert list(_marked_in_f_strings()) == []


def test_catalog_has_a_translation_for_every_sentence(catalog: polib.POFile) -> None:
    assert [entry.msgid for entry in catalog if entry.fuzzy or not entry.translated()] == []


def test_catalog_compiled_is_that_of_the_sentences(catalog: polib.POFile) -> None:
    assert CATALOG.with_suffix(".mo").read_bytes() == catalog.to_binary()


def test_catalog_keeps_every_placeholder(catalog: polib.POFile) -> None:
    changed = []
    for entry in catalog:
        said = entry.msgstr_plural.get(1, entry.msgstr)
        if sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)) != sorted(
            PLACEHOLDER.findall(said)
        ):
            changed.append(entry.msgid)
    assert changed == []


def test_catalog_keeps_breaks_at_the_ends(catalog: polib.POFile) -> None:
    assert [e.msgid for e in catalog if e.msgstr and e.msgid[-1:].isspace() != e.msgstr[-1:].isspace()] == []


def test_catalog_has_every_sentence_of_the_python_code(catalog: polib.POFile) -> None:
    if shutil.which("xgettext") is None:
        cannot_have("xgettext (Debian: gettext)")
    sources = [
        str(path.relative_to(ROOT))
        for app in ("pmo_portal", "projects", "portfolio")
        for path in (ROOT / app).rglob("*.py")
    ]
    found = subprocess.run(
        ["xgettext", "-L", "Python", "--from-code=UTF-8", "--keyword=gettext_noop", "--keyword=gettext_lazy",
         "--keyword=ngettext_lazy:1,2", "--keyword=pgettext:1c,2", "--keyword=_", "-o", "-", *sources],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    known = {entry.msgid for entry in catalog}
    assert sorted({entry.msgid for entry in polib.pofile(found.stdout)} - known) == []


def test_catalog_is_spoken() -> None:
    with override("de"):
        assert gettext("Data date") == "Stichtag"
