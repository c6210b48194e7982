"""People are told about drafts of document templates; a draft whose number was taken gets another (CON-9)."""

from dataclasses import replace

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.notifications.models import Notification
from portfolio.interchange.document_file import SHIPPED, read_document
from portfolio.models import DocumentTemplate
from portfolio.services import document_template_drafts as service
from portfolio.services.document_templates import load_document
from tests.portfolio.documents import DAY
from tests.portfolio.libraries import paula
from tests.portfolio.services.test_document_template_drafts import anna, begun, saved

pytestmark = pytest.mark.django_db


def messages() -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(kind="document_template").order_by("pk")
    return [(row.user.name, row.title, row.body) for row in rows]


def from_file(version: str) -> DocumentTemplate | None:
    """The shipped charter, with another number."""
    file = replace(read_document(SHIPPED / "charter.toml"), version=version)
    return load_document(actor=None, file=file, today=DAY)


def submitted() -> DocumentTemplate:
    draft = saved(begun())
    return service.submit_draft(actor=anna(), template=draft, edition=draft.edition)  # type: ignore[arg-type]


def renumbered(draft: DocumentTemplate, number: str, note: str = "") -> DocumentTemplate:
    texts = {"title": draft.content.title, "summary": draft.content.summary, "change_note": note}
    about = {"template": draft, "edition": draft.edition, "number": number, **texts}
    return service.edit_head(actor=anna(), **about)  # type: ignore[arg-type]


def test_approvers_are_told_that_a_draft_waits_and_the_author_how_it_ended() -> None:
    """Each in their own language; nobody about what they did themselves."""
    head = paula()
    head.language = "de"
    head.save(update_fields=["language"])
    second = paula(Role.PMO_HEAD, "Petra")
    draft = submitted()
    service.return_draft(actor=head, template=draft, reason="Too long")
    draft.refresh_from_db()
    again = saved(draft, replace(draft.content.sections[-1], is_money=True), "triggers")
    service.submit_draft(actor=anna(), template=again, edition=again.edition)  # type: ignore[arg-type]
    service.publish_draft(actor=second, template=again, edition=again.edition, today=DAY)

    assert messages() == [
        ("Paula", "Wartet auf Veröffentlichung: Projektauftrag 1.1.0", ""),
        ("Petra", "Waiting to be published: Charter 1.1.0", ""),
        ("Anna", "Given back: Charter 1.1.0", "Too long"),
        ("Paula", "Wartet auf Veröffentlichung: Projektauftrag 1.1.0", ""),
        ("Petra", "Waiting to be published: Charter 1.1.0", ""),
        ("Anna", "In force: Charter 1.1.0", ""),
    ]
    assert Notification.objects.filter(kind="document_template").last().url == again.get_absolute_url()


def test_a_head_who_submits_is_not_told_to_publish_it() -> None:
    head = paula()
    paula(Role.PMO_HEAD, "Petra")
    draft = saved(begun())

    service.submit_draft(actor=head, template=draft, edition=draft.edition)

    assert [name for name, _title, _body in messages()] == ["Petra"]


def test_a_file_that_waits_is_told_of_too() -> None:
    """What was published here is not replaced by a file; the new version waits for somebody."""
    service.publish_draft(actor=paula(), template=(draft := submitted()), edition=draft.edition, today=DAY)
    Notification.objects.all().delete()

    load_document(
        actor=None, file=replace(read_document(SHIPPED / "charter.toml"), version="2.0.0"), today=DAY
    )

    assert messages() == [("Paula", "Waiting to be published: Charter 2.0.0", "")]


def test_a_draft_overtaken_by_a_file_gets_another_number() -> None:
    """A file brought 1.2.0 in while 1.1.0 was written: the draft becomes 1.3.0 and can be published."""
    draft = saved(begun())
    load_document(
        actor=None, file=replace(read_document(SHIPPED / "charter.toml"), version="1.2.0"), today=DAY
    )

    with pytest.raises(DomainError) as low:
        renumbered(draft, "1.2.0")
    with pytest.raises(DomainError) as wrong:
        renumbered(draft, "next")
    draft = renumbered(draft, "1.3.0", "Triggers are asked for")
    service.submit_draft(actor=anna(), template=draft, edition=draft.edition)  # type: ignore[arg-type]
    done = service.publish_draft(actor=paula(), template=draft, edition=draft.edition, today=DAY)

    assert (low.value.field, low.value.code, wrong.value.field) == ("number", "NOT_ABOVE", "number")
    assert (done.version, done.is_current, done.rank > 0) == ("1.3.0", True, True)
    entry = AuditEntry.objects.filter(action="document.template_edited").latest("sequence")
    assert (entry.before["version"], entry.after["version"]) == ("1.1.0", "1.3.0")
    assert User.objects.filter(name="Anna").exists()


def test_a_note_that_is_too_long_is_refused_at_its_field() -> None:
    draft = begun()
    before = AuditEntry.objects.count()

    with pytest.raises(DomainError) as fault:
        renumbered(draft, "", "n" * 401)

    assert (fault.value.field, fault.value.code) == ("change_note", "TOO_LONG")
    assert AuditEntry.objects.count() == before
    assert renumbered(draft, "", "n" * 400).change_note == "n" * 400


def test_a_number_taken_by_a_draft_is_said() -> None:
    begun()

    with pytest.raises(Conflict, match=r"1\.1\.0 is being worked on already"):
        from_file("1.1.0")
