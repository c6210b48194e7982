"""Write, publish, review and archive in the library (KNO-1, KNO-2, CON-9)."""

from datetime import date, timedelta
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from pmo_portal.notifications.models import Notification
from portfolio.models import KnowledgeItem, KnowledgeVersion
from portfolio.services import library
from portfolio.services.library_upkeep import Upkeep, review_library
from tests.portfolio.libraries import TODAY, content, draft, paula, published, republished

pytestmark = pytest.mark.django_db


def states(item: KnowledgeItem) -> dict[str, str]:
    return {each.number: each.state for each in item.versions.order_by("major", "minor")}


def test_publishing_archives_the_former_version() -> None:
    """KNO-1: one published version per item; CON-9: it was not edited in place."""
    head = paula()
    item = draft(actor=head).item
    library.publish(actor=head, item=item, today=TODAY)

    library.edit_item(actor=head, item=item, content=content("Risk list"))
    library.publish(actor=head, item=item, today=TODAY)

    assert states(item) == {"1.0": "ARCHIVED", "1.1": "PUBLISHED"}
    assert item.versions.get(minor=0).title == "Risk register"
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == [
        "library.created",
        "library.published",
        "library.edited",
        "library.published",
    ]
    assert AuditEntry.objects.last().after == {"version": "1.1", "review_by": "2027-04-10"}


def test_major_version_is_asked_for() -> None:
    item = published()

    made = library.edit_item(actor=None, item=item, content=content(), is_major=True)

    assert made.number == "2.0"


def test_published_version_stays_while_a_draft_is_written() -> None:
    item = published()

    library.edit_item(actor=None, item=item, content=content("New"))

    assert states(item) == {"1.0": "PUBLISHED", "1.1": "DRAFT"}


def test_draft_goes_to_review_and_back() -> None:
    item = draft().item

    library.send_for_review(actor=None, item=item)
    with pytest.raises(DomainError) as refused:
        library.return_draft(actor=None, item=item, reason=" ")
    library.return_draft(actor=None, item=item, reason="The headings are missing")

    assert refused.value.code == "REASON_NEEDED"
    assert states(item) == {"1.0": "DRAFT"}
    assert AuditEntry.objects.last().reason == "The headings are missing"


def test_stale_draft_is_refused() -> None:
    """XC-1: a stale save is refused."""
    item = draft().item
    library.edit_item(actor=None, item=item, content=content("Theirs"), expected_revision=1)

    with pytest.raises(StaleObject):
        library.edit_item(actor=None, item=item, content=content("Mine"), expected_revision=1)

    assert item.versions.get().title == "Theirs"


def test_nothing_to_publish() -> None:
    item = published()

    with pytest.raises(Conflict) as refused:
        library.publish(actor=None, item=item, today=TODAY)

    assert refused.value.code == "NO_DRAFT"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"body": " "}, "EMPTY"),
        ({"body": "x" * 60_001}, "TOO_LONG"),
        ({"roles": ("KING",)}, "UNKNOWN_ROLE"),
        ({"tags": tuple(str(number) for number in range(40))}, "TOO_MANY"),
    ],
)
def test_bad_content_is_refused(values: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        draft(**values)

    assert refused.value.code == code
    assert KnowledgeItem.objects.count() == 0


def test_only_the_pmo_writes() -> None:
    """ORG 1.3: PMO head and analyst edit the library."""
    item = published()
    before = AuditEntry.objects.count()
    alice = paula(Role.PROJECT_MANAGER, "Alice")

    with pytest.raises(NotAllowed):
        library.edit_item(actor=alice, item=item, content=content("Mine"))
    with pytest.raises(NotAllowed):
        draft("other", actor=alice)
    with pytest.raises(NotAllowed):
        library.archive(actor=alice, item=item, reason="Not mine")

    assert states(item) == {"1.0": "PUBLISHED"}
    assert AuditEntry.objects.count() == before
    assert draft("mine", actor=paula(Role.PMO_ANALYST, "Peter")).state == "DRAFT"


def test_review_defaults_to_twelve_months() -> None:
    """KNO-2: publication + 12 months."""
    assert published(today=date(2028, 2, 29)).review_by == date(2029, 2, 28)


def test_review_must_lie_ahead() -> None:
    item = draft().item

    with pytest.raises(DomainError) as refused:
        library.publish(actor=None, item=item, today=TODAY, review_by=TODAY)

    assert refused.value.field == "review_by"
    assert states(item) == {"1.0": "DRAFT"}


def test_due_review_is_marked_and_the_owner_reminded_every_14_days() -> None:
    """KNO-2: after the day it is due, still usable; the owner hears of it every 14 days; twice is once."""
    head = paula()
    item = published(owner=head)
    due = date(2027, 4, 10)

    assert review_library(today=due) == Upkeep(0, 0)
    assert review_library(today=due + timedelta(days=1)) == Upkeep(1, 1)
    assert review_library(today=due + timedelta(days=1)) == Upkeep(0, 0)
    assert review_library(today=due + timedelta(days=14)) == Upkeep(0, 0)
    assert review_library(today=due + timedelta(days=15)) == Upkeep(0, 1)
    assert states(item) == {"1.0": "REVIEW_DUE"}
    assert Notification.objects.filter(user=head, kind="library_review").count() == 2


def test_several_reviews_are_one_message_in_the_language_of_the_owner(settings: Any) -> None:
    """KNO-2: not forty mails a day; who chose no language is written to in that of the installation."""
    settings.LANGUAGE_CODE = "de"
    head = paula()
    for number in range(7):
        published(f"guide-{number}", owner=head, title=f"Guide {number}")

    assert review_library(today=date(2027, 4, 11)).reminded == 7

    told = Notification.objects.get(user=head, kind="library_review")
    assert told.title == "Durchsicht fällig: 7 Inhalte der Bibliothek"
    assert told.body.splitlines()[:6] == [*(f"Guide {number}" for number in range(5)), "und 2 weitere"]
    assert told.url == "/library/?state=REVIEW_DUE&language=all"


def test_heads_of_the_pmo_hear_of_items_nobody_looks_after() -> None:
    """KNO-2: an owner who left reads no message."""
    head, gone = paula(), paula(Role.PMO_ANALYST, "Gone")
    published(owner=gone, title="Left behind")
    gone.is_active = False
    gone.save()

    review_library(today=date(2027, 4, 11))

    told = Notification.objects.get(kind="library_review")
    assert (told.user, told.title) == (head, "Review due: Left behind")


def test_confirmed_review_holds_for_a_year() -> None:
    head = paula()
    item = published(owner=head)
    review_library(today=date(2027, 5, 1))

    library.confirm_review(actor=head, item=item, today=date(2027, 5, 2))

    item.refresh_from_db()
    assert states(item) == {"1.0": "PUBLISHED"}
    assert (item.review_by, item.reminded_on) == (date(2028, 5, 2), None)


def test_archived_item_can_come_back_as_a_new_version() -> None:
    item = published()

    library.archive(actor=None, item=item, reason="Replaced by a tool")
    republished(item, title="Back again")

    assert states(item) == {"1.0": "ARCHIVED", "1.1": "PUBLISHED"}
    assert KnowledgeVersion.objects.live().get().title == "Back again"
