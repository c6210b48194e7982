"""Dependencies between projects: agreed by both, never moving a date silently (RAI-16, RAI-17)."""

from datetime import date

import pytest
from django.utils import timezone

from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, StaleObject
from pmo_portal.notifications.models import Notification
from projects import actions
from projects.models import ProjectDependency, Task
from projects.selectors.dependencies import dependency_rows
from projects.selectors.start_reasons import start_reason
from projects.services import dependencies, links, schedules, tasks
from tests import factories
from tests.projects.dependencies import TODAY, Scene, dependency_scene, hide

pytestmark = pytest.mark.django_db
NOTE = "We need it a week earlier."


@pytest.fixture
def scene() -> Scene:
    return dependency_scene()


def titles(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("title", flat=True))


def test_promise_bounds_the_plan_that_waits_and_says_why(scene: Scene) -> None:
    """RAI-17: a bound "start no earlier than", marked as another project's."""
    entries = AuditEntry.objects.count()

    scene.add()

    assert scene.days(scene.arrival) == (date(2026, 3, 6), date(2026, 3, 6))
    assert scene.days(scene.build) == (date(2026, 3, 9), date(2026, 3, 10))
    why = start_reason(Task.objects.get(pk=scene.arrival.pk), links=[], user=scene.rita)
    assert why is not None
    assert why.sentence == (
        "Starts Fri 6 Mar 2026: it waits for “Delivered” of GIVE-1 Give, promised for Fri 6 Mar 2026."
    )
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry is not None
    assert (AuditEntry.objects.count(), entry.action) == (entries + 1, actions.DEPENDENCY_ADDED)


def test_room_is_counted_from_promise_and_forecast(scene: Scene) -> None:
    scene.add()

    row = scene.row()

    assert (row.promised, row.forecast, row.moved) == (date(2026, 3, 6), date(2026, 3, 6), 0)
    assert (row.slack, row.promised_slack, row.rating) == (6, 6, "AMBER")
    assert not row.has_moved


def test_giver_agrees_and_the_receiver_is_told(scene: Scene) -> None:
    made = scene.add()

    dependencies.agree(actor=scene.gina, dependency=made, now=timezone.now(), expected_version=1)

    row = scene.row()
    assert row.is_agreed
    assert (row.given and row.given.name, row.rating) == ("Gina", "GREEN")
    assert titles(scene.gina) == ["GET-1 Get waits for “Delivered” by 16 Mar 2026. Do you agree?"]
    assert titles(scene.rita) == ["GIVE-1 Give agreed: “Arrived” may wait for “Delivered”."]


def test_moved_forecast_moves_nothing_and_is_told(scene: Scene) -> None:
    """The receiver is told by how much; its plan stays, whatever else is computed in it."""
    scene.add()
    before = scene.days(scene.build)

    scene.slip(3)
    told = dependencies.tell_moved(project_id=scene.giver.pk, today=TODAY)
    again = dependencies.tell_moved(project_id=scene.giver.pk, today=TODAY)
    schedules.reschedule(actor=None, project=scene.receiver)

    row = scene.row()
    assert (told, again) == (1, 0)
    assert scene.days(scene.build) == before
    assert (row.forecast, row.moved, row.has_moved) == (date(2026, 3, 11), 3, True)
    assert (row.slack, row.promised_slack) == (3, 6)
    assert titles(scene.rita) == ["“Delivered” of GIVE-1 Give: 3 working days later, 11 Mar 2026."]


def test_forecast_after_the_need_is_told_to_both(scene: Scene) -> None:
    """RAI-12: negative slack goes to both managers."""
    scene.add(need_by=date(2026, 3, 9))

    scene.slip(5)
    dependencies.tell_moved(project_id=scene.giver.pk, today=TODAY)

    assert (scene.row().slack, scene.row().rating) == (-4, "RED")
    assert titles(scene.gina)[-1] == "“Delivered” comes too late for GET-1 Get."
    body = Notification.objects.filter(user=scene.rita).latest("pk").body
    assert body == "It is needed by 9 Mar 2026: 4 working days too late."


def test_taking_over_moves_the_plan(scene: Scene) -> None:
    made = scene.add()
    scene.slip(3)

    with schedules.watch_effects() as effects:
        dependencies.accept_date(actor=scene.rita, dependency=made, now=timezone.now(), expected_version=1)

    assert {move.name for move in effects[-1].moves} == {"Arrived", "Build in"}
    assert scene.days(scene.build) == (date(2026, 3, 12), date(2026, 3, 13))
    assert not scene.row().has_moved


def test_renegotiating_keeps_the_plan_and_asks_the_giver(scene: Scene) -> None:
    made = scene.add(is_agreed_by_giver=True)
    scene.slip(3)
    before = scene.days(scene.build)

    dependencies.renegotiate(
        actor=scene.rita, dependency=made, note=NOTE, need_by=date(2026, 3, 10), expected_version=1
    )

    row = scene.row()
    assert (row.received, row.note, row.need_by) == (None, NOTE, date(2026, 3, 10))
    assert scene.days(scene.build) == before
    assert titles(scene.gina) == ["GET-1 Get asks for another date of “Delivered”, by 10 Mar 2026."]


def test_giver_declines_and_the_receiver_decides(scene: Scene) -> None:
    made = scene.add(is_agreed_by_giver=True)

    dependencies.decline(actor=scene.gina, dependency=made, note=NOTE, expected_version=1)

    assert scene.row().given is None
    assert scene.days(scene.build) == (date(2026, 3, 9), date(2026, 3, 10))
    assert titles(scene.rita) == ["GIVE-1 Give does not agree that “Arrived” waits for “Delivered”."]


def test_ending_takes_the_bound_away(scene: Scene) -> None:
    made = scene.add()

    dependencies.end_dependency(actor=scene.rita, dependency=made, expected_version=1)

    assert scene.days(scene.build) == (date(2026, 3, 2), date(2026, 3, 3))
    assert not ProjectDependency.objects.exists()


def test_without_drive_nothing_is_bound(scene: Scene) -> None:
    made = scene.add(drives_schedule=False)
    assert scene.days(scene.build) == (date(2026, 3, 2), date(2026, 3, 3))

    dependencies.edit_dependency(
        actor=scene.rita, dependency=made, changes={"drives_schedule": True}, expected_version=1
    )

    assert scene.days(scene.build) == (date(2026, 3, 9), date(2026, 3, 10))


def test_latest_of_several_promises_bounds(scene: Scene) -> None:
    later = factories.task(scene.giver, "Accepted", kind="FINISH_MILESTONE", constraint_type="FNET",
                           constraint_date=factories.moment(13, 17))  # fmt: skip
    scene.add()
    scene.add(giver_milestone=later)

    assert scene.days(scene.build) == (date(2026, 3, 16), date(2026, 3, 17))


def test_names_of_a_confidential_project_are_not_told(scene: Scene) -> None:
    """Neither on the page, in the reason, in messages nor in the trail."""
    made = scene.add()
    hide(scene.giver)
    scene.rita.grants.filter(node=scene.giver.node).delete()
    scene.slip(3)
    dependencies.tell_moved(project_id=scene.giver.pk, today=TODAY)
    dependencies.agree(actor=scene.gina, dependency=made, now=timezone.now(), expected_version=1)

    row = scene.row()
    why = start_reason(Task.objects.get(pk=scene.arrival.pk), links=[], user=scene.rita)
    trail = [
        str((entry.action, entry.before, entry.after, entry.object_label))
        for entry in AuditEntry.objects.filter(node=scene.receiver.node)
    ]
    said = [repr(row), why.sentence if why else "", *trail, *titles(scene.rita)]
    assert row.is_hidden
    assert row.other == "another project"
    assert titles(scene.rita)[0] == "“A milestone” of Another project: 3 working days later, 11 Mar 2026."
    assert why is not None
    assert why.sentence == (
        "Starts Fri 6 Mar 2026: it waits for a milestone of another project, promised for Fri 6 Mar 2026."
    )
    assert not [text for text in said if "GIVE" in text or "Give" in text or "Delivered" in text]


def test_circles_over_projects_are_reported(scene: Scene) -> None:
    """RAI-17: the receiver's build leads to what the giver waits for."""
    back = factories.task(scene.receiver, "Built", kind="FINISH_MILESTONE")
    links.add_link(actor=None, project=scene.receiver, predecessor=scene.build, successor=back)
    start = factories.task(scene.giver, "May begin", kind="START_MILESTONE")
    scene.add()
    scene.add(actor=scene.gina, giver_milestone=back, milestone=start, need_by=date(2026, 4, 1))

    assert [row.circle for row in dependency_rows(scene.receiver, user=scene.rita, today=TODAY)] == [(), ()]

    links.add_link(actor=None, project=scene.giver, predecessor=start, successor=scene.work)
    rows = dependency_rows(scene.receiver, user=scene.rita, today=TODAY)
    assert [row.circle for row in rows] == [("GIVE-1", "GET-1"), ("GIVE-1", "GET-1")]


def test_deleted_milestone_is_shown_and_comes_back(scene: Scene) -> None:
    scene.add()

    tasks.delete_task(actor=None, task=Task.objects.get(pk=scene.delivery.pk), expected_version=None)
    dependencies.tell_moved(project_id=scene.giver.pk, today=TODAY)

    row = scene.row()
    assert (row.is_lost, row.forecast, row.other_milestone) == (True, None, "a milestone that was deleted")
    assert titles(scene.rita) == ["“#2” of GIVE-1 Give has no date any more."]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"giver_milestone": "build"}, "SAME_PROJECT"),
        ({"giver_milestone": "work"}, "NO_MILESTONE"),
        ({"milestone": "build"}, "NO_MILESTONE"),
    ],
)
def test_ends_that_cannot_depend_are_refused(scene: Scene, change: dict[str, str], code: str) -> None:
    entries = AuditEntry.objects.count()

    with pytest.raises(DomainError) as refusal:
        scene.add(**{name: getattr(scene, of) for name, of in change.items()})

    assert refusal.value.code == code
    assert (ProjectDependency.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_second_of_the_same_is_refused(scene: Scene) -> None:
    scene.add()

    with pytest.raises(Conflict) as refusal:
        scene.add()

    assert refusal.value.code == "DUPLICATE_DEPENDENCY"


def test_short_note_stale_version_and_second_agreement_are_refused(scene: Scene) -> None:
    made = scene.add()
    entries = AuditEntry.objects.count()

    with pytest.raises(DomainError) as short:
        dependencies.decline(actor=scene.gina, dependency=made, note=" no ", expected_version=1)
    with pytest.raises(StaleObject):
        dependencies.accept_date(actor=scene.rita, dependency=made, now=timezone.now(), expected_version=9)

    assert short.value.code == "NOTE_NEEDED"
    assert AuditEntry.objects.count() == entries
    dependencies.agree(actor=scene.gina, dependency=made, now=timezone.now(), expected_version=None)
    with pytest.raises(Conflict):
        dependencies.agree(actor=scene.gina, dependency=made, now=timezone.now(), expected_version=None)
