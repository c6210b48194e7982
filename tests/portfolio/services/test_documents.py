"""Documents of projects: filled, written, sealed, submitted, decided (domain 2.1, 2.10, STD-5, ORG-8)."""

from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio.interchange.document_file import SHIPPED, read_document
from portfolio.models import DocumentTemplate, DocumentVersion, ProjectDocument
from portfolio.selectors.documents import is_intact
from portfolio.selectors.governance import governance_of
from portfolio.services import artefacts, documents
from portfolio.services.document_templates import keep_documents, load_document
from tests.portfolio.documents import (
    DAY,
    charter,
    decide,
    newest,
    stage,
    submitted,
    template,
    write,
    write_all,
)

pytestmark = pytest.mark.django_db


def texts(document: ProjectDocument) -> dict[str, str]:
    return {part.code: part.text for part in newest(document).parts}


def test_charter_is_filled_with_what_the_portal_knows() -> None:
    on = stage()

    found = texts(charter(on))

    assert list(found) == [
        *("purpose", "goals", "scope", "deliverables", "constraints", "assumptions"),
        *("roles", "budget", "dates", "risks", "approval"),
    ]
    assert found["dates"] == (
        "- Start: 2 March 2026\n- Finish: 30 September 2026\n- Milestones: (not known yet)"
    )
    assert found["roles"].splitlines()[:2] == ["- Sponsor: Sam", "- Project manager: Alice"]
    assert found["budget"].splitlines()[0] == "- Budget in total: 1,000.00 EUR"
    assert found["goals"] == ""


def test_money_is_only_filled_in_by_who_may_see_it() -> None:
    """ORG-9: Bob is a member without a right to money; his charter holds no amount anywhere."""
    on = stage()

    document = charter(on, actor=on.bob)

    assert texts(document)["budget"] == ""
    assert not any("1,000" in text for text in texts(document).values())
    with pytest.raises(NotAllowed):
        write(on, document, "budget", "Guess", actor=on.bob)
    assert texts(document)["budget"] == ""
    suggested = documents.suggested_text(actor=on.alice, document=document, section="budget", today=DAY)
    assert suggested.splitlines()[0] == "- Budget in total: 1,000.00 EUR"
    assert documents.suggested_text(actor=on.bob, document=document, section="budget", today=DAY) == ""


def test_member_without_the_right_begins_nothing() -> None:
    on = stage()

    with pytest.raises(NotAllowed):
        charter(on, actor=on.sam)

    assert ProjectDocument.objects.count() == 0
    assert not AuditEntry.objects.filter(action="document.begun").exists()


def test_requirement_has_one_document_of_its_own_template() -> None:
    on = stage()
    charter(on)
    about = {"actor": on.alice, "project": on.project, "language": "en", "today": DAY}

    with pytest.raises(Conflict) as twice:
        documents.begin_document(template=on.template, requirement="SG-06", **about)
    with pytest.raises(DomainError) as other:
        documents.begin_document(template=template("closure-report"), requirement="SG-04", **about)

    assert (twice.value.code, other.value.code) == ("DOCUMENT_THERE", "OTHER_TEMPLATE")
    assert ProjectDocument.objects.count() == 1


def test_writing_needs_the_newest_revision() -> None:
    on = stage()
    document = charter(on)
    write(on, document, "goals", "Less noise")

    with pytest.raises(StaleObject):
        documents.write_section(
            actor=on.alice, document=document, section="goals", text="Late", expected_revision=1, today=DAY
        )

    assert (texts(document)["goals"], newest(document).number, newest(document).revision) == (
        "Less noise",
        1,
        2,
    )


def test_empty_form_counts_as_not_written() -> None:
    on = stage()
    document = charter(on)
    form = documents.suggested_text(actor=on.alice, document=document, section="scope", today=DAY)

    write(on, document, "scope", form)

    assert form.startswith("**In:**")
    assert texts(document)["scope"] == ""


def test_nothing_is_submitted_with_open_headings() -> None:
    on = stage()
    document = charter(on)
    for code in ("goals", "scope", "deliverables", "assumptions", "risks"):
        write(on, document, code, "Known.")

    with pytest.raises(DomainError) as refused:
        documents.submit_document(
            actor=on.alice, document=document, expected_revision=newest(document).revision, today=DAY
        )

    assert str(refused.value) == "Not written yet: Purpose, Constraints, Roles, Key dates."
    assert newest(document).state == "DRAFT"


def test_sponsor_signs_the_very_words_that_were_submitted() -> None:
    """STD-5: met once the approver's role approved; the seal is that of the submitted words."""
    on = stage()
    document = submitted(on)
    sealed = newest(document).checksum

    made = decide(document, on.sam)

    known = governance_of(on.project, DAY)
    assert known is not None
    assert (made.state, made.decided_by, made.decided_on, made.checksum) == ("APPROVED", on.sam, DAY, sealed)
    assert (known.last_steps["SG-06"].state, is_intact(document, made)) == ("APPROVED", True)
    assert list(
        AuditEntry.objects.filter(action__startswith="document.d").values_list("action", flat=True)
    ) == ["document.decided"]


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_neither_submitter_nor_member_signs(who: str) -> None:
    """ORG-8."""
    on = stage()
    document = submitted(on)

    with pytest.raises(NotAllowed):
        decide(document, getattr(on, who))

    assert newest(document).state == "SUBMITTED"


def test_decision_is_on_the_words_that_were_read() -> None:
    on = stage()
    document = submitted(on)

    with pytest.raises(Conflict) as refused:
        documents.decide_document(
            actor=on.sam, document=document, checksum="0" * 64, is_approved=True, today=DAY
        )

    assert (refused.value.code, newest(document).state) == ("OTHER_VERSION", "SUBMITTED")


def test_submitted_words_cannot_be_changed() -> None:
    on = stage()
    document = submitted(on)

    with pytest.raises(Conflict):
        write(on, document, "goals", "More")

    assert texts(document)["goals"] == "Known."


@pytest.mark.parametrize(("is_approved", "state"), [(True, "APPROVED"), (False, "RETURNED")])
def test_decided_version_stays_and_the_next_begins_with_its_words(is_approved: bool, state: str) -> None:
    on = stage()
    document = submitted(on)
    decide(document, on.sam, is_approved=is_approved, note="Look at the goals")
    former = newest(document)

    made = write(on, document, "goals", "Better")

    kept = DocumentVersion.objects.get(pk=former.pk)
    assert (kept.state, kept.checksum, kept.sections) == (state, former.checksum, former.sections)
    assert (made.number, made.state, texts(document)["goals"]) == (2, "DRAFT", "Better")
    assert (texts(document)["scope"], made.decision_note) == ("Known.", "")
    assert made.checksum != former.checksum


def test_decision_on_the_governance_tab_decides_on_the_document_too() -> None:
    on = stage()
    document = submitted(on)

    artefacts.record_step(
        actor=on.sam, project=on.project, requirement="SG-06", state="RETURNED", note="Too long", today=DAY
    )

    found = newest(document)
    assert (found.state, found.decided_by, found.decision_note) == ("RETURNED", on.sam, "Too long")


@pytest.mark.parametrize("state", ["IN_WORK", "SUBMITTED"])
def test_work_begun_again_or_submitted_in_its_place_takes_the_document_back(state: str) -> None:
    on = stage()
    document = submitted(on)
    about = {"project": on.project, "requirement": "SG-06", "today": DAY}
    with pytest.raises(Conflict, match="This is its state already"):
        artefacts.record_step(actor=on.alice, state="SUBMITTED", **about)
    assert newest(document).state == "SUBMITTED"

    artefacts.record_step(actor=on.alice, state=state, note="Another draft", **about)

    assert (newest(document).state, newest(document).submitted_by) == ("DRAFT", None)
    assert AuditEntry.objects.filter(object_type="portfolio.documentversion").last().action == (
        "document.taken_back"
    )


def test_approval_of_something_else_approves_no_document() -> None:
    """STD-5: the approver decides on what was submitted last."""
    on = stage()
    document = submitted(on)
    about = {"project": on.project, "requirement": "SG-06", "today": DAY}
    artefacts.record_step(actor=on.alice, state="SUBMITTED", link="https://example.org/charter", **about)

    artefacts.record_step(actor=on.sam, state="APPROVED", **about)

    assert newest(document).state == "DRAFT"


def test_document_of_no_requirement_is_written_and_never_submitted() -> None:
    on = stage()
    made = documents.begin_document(
        actor=on.alice, project=on.project, template=template("gate-pack"), language="de", today=DAY
    )
    revision = write_all(on, made.document).revision

    with pytest.raises(Conflict) as refused:
        documents.submit_document(
            actor=on.alice, document=made.document, expected_revision=revision, today=DAY
        )

    assert (made.document.title, refused.value.code) == ("Gate-Unterlage", "NO_REQUIREMENT")


def test_changed_words_do_not_fit_their_seal() -> None:
    on = stage()
    document = submitted(on)
    version = newest(document)
    version.sections[0]["text"] = "Something else"

    assert is_intact(document, version) is False


def test_shipped_templates_are_loaded_once() -> None:
    assert (keep_documents(today=DAY), keep_documents(today=DAY)) == (11, 0)


def test_newer_version_is_in_force_and_documents_keep_theirs(tmp_path: Any) -> None:
    on = stage()
    document = charter(on)
    text = (SHIPPED / "charter.toml").read_text(encoding="utf-8")
    (tmp_path / "charter.toml").write_text(text.replace("1.0.1", "1.1.0"), encoding="utf-8")
    (tmp_path / "same.toml").write_text(text.replace("Purpose", "Aim"), encoding="utf-8")

    made = load_document(actor=None, file=read_document(tmp_path / "charter.toml"), today=DAY)
    with pytest.raises(Conflict) as refused:
        load_document(actor=None, file=read_document(tmp_path / "same.toml"), today=DAY)

    assert made is not None
    assert (made.is_current, refused.value.code) == (True, "VERSION_KNOWN")
    assert DocumentTemplate.objects.get(version="1.0.1").is_current is False
    assert ProjectDocument.objects.get(pk=document.pk).template.version == "1.0.1"
