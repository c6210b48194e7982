"""Versions of document templates made in the browser (CON-9, ORG-8)."""

from dataclasses import replace

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio.interchange.document_file import SHIPPED, read_document
from portfolio.models import DocumentTemplate
from portfolio.rollup.document import SectionRule
from portfolio.rollup.methodology import Words
from portfolio.selectors.methodology_words import document_change_lines
from portfolio.services import document_template_drafts as service
from portfolio.services.document_templates import load_document
from tests.portfolio.documents import DAY, template
from tests.portfolio.libraries import paula

pytestmark = pytest.mark.django_db
RULE = SectionRule(
    "triggers",
    Words(en="Triggers", de="Auslöser"),
    Words(en="What to watch.", de="Worauf zu achten ist."),
    Words(en="{{ project.name }}", de="{{ project.name }}"),
)


def begun() -> DocumentTemplate:
    analyst = paula(Role.PMO_ANALYST, "Anna")
    return service.begin_draft(actor=analyst, base=template("charter"), version="1.1.0", today=DAY)


def anna() -> object:
    from pmo_portal.accounts.models import User

    return User.objects.get(name="Anna")


def saved(draft: DocumentTemplate, rule: SectionRule = RULE, code: str = "") -> DocumentTemplate:
    about = {"template": draft, "edition": draft.edition, "rule": rule, "code": code}
    return service.save_section(actor=anna(), **about)  # type: ignore[arg-type]


def head_saved(draft: DocumentTemplate, **change: Words) -> DocumentTemplate:
    texts = {"title": draft.content.title, "summary": draft.content.summary, **change}
    about = {"template": draft, "edition": draft.edition, "change_note": "", **texts}
    return service.edit_head(actor=anna(), **about)  # type: ignore[arg-type]


def test_version_goes_from_a_draft_into_force() -> None:
    draft = begun()
    draft = saved(draft)
    draft = service.move_section(
        actor=anna(), template=draft, edition=draft.edition, code="triggers", step=-1
    )
    draft = service.remove_section(actor=anna(), template=draft, edition=draft.edition, code="assumptions")
    service.submit_draft(actor=anna(), template=draft, edition=draft.edition)
    done = service.publish_draft(actor=paula(), template=draft, edition=draft.edition, today=DAY)

    former = DocumentTemplate.objects.get(version="1.0.1")
    assert (done.is_current, former.is_current, former.content.section("assumptions") is not None) == (
        True,
        False,
        True,
    )
    assert [line.sentence for line in document_change_lines(former.content, done.content)] == [
        "Heading triggers “Triggers” is new.",
        "Heading assumptions “Assumptions” is gone.",
    ]
    assert list(
        AuditEntry.objects.filter(object_id=str(done.pk), object_type="portfolio.documenttemplate")
        .order_by("sequence")
        .values_list("action", flat=True)
    ) == [
        "document.template_drafted",
        *["document.template_edited"] * 3,
        "document.template_submitted",
        "document.template_published",
    ]


def test_changed_heading_is_told_in_words() -> None:
    draft = begun()
    rule = draft.content.section("purpose")
    assert rule is not None

    draft = saved(draft, replace(rule, title=Words(en="Why", de="Warum"), is_money=True), "purpose")

    base = template("charter").content
    assert document_change_lines(base, draft.content)[0].details == (
        "title: “Purpose” → “Why”",
        "money: no → yes",
    )


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"text": Words(en="{{ project.nam }}", de="{{ project.nam }}")}, "text_en", "UNKNOWN_PLACEHOLDER"),
        ({"text": Words(en="{{ project.name }}", de="Name")}, "text_de", "LANGUAGES_DIFFER"),
        ({"text": Words(en="Name", de="{{ project.name }}")}, "text_en", "LANGUAGES_DIFFER"),
        ({"text": Words(en="{{ budget.total }}", de="{{ budget.total }}")}, "text_en", "MONEY_IN_THE_OPEN"),
        ({"guidance": Words(en="What to watch.")}, "guidance_de", "LANGUAGE_MISSING"),
        ({"guidance": Words(en=" ", de="Worauf?")}, "guidance_en", "LANGUAGE_MISSING"),
        ({"text": Words(en="Now")}, "text_de", "LANGUAGE_MISSING"),
        ({"text": Words(en="{% now %}", de="{% now %}")}, "text_en", "BRACES"),
        ({"text": Words(en="Now", de="{% now %}")}, "text_de", "BRACES"),
        ({"title": Words(en="T", de="T" * 161)}, "title_de", "TOO_LONG"),
        ({"guidance": Words(en="T" * 4001, de="T")}, "guidance_en", "TOO_LONG"),
        ({"text": Words(en="T" * 4001, de="T")}, "text_en", "TOO_LONG"),
        ({"code": "two words"}, "code", "CODE_INVALID"),
        ({"code": "1.2"}, "code", "CODE_INVALID"),
        ({"code": "new"}, "code", "CODE_INVALID"),
        ({"code": "c" * 21}, "code", "CODE_INVALID"),
        ({"code": "purpose"}, "code", "CODE_TAKEN"),
    ],
)
def test_heading_nothing_can_be_made_of_is_refused_at_its_field(
    change: dict[str, object], field: str, code: str
) -> None:
    draft = begun()

    with pytest.raises(DomainError) as refused:
        saved(draft, replace(RULE, **change))  # type: ignore[arg-type]

    assert (refused.value.field, refused.value.code) == (field, code)
    draft.refresh_from_db()
    assert (draft.edition, draft.content.section("triggers")) == (1, None)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"title": Words(en="T" * 161, de="T")}, "title_en", "TOO_LONG"),
        ({"summary": Words(en="T", de="T" * 4001)}, "summary_de", "TOO_LONG"),
        ({"summary": Words(en="T", de=" ")}, "summary_de", "LANGUAGE_MISSING"),
    ],
)
def test_head_that_fits_no_document_is_refused_at_its_field(
    change: dict[str, Words], field: str, code: str
) -> None:
    draft = begun()

    with pytest.raises(DomainError) as refused:
        head_saved(draft, **change)

    assert (refused.value.field, refused.value.code) == (field, code)


def test_longest_texts_are_kept() -> None:
    long = Words(en="T" * 4000, de="T" * 4000)
    draft = head_saved(begun(), title=Words(en="T" * 160, de="T" * 160), summary=long)
    draft = saved(draft, replace(RULE, code="N" * 20, guidance=long, text=long))

    assert (draft.edition, len(draft.content.title.en)) == (3, 160)
    assert draft.content.sections[-1].text == long


def test_save_without_a_change_changes_nothing() -> None:
    """Whatever ends its lines: a browser sends both signs."""
    draft = begun()
    entries = AuditEntry.objects.count()
    text = Words(en="Aims:\n\n- ", de="Ziele:\n\n- ")
    sent = Words(en="Aims:\r\n\r\n- ", de="Ziele:\r\r- ")
    goals = draft.content.section("goals")
    assert goals is not None
    crlf = Words(en=goals.text.en.replace("\n", "\r\n"), de=goals.text.de.replace("\n", "\r\n"))

    draft = saved(draft, replace(goals, text=crlf), "goals")
    draft = head_saved(draft)
    assert (draft.edition, AuditEntry.objects.count()) == (1, entries)
    draft = saved(draft, replace(RULE, text=sent))

    assert (draft.edition, AuditEntry.objects.count()) == (2, entries + 1)
    assert draft.content.sections[-1].text == text
    assert draft.content.sections[-1].is_form("Aims:\r\n\r\n-")
    assert document_change_lines(template("charter").content, draft.content)[0].sentence == (
        "Heading triggers “Triggers” is new."
    )


def test_trail_names_the_texts_that_differ() -> None:
    draft = begun()
    former = draft.content.summary

    head_saved(draft, summary=Words(en="Why.", de="Warum."))

    entry = AuditEntry.objects.order_by("-sequence")[0]
    assert (entry.before, entry.after) == (
        {"summary": {"de": former.de, "en": former.en}},
        {"summary": {"de": "Warum.", "en": "Why."}},
    )


def test_stored_code_that_stands_twice_is_refused_at_submit() -> None:
    draft = saved(begun())
    draft.document["sections"].append(draft.document["sections"][0])
    draft.save()

    with pytest.raises(DomainError) as refused:
        service.submit_draft(actor=anna(), template=draft, edition=draft.edition)  # type: ignore[arg-type]

    assert refused.value.code == "CODE_TWICE"
    assert str(refused.value) == "The code purpose is used twice. Give each heading its own."


def test_stale_edition_and_published_versions_are_not_changed() -> None:
    """CON-9."""
    draft = begun()
    saved(draft)

    with pytest.raises(StaleObject):
        service.save_section(actor=anna(), template=draft, edition=1, rule=replace(RULE, code="other"))
    with pytest.raises(Conflict) as published:
        service.save_section(actor=anna(), template=template("charter"), edition=1, rule=RULE)
    with pytest.raises(Conflict) as twice:
        service.begin_draft(actor=anna(), base=template("charter"), version="1.2.0", today=DAY)

    assert (published.value.code, twice.value.code) == ("WRONG_STATE", "DRAFT_BEGUN")


def test_nobody_publishes_the_own_request() -> None:
    """ORG-8."""
    head, draft = paula(), begun()
    draft = saved(draft)
    service.submit_draft(actor=head, template=draft, edition=draft.edition)

    with pytest.raises(NotAllowed):
        service.publish_draft(actor=head, template=draft, edition=draft.edition, today=DAY)
    with pytest.raises(NotAllowed):
        service.publish_draft(actor=anna(), template=draft, edition=draft.edition, today=DAY)  # type: ignore[arg-type]
    service.return_draft(actor=head, template=draft, reason="Who watches?")

    draft.refresh_from_db()
    assert (draft.state, draft.submitted_by, draft.is_current) == ("DRAFT", None, False)


def test_unchanged_draft_is_not_submitted_and_may_be_discarded() -> None:
    draft = begun()

    with pytest.raises(DomainError):
        service.submit_draft(actor=anna(), template=draft, edition=draft.edition)  # type: ignore[arg-type]
    service.discard_draft(actor=anna(), template=draft)  # type: ignore[arg-type]

    assert list(DocumentTemplate.objects.values_list("code", "version")) == [("charter", "1.0.1")]


@pytest.mark.parametrize("version", ["1.0", "1.0.1", "0.9.0"])
def test_number_is_above_all_others(version: str) -> None:
    with pytest.raises(DomainError) as refused:
        service.begin_draft(actor=paula(), base=template("charter"), version=version, today=DAY)

    assert refused.value.field == "version"


def test_nobody_hands_in_or_publishes_words_that_were_not_read() -> None:
    """ORG-8."""
    draft, head = saved(begun()), paula()
    with pytest.raises(StaleObject):
        service.submit_draft(actor=anna(), template=draft, edition=1)  # type: ignore[arg-type]
    service.submit_draft(actor=anna(), template=draft, edition=2)  # type: ignore[arg-type]
    service.return_draft(actor=head, template=draft, reason="Who watches?")
    draft = saved(draft, replace(RULE, code="watch"))
    service.submit_draft(actor=anna(), template=draft, edition=3)  # type: ignore[arg-type]

    with pytest.raises(StaleObject) as refused:
        service.publish_draft(actor=head, template=draft, edition=2, today=DAY)
    assert (
        str(refused.value) == "This version was changed since you opened it. Read it again, then publish it."
    )
    assert service.publish_draft(actor=head, template=draft, edition=3, today=DAY).is_current


def shipped(version: str) -> DocumentTemplate | None:
    file = replace(read_document(SHIPPED / "charter.toml"), version=version)
    return load_document(actor=None, file=file, today=DAY)


def test_file_does_not_replace_a_version_published_here() -> None:
    draft = saved(begun())
    with pytest.raises(Conflict) as same:
        shipped("1.1.0")
    service.submit_draft(actor=anna(), template=draft, edition=2)  # type: ignore[arg-type]
    service.publish_draft(actor=paula(), template=draft, edition=2, today=DAY)

    loaded = shipped("1.2.0")
    with pytest.raises(Conflict) as place:
        shipped("1.3.0")

    assert loaded is not None
    assert (loaded.state, loaded.is_current, same.value.code, place.value.code) == (
        "IN_REVIEW",
        False,
        "DRAFT_BEGUN",
        "DRAFT_BEGUN",
    )
    assert DocumentTemplate.objects.get(is_current=True).version == "1.1.0"
    done = service.publish_draft(actor=paula(), template=loaded, edition=1, today=DAY)
    assert (done.is_current, DocumentTemplate.objects.filter(is_current=True).count()) == (True, 1)
