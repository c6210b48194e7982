"""Lessons: captured by the project, curated by the PMO, published in the library."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from pmo_portal.notifications.models import Notification
from portfolio.choices import UsageKind
from portfolio.interchange.document_file import read_document, shipped_documents
from portfolio.models import KnowledgeVersion, Lesson, NoLessons, StandardChange, UsageEvent
from portfolio.selectors.lessons import lesson_rows
from portfolio.selectors.library import LibraryQuery, find_items
from portfolio.selectors.library_item import item_page
from portfolio.services import lessons as service
from portfolio.services.document_templates import load_document
from portfolio.services.governance import bind_methodology
from portfolio.services.library import edit_item
from portfolio.services.library_use import use_in_project
from portfolio.services.standard_changes import complete_change
from projects.services.states import change_state
from tests import factories
from tests.portfolio.lessons import STORY, TODAY, captured, curator, hide, published
from tests.portfolio.libraries import content, republished
from tests.portfolio.libraries import published as library_item
from tests.portfolio.methods import stage_gate

pytestmark = pytest.mark.django_db
REASON = "It does not say who should do what."


def actions() -> list[str]:
    return list(AuditEntry.objects.filter(action__startswith="lesson").values_list("action", flat=True))


def test_member_captures_a_lesson() -> None:
    project = factories.project("P-1", category="Site", tier="T3")
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)

    made = captured(project, actor=bob, tags="Permit, crane , permit", effect_cost=Decimal(4000))

    assert (made.state, made.category, made.tier, made.methodology) == ("CAPTURED", "Site", "T3", "")
    assert made.tags == "permit, crane"
    assert actions() == ["lesson.captured"]


def test_lesson_keeps_the_methodology_of_its_day() -> None:
    """KNO-6: others are matched by it."""
    project = factories.project("P-1")
    bind_methodology(actor=None, project=project, version=stage_gate(), today=TODAY)

    assert captured(project).methodology == "SG"


def test_outsider_captures_nothing() -> None:
    charlie = factories.user("Charlie")

    with pytest.raises(NotAllowed):
        captured(factories.project("P-1"), actor=charlie)

    assert (Lesson.objects.count(), actions()) == (0, [])


def test_lesson_without_recommendation_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        captured(factories.project("P-1"), recommendation=" ")

    assert list(refused.value.message_dict) == ["recommendation"]


def test_unknown_standard_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        captured(factories.project("P-1"), standard="item:none:en")

    assert (refused.value.code, refused.value.field) == ("UNKNOWN_STANDARD", "standard")


def test_author_edits_what_they_captured() -> None:
    project = factories.project("P-1")
    alice = factories.manager_of(project)
    made = captured(project, actor=alice)

    edited = service.edit_lesson(
        actor=alice, lesson=made, values={**STORY, "title": "Better"}, expected_version=1
    )
    with pytest.raises(StaleObject):
        service.edit_lesson(actor=alice, lesson=made, values=STORY, expected_version=1)
    assert (edited.title, Lesson.objects.get().title) == ("Better", "Better")


@pytest.mark.parametrize(
    ("who", "title", "state"),
    [
        ("Alice", "Better", "CAPTURED"),
        ("Alice", STORY["title"], "VALIDATED"),
        ("Anna", "Better", "VALIDATED"),
    ],
)
def test_accepted_lesson_its_author_changes_is_captured_again(who: str, title: str, state: str) -> None:
    """ORG-8: nobody publishes words nobody else accepted."""
    project = factories.project("P-1")
    alice, anna = factories.manager_of(project), curator()
    made = captured(project, actor=alice)
    service.accept_lesson(actor=anna, lesson=made)

    author = {"Alice": alice, "Anna": anna}[who]
    service.edit_lesson(actor=author, lesson=made, values={**STORY, "title": title}, expected_version=None)

    assert Lesson.objects.get().state == state
    after = AuditEntry.objects.filter(action="lesson.edited").latest("sequence").after
    assert after.get("state", "VALIDATED") == state


def test_published_lesson_is_found_in_the_library() -> None:
    project = factories.project("P-1")
    alice, anna = factories.manager_of(project), curator()
    made = captured(project, actor=alice, tags="permit")

    service.accept_lesson(actor=anna, lesson=made)
    done = service.publish_lesson(actor=anna, lesson=made, today=TODAY)

    found = find_items(anna, LibraryQuery(words="permit", kind="LESSON")).rows
    assert [(row.title, row.tags, row.state) for row in found] == [
        ("Ask for the permit first", ("permit",), "PUBLISHED")
    ]
    version = KnowledgeVersion.objects.get(item=done.item)
    assert version.body.startswith("# What happened\n\nThe crane waited for three weeks.\n\n# Cause")
    assert Notification.objects.get(user=alice).title == "Your lesson is published: Ask for the permit first"
    assert actions() == ["lesson.captured", "lesson.moved", "lesson.moved"]


def test_body_is_headed_in_the_language_of_the_lesson() -> None:
    published(factories.project("P-1"), language="de")

    assert KnowledgeVersion.objects.get().body.startswith("# Was geschehen ist")


def test_nobody_accepts_their_own_lesson() -> None:
    """ORG-8."""
    anna = curator()
    made = captured(factories.project("P-1"), actor=anna)

    with pytest.raises(NotAllowed):
        service.accept_lesson(actor=anna, lesson=made)

    assert Lesson.objects.get().state == "CAPTURED"


def test_manager_does_not_curate() -> None:
    project = factories.project("P-1")
    made = captured(project)

    with pytest.raises(NotAllowed):
        service.accept_lesson(actor=factories.manager_of(project), lesson=made)


def test_captured_lesson_is_not_published() -> None:
    made = captured(factories.project("P-1"))

    with pytest.raises(Conflict) as refused:
        service.publish_lesson(actor=None, lesson=made, today=TODAY)

    assert refused.value.code == "STATE_ORDER"


def test_author_gets_the_reason_of_a_rejection() -> None:
    project = factories.project("P-1")
    alice = factories.manager_of(project)
    made = captured(project, actor=alice)

    with pytest.raises(DomainError) as refused:
        service.reject_lesson(actor=None, lesson=made, reason="no")
    done = service.reject_lesson(actor=curator(), lesson=made, reason=REASON)

    assert refused.value.code == "REASON_NEEDED"
    assert (done.state, done.closing_note) == ("RETIRED", REASON)
    assert Notification.objects.get(user=alice).body == REASON


def test_merged_lesson_counts_for_the_other() -> None:
    first, second, third = (factories.project(f"P-{number}") for number in (1, 2, 3))
    target, again, more = published(first), captured(second), captured(third)

    service.merge_lesson(actor=None, lesson=more, into=again)
    done = service.merge_lesson(actor=curator(), lesson=again, into=target)

    assert (done.state, done.merged_into) == ("RETIRED", target)
    assert lesson_rows(curator("PMO_HEAD", "Paula"), Lesson.objects.filter(pk=target.pk))[0].seen_in == 3
    assert AuditEntry.objects.filter(action="lesson.merged").latest("sequence").after == {
        "state": "RETIRED",
        "into": target.pk,
    }


def test_lesson_is_not_merged_into_itself_or_across_secrecy() -> None:
    """ORG-9."""
    made, other = captured(factories.project("P-1")), captured(factories.project("P-2"))
    secret = captured(factories.project("P-3", is_confidential=True))

    for lesson, into in ((made, made), (secret, other), (other, secret)):
        with pytest.raises(Conflict) as refused:
            service.merge_lesson(actor=None, lesson=lesson, into=into)
        assert refused.value.code == "MERGED_INTO"

    assert set(Lesson.objects.values_list("state", flat=True)) == {"CAPTURED"}


def test_retired_lesson_leaves_the_library() -> None:
    made = published(factories.project("P-1"))

    service.retire_lesson(actor=curator(), lesson=made, reason=REASON, today=TODAY)

    assert KnowledgeVersion.objects.get().state == "ARCHIVED"
    assert Lesson.objects.get().state == "RETIRED"


def test_published_lesson_is_not_edited_in_the_library() -> None:
    made = published(factories.project("P-1"))

    with pytest.raises(Conflict):
        edit_item(actor=None, item=made.item, content=content())

    assert KnowledgeVersion.objects.count() == 1


def test_reuse_is_counted_once_for_each_project() -> None:
    made, anna = published(factories.project("P-1")), curator()
    version = KnowledgeVersion.objects.get()
    for code in ("P-2", "P-3"):
        UsageEvent.objects.create(
            item=made.item,
            version=version,
            user=anna,
            project=factories.project(code),
            kind=UsageKind.REUSE,
            day=TODAY,
        )

    assert lesson_rows(curator("PMO_HEAD", "Paula"), Lesson.objects.all())[0].uses == 2


def test_confidential_projects_count_only_for_who_sees_them() -> None:
    """ORG-9, SEC-13."""
    made, anna, paula = published(factories.project("P-1")), curator(), curator(Role.PMO_HEAD, "Paula")
    used, met = factories.project("P-2"), factories.project("P-3")
    service.merge_lesson(actor=None, lesson=captured(met), into=made)
    version = KnowledgeVersion.objects.get()
    use_in_project(actor=paula, version=version, project=used, day=TODAY)
    for project in (used, met):
        hide(project)

    rows = [lesson_rows(who, Lesson.objects.filter(pk=made.pk))[0] for who in (anna, paula)]
    items = [find_items(who, LibraryQuery(kind="LESSON")).rows[0].projects for who in (anna, paula)]
    reuse = [item_page(who, version, is_editor=True).counts["reuse"] for who in (anna, paula)]

    assert [(row.uses, row.seen_in) for row in rows] == [(0, 1), (1, 2)]
    assert (items, reuse) == ([0, 1], [0, 1])


def test_trail_of_a_confidential_lesson_stays_in_its_project() -> None:
    """ORG-9: also what the library and the PMO do with it."""
    library_item()
    project = factories.project("P-1", is_confidential=True)
    before = AuditEntry.objects.latest("sequence").sequence
    made = published(project, standard="item:risk-register:en")
    service.retire_lesson(actor=None, lesson=made, reason=REASON, today=TODAY)

    shown = AuditEntry.objects.filter(sequence__gt=before).values_list("action", "node")
    assert {node for _action, node in shown} == {project.node_id}
    assert sum("standard_change" in action for action, _node in shown) == 2
    assert sum("library" in action for action, _node in shown) == 3


def test_lesson_names_no_lesson_as_a_standard() -> None:
    """ORG-9: nor learns whether there is one."""
    secret = published(factories.project("P-1", is_confidential=True))

    with pytest.raises(DomainError) as refused:
        captured(factories.project("P-2"), standard=f"item:lesson-{secret.pk}:en")

    assert refused.value.code == "UNKNOWN_STANDARD"


def test_actioned_lesson_says_in_its_trail_which_version_it_led_to() -> None:
    """KNO-8."""
    item = library_item()
    made = published(factories.project("P-1"), standard="item:risk-register:en")
    republished(item, title="Register with triggers")
    change = StandardChange.objects.get()

    complete_change(actor=None, change=change, number="1.1", today=TODAY)

    entry = AuditEntry.objects.filter(action="lesson.moved").latest("sequence")
    assert (entry.object_id, entry.before) == (str(made.pk), {"state": "PUBLISHED"})
    assert entry.after == {
        "state": "ACTIONED",
        "standard": "item:risk-register:en",
        "version": "1.1",
        "url": f"{item.get_absolute_url()}?version=1.1",
    }


def test_document_template_with_a_fault_gets_a_new_version() -> None:
    """KNO-8."""
    file = read_document(shipped_documents()[0])
    load_document(actor=None, file=file, today=TODAY)
    made = published(factories.project("P-1"), standard=f"document:{file.code}")
    newer = load_document(actor=None, file=replace(file, version="1.1.0"), today=TODAY)

    done = complete_change(actor=None, change=StandardChange.objects.get(), number="1.1.0", today=TODAY)

    assert (done.found_in, done.new_version) == ("1.0.0", newer)
    assert Lesson.objects.get(pk=made.pk).state == "ACTIONED"


def closing() -> tuple[object, object]:
    project = factories.project("P-1", state="CLOSING")
    alice, sam, paula = (factories.user(name) for name in ("Alice", "Sam", "Paula"))
    factories.grant(alice, Role.PROJECT_MANAGER, project.node)
    factories.grant(sam, Role.SPONSOR, project.node)
    factories.grant(paula, Role.PMO_HEAD, project.node.parent)
    return project, paula


def test_project_without_lessons_is_not_closed() -> None:
    """KNO-7."""
    project, paula = closing()

    with pytest.raises(Conflict) as refused:
        change_state(actor=paula, project=project, state="CLOSED", today=TODAY)  # type: ignore[arg-type]

    assert (refused.value.code, refused.value.field) == ("NO_LESSONS", "state")
    project.refresh_from_db()  # type: ignore[attr-defined]
    assert project.state == "CLOSING"  # type: ignore[attr-defined]


@pytest.mark.parametrize("how", ["lesson", "merged", "none"])
def test_project_with_a_lesson_or_a_reason_is_closed(how: str) -> None:
    """KNO-7."""
    project, paula = closing()
    if how == "none":
        given = {"reason": "It was stopped in its first week.", "today": TODAY}
        service.declare_none(actor=paula, project=project, **given)  # type: ignore[arg-type]
    else:
        made = captured(project)  # type: ignore[arg-type]
        if how == "merged":
            service.merge_lesson(actor=None, lesson=made, into=captured(factories.project("P-2")))

    done = change_state(actor=paula, project=project, state="CLOSED", today=TODAY)  # type: ignore[arg-type]

    assert done.state == "CLOSED"


def test_rejected_lesson_closes_nothing() -> None:
    """KNO-7."""
    project, _paula = closing()
    service.reject_lesson(actor=None, lesson=captured(project), reason=REASON)  # type: ignore[arg-type]

    with pytest.raises(Conflict):
        service.require_lessons(project)  # type: ignore[arg-type]


def test_none_is_not_said_beside_lessons() -> None:
    project = factories.project("P-1")
    captured(project)

    with pytest.raises(Conflict) as refused:
        service.declare_none(actor=None, project=project, reason=REASON, today=TODAY)

    assert (refused.value.code, NoLessons.objects.count()) == ("HAS_LESSONS", 0)


def test_retired_lesson_takes_its_request_back() -> None:
    """KNO-8."""
    library_item()
    made = published(factories.project("P-1"), standard="item:risk-register:en")

    service.retire_lesson(actor=None, lesson=made, reason=REASON, today=TODAY)

    change = StandardChange.objects.get()
    assert (change.state, change.decided_on, change.reason) == ("DECLINED", TODAY, REASON)
