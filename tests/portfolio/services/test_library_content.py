"""The starter content: complete in both languages, and loaded without harm to what people wrote."""

from datetime import date

import pytest
from django.core.management import call_command

from pmo_portal.accounts.choices import Role
from pmo_portal.common.guidance import PLACES
from portfolio.choices import KnowledgeKind
from portfolio.models import KnowledgeItem, KnowledgeLabel, KnowledgeVersion
from portfolio.services.library import edit_item, publish
from portfolio.services.library_content import LoadedItems, keep_library, load_library, starter_items
from tests.portfolio.libraries import TODAY, content, paula

TEMPLATES = {
    "project-charter", "business-case", "project-plan", "status-report", "change-request", "risk-register",
    "acceptance-note", "gate-pack", "lessons-report", "closure-report", "benefits-review",
}  # fmt: skip
# Headings of domain 2.10 by template, in English.
HEADINGS = {
    "project-charter": (
        "Purpose", "Goals and measures", "Scope", "Deliverables", "Constraints", "Assumptions", "Roles",
        "Budget frame", "Key dates", "Main risks", "Approval",
    ),
    "business-case": (
        "Problem", "Options", "Costs", "Benefits and owners", "Appraisal", "Risks", "Sensitivity",
        "Recommendation",
    ),
    "project-plan": (
        "Method and tailoring", "Organization", "Schedule", "Cost", "Resources", "Quality", "Risk",
        "Communication", "Change", "Escalation", "Tolerances",
    ),
    "change-request": ("What and why", "Options", "Effects", "Recommendation", "Decision"),
    "acceptance-note": ("Deliverable", "Version", "Criteria and results", "Conditions", "Signature"),
    "gate-pack": ("Question", "Readiness", "Evidence list", "Forecast", "Risks", "Request"),
    "lessons-report": (
        "What to keep", "What to avoid", "Causes", "Recommendations", "Standards affected",
    ),
    "closure-report": (
        "Goals against result", "Time", "Cost", "Quality", "Open points", "Handover", "Thanks",
    ),
}  # fmt: skip


def test_every_item_is_there_in_both_languages() -> None:
    english = {item.code: item for item in starter_items() if item.language == "en"}
    german = {item.code: item for item in starter_items() if item.language == "de"}

    assert len(english) >= 40
    assert set(english) == set(german)
    assert all(english[code].kind == german[code].kind for code in english)
    assert all(english[code].content.roles == german[code].content.roles for code in english)
    assert {item.kind for item in english.values()} == set(KnowledgeKind) - {"COURSE", "LESSON"}


def test_every_place_has_help_in_both_languages() -> None:
    """A step or field help can stand beside is never empty on a new installation."""
    found = {(place, item.language) for item in starter_items() for place in item.content.places}

    assert found == {(place.code, language) for place in PLACES for language in ("en", "de")}


def test_the_eleven_templates_have_their_headings() -> None:
    """Domain 2.10."""
    items = {item.code: item for item in starter_items() if item.language == "en"}

    assert {code for code, item in items.items() if item.kind == "TEMPLATE"} == TEMPLATES
    for code, wanted in HEADINGS.items():
        lines = items[code].content.body.splitlines()
        assert tuple(line[2:] for line in lines if line.startswith("# ")) == wanted


def test_cases_are_marked_as_invented() -> None:
    cases = [item for item in starter_items() if item.kind == "CASE"]

    assert len(cases) == 6
    assert all("invented" in item.content.body or "erfunden" in item.content.body for item in cases)


@pytest.mark.django_db
def test_loading_twice_adds_nothing() -> None:
    """An installation without items of its own gets the starter content by itself, once."""
    first = [keep_library(today=TODAY), keep_library(today=TODAY)]
    second = load_library(today=TODAY, owner=paula())

    count = KnowledgeItem.objects.count()
    assert first == [count, 0]
    assert second == LoadedItems(added=0, renewed=0, kept=count)
    assert KnowledgeVersion.objects.filter(state="PUBLISHED").count() == count


@pytest.mark.django_db
def test_what_people_changed_is_left_alone_and_the_rest_renewed() -> None:
    load_library(today=TODAY)
    theirs = KnowledgeItem.objects.get(code="project-charter", language="en")
    edit_item(actor=paula(Role.PMO_ANALYST, "Peter"), item=theirs, content=content("Our charter"))
    publish(actor=None, item=theirs, today=TODAY)
    KnowledgeVersion.objects.filter(item__code="tool-raci", item__language="en").update(body="Old text")
    KnowledgeLabel.objects.filter(version__item__code="guide-wbs", value="wbs").delete()

    loaded = load_library(today=date(2026, 5, 1))

    assert loaded.renewed == 2
    assert theirs.versions.get(state="PUBLISHED").title == "Our charter"
    newest = KnowledgeVersion.objects.get(item__code="tool-raci", item__language="en", state="PUBLISHED")
    assert (newest.number, newest.body.startswith("| Result |")) == ("1.1", True)


@pytest.mark.django_db
def test_command_loads(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_library")

    assert capsys.readouterr().out.startswith("Library: 100 added, 0 renewed")
