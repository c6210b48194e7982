"""Steps of one plan at the same moment, on two real connections (SEC-30, issue 4)."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread

import pytest
from django.db import connection

from pmo_portal.accounts.models import User
from projects.models import Link, PlanChange, Project, Task
from projects.services.plan_changes import acts, steps
from tests import factories
from tests.projects.services.test_plan_undo import EVERYTHING

ROUNDS = 10
Outcome = steps.Step | acts.PlanFaults | acts.FieldsClash

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _needs_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def plan() -> tuple[Project, User, User]:
    """Return a computed plan of two rows, and two people who may change everything in it."""
    project = factories.project("P-1", planned_start=factories.moment(2).date(), is_auto_scheduled=True)
    for name in ("Design", "Build"):
        factories.task(project, name, duration=480)
    return project, factories.user("Alice"), factories.user("Carol")


def at_once(project: Project, *asked: tuple[User, str, Sequence[acts.Act]]) -> list[Outcome]:
    """Take steps at the same moment, each in a thread with a connection of its own; outcomes in order."""
    barrier = Barrier(len(asked))
    found: dict[int, Outcome] = {}

    def take(place: int, actor: User, key: str, changes: Sequence[acts.Act]) -> None:
        try:
            barrier.wait(timeout=10)
            found[place] = steps.do_step(
                actor=actor, project=project, rights=EVERYTHING, key=key, changes=changes
            )
        except (acts.PlanFaults, acts.FieldsClash) as fault:
            found[place] = fault
        finally:
            connection.close()

    threads = [Thread(target=take, args=(place, *each)) for place, each in enumerate(asked)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[place] for place in range(len(asked))]


def numbers_of(outcomes: Sequence[Outcome]) -> list[int | None]:
    """Return the number of each step; a refusal fails the test."""
    return [each.change for each in outcomes if isinstance(each, steps.Step)]


def test_two_people_change_different_fields_of_one_row() -> None:
    """Both hold: the second is done on the plan the first left, and the journal has both."""
    project, alice, carol = plan()

    for number in range(ROUNDS):
        was = {"name": Task.objects.get(uid=1).name, "notes": Task.objects.get(uid=1).notes}
        outcomes = at_once(
            project,
            (alice, f"a{number}", [acts.SetFields(1, {"name": f"Name {number}"}, {"name": was["name"]})]),
            (carol, f"c{number}", [acts.SetFields(1, {"notes": f"Note {number}"}, {"notes": was["notes"]})]),
        )

        assert sorted(numbers_of(outcomes), key=int) == [2 * number + 1, 2 * number + 2]
        row = Task.objects.get(uid=1)
        assert (row.name, row.notes) == (f"Name {number}", f"Note {number}")

    assert PlanChange.objects.count() == 2 * ROUNDS


def test_two_people_change_the_same_field_and_one_is_told() -> None:
    """Nobody overwrites silently, whoever is first."""
    project, alice, carol = plan()

    for number in range(ROUNDS):
        was = {"name": Task.objects.get(uid=1).name}
        outcomes = at_once(
            project,
            (alice, f"a{number}", [acts.SetFields(1, {"name": f"Alice {number}"}, was)]),
            (carol, f"c{number}", [acts.SetFields(1, {"name": f"Carol {number}"}, was)]),
        )

        (clash,) = [each for each in outcomes if isinstance(each, acts.FieldsClash)]
        first = "Alice" if isinstance(outcomes[0], steps.Step) else "Carol"
        assert Task.objects.get(uid=1).name == f"{first} {number}"
        assert [(each.field, each.theirs, each.by) for each in clash.clashes] == [
            ("name", f"{first} {number}", first)
        ]


def test_ring_made_from_both_sides_is_refused_once() -> None:
    """SEC-30: of two links that would close a ring together exactly one is made."""
    project, alice, carol = plan()
    make: Callable[[int, int], Sequence[acts.Act]] = lambda start, end: [acts.AddLink(start, end)]  # noqa: E731

    for number in range(ROUNDS):
        outcomes = at_once(project, (alice, f"a{number}", make(1, 2)), (carol, f"c{number}", make(2, 1)))

        (refusal,) = [each for each in outcomes if isinstance(each, acts.PlanFaults)]
        assert [fault.code for fault in refusal.faults] == ["CYCLE"]
        assert Link.objects.filter(project=project).count() == 1
        Link.objects.all().delete()


def test_same_key_twice_is_one_step() -> None:
    """Issue 4: a step sent again while the first is on its way is done once, and both answers name it."""
    project, alice, _carol = plan()

    for number in range(ROUNDS):
        added = [acts.AddRow("n1", {"name": f"New {number}"})]
        outcomes = at_once(project, (alice, f"k{number}", added), (alice, f"k{number}", added))

        assert numbers_of(outcomes) == [number + 1] * 2
        assert len({dict(each.keys or {})["n1"] for each in outcomes if isinstance(each, steps.Step)}) == 1
        assert Task.objects.filter(name=f"New {number}").count() == 1
