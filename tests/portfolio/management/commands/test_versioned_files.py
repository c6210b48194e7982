"""Commands that bring in versions from TOML files: all or nothing, twice without harm, faults by place."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portfolio.interchange.document_file import SHIPPED
from portfolio.interchange.methodology_file import read_methodology, shipped_files
from portfolio.models import DocumentTemplate, MethodologyVersion, TemplateVersion
from portfolio.services.governance import bind_methodology
from portfolio.services.methodologies import load_methodology
from tests.factories import project
from tests.portfolio.methods import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HEADING = 'title = { en = "Note", de = "Vermerk" }\nsummary = { en = "Short.", de = "Kurz." }\n'


def said(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "model", "number", "first"),
    [
        ("load_documents", DocumentTemplate, 11, "acceptance-note 1.0.0: PUBLISHED"),
        ("load_methodologies", MethodologyVersion, 3, "AH 1.0.2: EFFECTIVE"),
        ("load_templates", TemplateVersion, 1, "SG-T2-SERVICE 1.0.1: PUBLISHED"),
    ],
)
def test_shipped_files_are_brought_in_once(name: str, model: type, number: int, first: str) -> None:
    once = said(name).splitlines()
    twice = said(name).splitlines()

    assert (once[0], len(once)) == (first, number)
    assert {line.rpartition(": ")[2] for line in twice} == {"there already"}
    assert model.objects.count() == number


def test_a_shipped_number_that_was_used_here_is_left_out_and_the_rest_is_loaded() -> None:
    said("load_documents")
    charter = DocumentTemplate.objects.get(code="charter")
    charter.document = {**charter.document, "sections": charter.document["sections"][:-1]}
    charter.save(update_fields=["document"])
    DocumentTemplate.objects.filter(code="risk-register").delete()

    lines = dict(line.split(": ", 1) for line in said("load_documents").splitlines())

    assert lines["charter 1.0.1"].startswith("left out. ")
    assert "is there with another content" in lines["charter 1.0.1"]
    assert lines["risk-register 1.0.1"] == "PUBLISHED"
    charter.refresh_from_db()
    assert len(charter.document["sections"]) == 10
    with pytest.raises(CommandError, match="another content"):
        said("load_documents", str(SHIPPED / "charter.toml"))


def test_upgrade_of_the_portal_brings_newer_content_beside_what_runs() -> None:
    """SG 1.0.0 knew no closing checklist: projects keep it, the new version waits, own newer ones stay."""
    _ah, p2, sg = (read_methodology(path) for path in shipped_files())
    for file, version in ((p2, "1.0.0"), (sg, "1.4.0")):
        old = replace(file, version=version, content=replace(file.content, closing=()))
        load_methodology(actor=None, file=old, today=DAY)
    running = MethodologyVersion.objects.get(version="1.0.0")
    bound = bind_methodology(actor=None, project=project("P-1"), version=running, today=DAY)
    before = running.document

    lines, again = said("load_methodologies").splitlines(), said("load_methodologies").splitlines()

    assert lines == [
        "AH 1.0.2: EFFECTIVE",
        "P2 1.0.2: APPROVED",
        "SG 1.0.2: left out. The newer version 1.4.0 is in force already.",
    ]
    assert again == ["AH 1.0.2: there already", "P2 1.0.2: there already", lines[2]]
    running.refresh_from_db()
    bound.refresh_from_db()
    assert (bound.version, running.state, running.document) == (running, "EFFECTIVE", before)
    newer = MethodologyVersion.objects.get(methodology__code="P2", version="1.0.2")
    assert (len(running.content.closing), len(newer.content.closing)) == (0, 9)


def test_check_keeps_nothing() -> None:
    assert said("load_documents", "--check") == "11 files are right.\n"
    assert not DocumentTemplate.objects.exists()


def test_one_wrong_file_keeps_all_out(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.toml", tmp_path / "wrong.toml"
    section = '[[sections]]\ncode = "a"\ntitle = { en = "A", de = "A" }\nguidance = { en = "B", de = "B" }\n'
    right.write_text(f'code = "note"\nversion = "1.0.0"\n{HEADING}{section}')
    wrong.write_text(f'code = "other"\nversion = "1"\n{HEADING}{section}')

    with pytest.raises(CommandError) as refused:
        said("load_documents", str(right), str(wrong))

    assert str(refused.value) == "wrong.toml: version: is '1'; write three numbers such as 1.0.0."
    assert not DocumentTemplate.objects.exists()
