"""KNO-8: a lesson asks for a change of a standard and keeps the link to the version that has it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio.models import Lesson, StandardChange
from portfolio.selectors.lessons import change_rows
from portfolio.selectors.named_standards import standard_choices, standard_named
from portfolio.services.methodology_drafts import remove_row
from portfolio.services.standard_changes import complete_change, decline_change
from tests import factories
from tests.portfolio.lessons import TODAY, curator, published
from tests.portfolio.libraries import published as library_item
from tests.portfolio.libraries import republished
from tests.portfolio.methods import anna, draft_of, paula, publish, stage_gate

pytestmark = pytest.mark.django_db


def asked(standard: str = "item:risk-register:en") -> StandardChange:
    published(factories.project("P-1"), standard=standard, fault="There is no trigger.")
    return StandardChange.objects.get()


def test_publishing_asks_for_the_change() -> None:
    library_item()

    change = asked()

    assert (change.state, change.found_in, change.wish) == ("OPEN", "1.0", "There is no trigger.")
    assert AuditEntry.objects.filter(action="standard_change.opened").count() == 1


def test_new_version_of_an_item_actions_the_lesson() -> None:
    item = library_item()
    change = asked()
    version = republished(item, title="Risk register with triggers")

    done = complete_change(actor=curator(), change=change, number="1.1", today=TODAY)

    assert (done.state, done.item_version, done.new_version) == ("DONE", version, version)
    assert Lesson.objects.get().state == "ACTIONED"
    assert AuditEntry.objects.last().action == "standard_change.done"


def test_new_version_of_a_methodology_actions_the_lesson() -> None:
    change, head, author = asked_of_methodology()
    draft = draft_of(stage_gate(), author)
    draft = remove_row(actor=author, version=draft, edition=1, part="requirements", code="SG-34")
    publish(draft, author=author, head=head)

    done = complete_change(actor=head, change=change, number="1.1.0", today=TODAY)

    assert str(done.methodology_version) == "SG 1.1.0"
    assert Lesson.objects.get().state == "ACTIONED"


def asked_of_methodology() -> tuple[StandardChange, User, User]:
    stage_gate()
    return asked("methodology:SG"), paula(), anna()


def test_faulty_version_is_not_the_change() -> None:
    library_item()
    change = asked()

    for number, code in (("1.0", "SAME_VERSION"), ("1.1", "NOT_IN_FORCE")):
        with pytest.raises(Conflict) as refused:
            complete_change(actor=None, change=change, number=number, today=TODAY)
        assert refused.value.code == code

    assert (StandardChange.objects.get().state, Lesson.objects.get().state) == ("OPEN", "PUBLISHED")


def test_declined_change_needs_a_reason_and_is_decided_once() -> None:
    library_item()
    change = asked()

    with pytest.raises(DomainError) as refused:
        decline_change(actor=None, change=change, reason="no", today=TODAY)
    decline_change(actor=curator(), change=change, reason="The guide says it already.", today=TODAY)
    with pytest.raises(Conflict):
        decline_change(actor=None, change=change, reason="The guide says it already.", today=TODAY)

    assert refused.value.code == "REASON_NEEDED"
    assert (StandardChange.objects.get().state, Lesson.objects.get().state) == ("DECLINED", "PUBLISHED")


def test_manager_does_not_decide_on_standards() -> None:
    library_item()
    change = asked()
    alice = factories.user("Alice")
    factories.grant(alice, Role.PROJECT_MANAGER, change.lesson.project.node)

    with pytest.raises(NotAllowed):
        complete_change(actor=alice, change=change, number="1.0", today=TODAY)


def test_row_says_whether_a_newer_version_is_in_force() -> None:
    item = library_item()
    asked()

    before = change_rows(StandardChange.objects.all())[0]
    republished(item, title="Risk register with triggers")
    after = change_rows(StandardChange.objects.all())[0]

    assert (before.title, before.is_newer) == ("Risk register", False)
    assert (after.title, after.is_newer) == ("Risk register with triggers", True)


def test_standards_are_named_by_kind() -> None:
    library_item()
    stage_gate()

    with CaptureQueriesContext(connection) as asked_queries:
        groups = standard_choices()

    assert [(title, rows[0][0]) for title, rows in groups] == [
        ("Methodologies", "methodology:SG"),
        ("Library", "item:risk-register:en"),
    ]
    assert len(asked_queries) == 4
    for key in ("item:risk-register:de", "methodology:XX", "template:none", "song:one", ""):
        assert standard_named(key) is None
