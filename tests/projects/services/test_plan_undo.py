"""Undo of steps is exact: all steps back gives the start, all of them again the end."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from projects.access import PlanRights
from projects.interchange.link_words import read_links
from projects.interchange.time_words import Length, Units
from projects.models import Assignment, BaselineTask, BudgetLine, Link, Project, Task, TaskProgress
from projects.selectors.plan_snapshot import cell, columns_of, hanging_tables, plain_cell, read_snapshot
from projects.services import assignments, baselines, budgets, links, progress, tasks
from projects.services.plan_changes import acts, steps, undoing
from tests import factories

pytestmark = pytest.mark.django_db

DAY = 480
EVERYTHING = PlanRights(
    edits=True, deletes=True, records=True, records_own=False, prices=True, person_id=None
)
COUNTED = frozenset({"version", "updated_at"})


def scene(*, is_auto: bool = True) -> tuple[Project, User]:
    """
    Return a plan with everything that hangs on rows: 1 Phase (2 Design, 3 Build), 4 Test, 5 Done.

    Design is begun, Build is worked on by Alice, Test carries money, and there is a baseline.
    """
    project = factories.project("P-1", planned_start=date(2026, 3, 2), is_auto_scheduled=is_auto)
    alice = factories.manager_of(project)
    start = {} if is_auto else {"planned_start": factories.moment(2)}
    phase = factories.task(project, "Phase")
    design = factories.task(project, "Design", parent=phase, duration=5 * DAY, **start)
    build = factories.task(project, "Build", parent=phase, duration=3 * DAY, **start)
    test = factories.task(project, "Test", duration=2 * DAY, extra={"Text1": "north"}, **start)
    done = factories.task(project, "Done", kind="FINISH_MILESTONE", **start)
    for before, after in ((design, build), (build, test), (test, done)):
        links.add_link(actor=None, project=project, predecessor=before, successor=after)
    assignments.assign_resource(
        actor=None, task=build, person=factories.person("Alice", of=alice), expected_version=None
    )
    budgets.add_budget_line(
        actor=None, project=project, task=test, amount=Decimal(100), effective_from=date(2026, 3, 2)
    )
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 4))
    progress.record_progress(
        actor=None,
        task=Task.objects.get(uid=design.uid),
        data_date=date(2026, 3, 4),
        actual_start=factories.moment(2),
        remaining_duration=3 * DAY,
    )
    project.refresh_from_db()
    return project, alice


def state(project: Project) -> dict[str, Any]:
    """Return every stored value of the plan, dates included, but for counters of versions."""
    found = read_snapshot(project)
    names = [name for name in columns_of(Task) if name not in COUNTED]
    return {
        "tasks": {
            pk: {name: plain_cell(Task, name, cell(row, name)) for name in names}
            for pk, row in found.tasks.items()
        },
        "links": list(
            Link.objects.order_by("pk").values_list(
                "pk", "predecessor", "successor", "type", "lag", "lag_percent", "lag_kind", "is_driving"
            )
        ),
        **{
            table.label: list(table.model._default_manager.order_by("pk").values_list(*table.columns))
            for table in hanging_tables()
        },
    }


def do(project: Project, actor: User, *changes: acts.Act, key: str = "k") -> steps.Step:
    """Do a step with every right."""
    return steps.do_step(actor=actor, project=project, rights=EVERYTHING, key=key, changes=changes)


def back(project: Project, actor: User, number: int | None, key: str = "u") -> steps.Step:
    """Take a step back."""
    return undoing.undo_step(
        actor=actor, project=project, rights=EVERYTHING, number=number or 0, key=f"{key}{number}"
    )


def by_others(changes: dict[str, Any]) -> None:
    """Somebody edits row 4 on its own page."""
    tasks.edit_task(actor=None, task=Task.objects.get(uid=4), changes=changes, expected_version=None)


SETS: list[Callable[[int], dict[str, Any]]] = [
    lambda number: {"name": f"Name {number}"},
    lambda number: {"duration": Length((number % 9) * DAY)},
    lambda number: {"deadline": date(2026, 3, 1 + number % 28)},
    lambda number: {"constraint": "SNET", "constraint_day": date(2026, 4, 1 + number % 28)},
    lambda number: {"active": bool(number % 2)},
    lambda number: {"manual": bool(number % 2)},
    lambda number: {"own:Text1": f"text {number % 3}"},
    lambda number: {"kind": ["TASK", "FINISH_MILESTONE", "LEVEL_OF_EFFORT"][number % 3]},
    lambda number: {"preds": read_links(f"{1 + number % 6}SS+{number % 4}d", Units())},
    lambda number: {"actual_start": date(2026, 3, 2), "remaining": Length((number % 4) * DAY)},
    lambda number: {"technique": ["FIXED_0_100", "UNITS", "PERCENT_COMPLETE"][number % 3]},
]
UIDS = st.integers(1, 8)
ACTS = st.one_of(
    st.builds(lambda uid, at, number: acts.SetFields(uid, SETS[at](number)), UIDS, st.integers(0, 10), UIDS),
    st.builds(
        lambda after, number: acts.AddRow("n", {"name": f"New {number}"}, after=after),
        UIDS,
        st.integers(1, 9),
    ),
    st.builds(lambda parent: acts.AddRow("n", {"name": "Inner"}, parent=parent), UIDS),
    st.builds(acts.DeleteRows, st.lists(UIDS, min_size=1, max_size=2)),
    st.builds(acts.IndentRows, st.lists(UIDS, min_size=1, max_size=3)),
    st.builds(acts.OutdentRows, st.lists(UIDS, min_size=1, max_size=3)),
    st.builds(lambda uid, parent: acts.MoveRows([uid], parent), UIDS, st.none() | UIDS),
    st.builds(lambda uid, after: acts.CopyRows([uid], None, after), UIDS, st.none() | UIDS),
    st.builds(acts.AddLink, UIDS, UIDS, st.sampled_from(["FS", "SS", "FF"])),
)


@given(plan=st.lists(st.lists(ACTS, min_size=1, max_size=3), min_size=1, max_size=6), is_auto=st.booleans())
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_all_steps_back_is_the_start_and_all_again_is_the_end(
    plan: list[list[acts.Act]], is_auto: bool
) -> None:
    """Whatever is done: rows, links, people, progress, baselines, money, order, dates."""
    with transaction.atomic():
        project, alice = scene(is_auto=is_auto)
        states, numbers = [state(project)], []
        for place, changes in enumerate(plan):
            try:
                step = do(project, alice, *changes, key=f"k{place}")
            except DomainError:
                continue
            if step.change is not None:
                numbers.append(step.change)
                states.append(state(project))

        undone = []
        for place, number in reversed(list(enumerate(numbers))):
            undone.append(back(project, alice, number).change)
            assert state(project) == states[place]
        for place, again in enumerate(reversed(undone)):
            back(project, alice, again)
            assert state(project) == states[place + 1]
        transaction.set_rollback(True)


def test_deleted_rows_come_back_with_everything_that_hung_on_them() -> None:
    """Numbers, links, assignments, progress, baselines and the place of costs."""
    project, alice = scene()
    before = state(project)
    kinds = (Link, Assignment, TaskProgress)
    counted = [kind.objects.count() for kind in kinds]

    gone = do(project, alice, acts.DeleteRows([1, 4]))
    left = [kind.objects.count() for kind in kinds]
    orphaned = (BaselineTask.objects.filter(task=None).count(), BudgetLine.objects.filter(task=None).count())
    back(project, alice, gone.change)

    assert (counted, left, orphaned) == ([3, 1, 1], [0, 0, 0], (3, 1))
    assert state(project) == before


def test_placed_rows_keep_what_hangs_on_them_on_the_way_back() -> None:
    """Design has progress, Build has Alice, Test has money: moved and moved back, they have it still."""
    project, alice = scene()
    before = state(project)

    moved = do(project, alice, acts.MoveRows([2, 3], None), acts.IndentRows([4]))
    back(project, alice, moved.change)

    assert state(project) == before


def test_number_of_a_deleted_row_is_given_to_no_other() -> None:
    """Its links, baselines and the way back would mean another row."""
    project, alice = scene()
    gone = do(project, alice, acts.DeleteRows([5]))

    made = do(project, alice, acts.AddRow("n", {"name": "New"}), key="k2")
    back(project, alice, gone.change)

    assert made.keys == {"n": 6}
    assert sorted(Task.objects.values_list("uid", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_what_somebody_else_changed_is_not_undone() -> None:
    """The same value refuses; another value of the row, and rows beside it, stay as they are now."""
    project, alice = scene()
    renamed = do(project, alice, acts.SetFields(4, {"name": "Trial"}))
    tasks.edit_task(
        actor=None, task=Task.objects.get(uid=4), changes={"name": "Proof"}, expected_version=None
    )

    with pytest.raises(acts.FieldsClash) as fault:
        back(project, alice, renamed.change)

    assert [(clash.uid, clash.field, clash.theirs) for clash in fault.value.clashes] == [(4, "name", "Proof")]
    tasks.edit_task(
        actor=None, task=Task.objects.get(uid=4), changes={"name": "Trial"}, expected_version=None
    )
    tasks.edit_task(actor=None, task=Task.objects.get(uid=4), changes={"notes": "N"}, expected_version=None)
    back(project, alice, renamed.change)
    assert Task.objects.values_list("name", "notes").get(uid=4) == ("Test", "N")


def test_rows_others_added_beside_keep_their_place() -> None:
    """Undoing a move puts the row back behind the one it stood behind."""
    project, alice = scene()
    moved = do(project, alice, acts.MoveRows([5], None, None))
    do(project, factories.user("Carol"), acts.AddRow("n", {"name": "New"}, after=4), key="c")

    back(project, alice, moved.change)

    assert list(Task.objects.in_order().values_list("uid", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_row_others_built_on_is_not_taken_away() -> None:
    """Undoing an addition would delete what somebody hung below it."""
    project, alice = scene()
    made = do(project, alice, acts.AddRow("n", {"name": "New"}))
    factories.task(project, "Below", parent=Task.objects.get(name="New"))

    with pytest.raises(Conflict) as fault:
        back(project, alice, made.change)

    assert fault.value.code == "MERGE"
    assert Task.objects.filter(name="New").exists()


def test_a_step_is_undone_once_and_by_who_took_it() -> None:
    """Undoing the undoing does it again, and then it can be undone again."""
    project, alice = scene()
    step = do(project, alice, acts.SetFields(4, {"name": "Trial"}))

    with pytest.raises(NotAllowed):
        back(project, factories.user("Carol"), step.change)
    undone = back(project, alice, step.change)
    with pytest.raises(Conflict) as fault:
        back(project, alice, step.change, key="again")
    back(project, alice, undone.change)

    assert fault.value.code == "UNDONE"
    assert Task.objects.get(uid=4).name == "Trial"
    back(project, alice, step.change, key="third")
    assert Task.objects.get(uid=4).name == "Test"
