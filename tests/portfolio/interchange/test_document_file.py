"""Files of document templates: the shipped ones, and faults by place (domain 2.10)."""

from pathlib import Path

import pytest

from portfolio.interchange.document_file import DocumentFileFault, read_document, shipped_documents

HEADINGS = {
    "acceptance-note": ["deliverable", "version", "criteria", "conditions", "signature"],
    "benefits-review": ["measures", "baseline", "target", "actual", "causes", "decision"],
    "business-case": [
        *("problem", "options", "costs", "benefits", "appraisal", "risks", "sensitivity", "recommendation"),
    ],
    "change-request": ["what", "options", "effects", "cost", "recommendation", "decision"],
    "charter": [
        *("purpose", "goals", "scope", "deliverables", "constraints", "assumptions", "roles", "budget"),
        *("dates", "risks", "approval"),
    ],
    "closure-report": ["goals", "time", "cost", "quality", "open_points", "handover", "thanks"],
    "gate-pack": [
        *("question", "readiness", "evidence", "forecast_time", "forecast_cost", "risks", "request"),
    ],
    "lessons-report": ["keep", "avoid", "causes", "recommendations", "standards"],
    "project-plan": [
        *("method", "organization", "schedule", "cost", "resources", "quality", "risk", "communication"),
        *("change", "escalation", "tolerances"),
    ],
    "risk-register": [
        *("causes", "events", "effects", "rating", "responses", "owners", "dates", "residual"),
    ],
    "status-report": [
        *("overall", "ratings", "confidence", "achievements", "next_steps", "issues", "decisions"),
        *("forecast_time", "forecast_cost", "path"),
    ],
}
GOOD = """
code = "memo"
version = "1.0.0"
title = { en = "Memo", de = "Notiz" }
summary = { en = "Short.", de = "Kurz." }
[[sections]]
code = "what"
title = { en = "What", de = "Was" }
guidance = { en = "Say it.", de = "Sagen Sie es." }
text = { en = "EN", de = "DE" }
"""


def test_shipped_documents_have_the_required_headings() -> None:
    found = {file.code: file for file in map(read_document, shipped_documents())}

    assert {code: [rule.code for rule in file.content.sections] for code, file in found.items()} == HEADINGS


@pytest.mark.parametrize(
    ("en", "de", "fault"),
    [
        (
            "{{ project.mood }}",
            "{{ project.mood }}",
            "{{ project.mood }} is unknown; write one of",
        ),
        ("{{ budget.total }}", "{{ budget.total }}", "{{ budget.total }} is money; set is_money = true."),
        ("{{ plan.start }}", "{{ plan.finish }}", "both languages use the same placeholders."),
        ("{% if x %}", "{% if x %}", "braces stand only around a placeholder: {{ project.name }}."),
        ("{{ project.name", "{{ project.name", "braces stand only around a placeholder"),
        ("EN", "", "title, guidance and text are written in both languages."),
    ],
)
def test_fault_is_named_by_section(tmp_path: Path, en: str, de: str, fault: str) -> None:
    path = tmp_path / "memo.toml"
    path.write_text(GOOD.replace('"EN"', f'"{en}"').replace('"DE"', f'"{de}"'), encoding="utf-8")

    with pytest.raises(DocumentFileFault) as refused:
        read_document(path)

    assert refused.value.sentences[0].startswith("sections what")
    assert fault in refused.value.sentences[0]


def test_unknown_key_and_bad_version_are_named(tmp_path: Path) -> None:
    path = tmp_path / "memo.toml"
    path.write_text(GOOD.replace('"1.0.0"', '"1"'), encoding="utf-8")

    with pytest.raises(DocumentFileFault) as version:
        read_document(path)
    path.write_text(f'{GOOD}mood = "good"\n', encoding="utf-8")
    with pytest.raises(DocumentFileFault) as key:
        read_document(path)

    assert "version: is '1'; write three numbers such as 1.0.0." in str(version.value)
    assert "sections what, mood: means nothing here" in str(key.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'code = "what"',
            'code = "1.2"',
            "sections 1.2: write letters, digits, '-' or '_' as code, at most 20, and not new.",
        ),
        (
            'code = "what"',
            'code = "new"',
            "sections new: write letters, digits, '-' or '_' as code, at most 20, and not new.",
        ),
        ('de = "Notiz"', f'de = "{"N" * 161}"', "title.de: write at most 160 characters."),
        ('de = "DE"', f'de = "{"N" * 4001}"', "sections what, text.de: write at most 4000 characters."),
    ],
)
def test_code_and_length_are_those_a_document_can_have(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = tmp_path / "memo.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")

    with pytest.raises(DocumentFileFault) as refused:
        read_document(path)

    assert refused.value.sentences == [sentence]
