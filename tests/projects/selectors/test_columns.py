"""Columns that arrive packed: the same cells as row by row, in step with one another."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.choices import TaskKind
from projects.engine.instants import NO_INSTANT, instant_of
from projects.models import Task
from projects.selectors.columns import Coded, Flag, Given, Hundredths, Known, Minute, Seldom, numbers
from projects.selectors.key_places import places_of
from projects.selectors.packed_columns import _instants, read_columns
from tests.portfolio.worlds import make_portfolio, make_project

pytestmark = pytest.mark.django_db
CODES = {str(TaskKind.TASK): 0, str(TaskKind.FINISH_MILESTONE): 2}
MOMENTS = (
    datetime(2026, 3, 31, 8, 30, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, tzinfo=UTC),
    datetime(2024, 2, 29, 17, 0, 59, 999999, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    None,
)


def tasks() -> list[Task]:
    project = make_project("P1", make_portfolio())
    return Task.objects.bulk_create(
        Task(
            project=project,
            uid=number + 10,
            name="Task",
            kind=TaskKind.FINISH_MILESTONE if number == 1 else TaskKind.TASK,
            duration=0 if number == 1 else 480 * number,
            planned_start=moment,
            is_active=number != 2,
            remaining_duration=None if number == 3 else number,
            percent_complete=[0, "0.01", "33.33", "99.99", 100][number],
        )
        for number, moment in enumerate(MOMENTS)
    )


def test_columns_have_the_cells_of_the_rows_in_step() -> None:
    made = tasks()

    found = read_columns(
        Task.objects.all(),
        pk="pk",
        start=Minute("planned_start"),
        finish=Minute("planned_finish"),
        duration="duration",
        kind=Coded("kind", codes=CODES),
        is_active=Flag("is_active"),
        is_owned=Given("owner_id"),
        remaining=Known("remaining_duration"),
        percent=Hundredths("percent_complete"),
    )

    order = np.argsort(found["pk"])
    cells = {name: column[order].tolist() for name, column in found.items()}
    assert cells == {
        "pk": [task.pk for task in made],
        "start": [
            NO_INSTANT if moment is None else instant_of(moment.replace(tzinfo=None)) for moment in MOMENTS
        ],
        "finish": [NO_INSTANT] * 5,
        "duration": [0, 0, 960, 1440, 1920],
        "kind": [0, 2, 0, 0, 0],
        "is_active": [1, 1, 0, 1, 1],
        "is_owned": [0] * 5,
        "remaining": [0, 1, 2, -1, 4],
        "percent": [0, 1, 3333, 9999, 10000],
    }


def test_a_usual_value_is_read_like_any_other() -> None:
    """Row 1 is no task, row 2 is not active, row 3 is interrupted: each has one cell that is not usual."""
    made = tasks()
    Task.objects.filter(pk=made[3].pk).update(interruptions=[[0, 60]])
    usual = {
        "kind": Coded("kind", codes=CODES, usual=TaskKind.TASK),
        "is_active": Flag("is_active", usual=True),
        "is_manual": Flag("is_manual", usual=False),
        "second": Coded("second_constraint_type", codes={"SNET": 3}, usual=""),
        "is_interrupted": Given("interruptions", usual=False),
        "is_owned": Given("owner_id"),
    }

    found = read_columns(Task.objects.all(), pk="pk", **usual)

    places = places_of(numbers(task.pk for task in made), found["pk"])
    assert {name: column[places].tolist() for name, column in found.items() if name != "pk"} == {
        "kind": [0, 2, 0, 0, 0],
        "is_active": [1, 1, 0, 1, 1],
        "is_manual": [0] * 5,
        "second": [-1] * 5,
        "is_interrupted": [0, 0, 0, 1, 0],
        "is_owned": [0] * 5,
    }


@pytest.mark.parametrize("is_sorted", [True, False])
def test_columns_that_are_seldom_filled_stand_where_they_belong(is_sorted: bool) -> None:
    """Moments, numbers that may be null and numbers that are mostly 0, read with and without their keys."""
    made = tasks()
    Task.objects.filter(pk=made[1].pk).update(leveling_delay=7)
    if not is_sorted:
        Task.objects.filter(pk=made[0].pk).update(name="Moved to the end of its table on PostgreSQL")

    found = read_columns(
        Task.objects.all(),
        uid="uid",
        start=Seldom(Minute("planned_start"), NO_INSTANT),
        finish=Seldom(Minute("planned_finish"), NO_INSTANT),
        remaining=Seldom(Known("remaining_duration"), -1),
        percent=Seldom(Hundredths("percent_complete"), 0),
        delay=Seldom(Known("leveling_delay"), 0),
    )

    order = np.argsort(found["uid"])
    assert {name: column[order].tolist() for name, column in found.items()} == {
        "uid": [10, 11, 12, 13, 14],
        "start": [
            NO_INSTANT if moment is None else instant_of(moment.replace(tzinfo=None)) for moment in MOMENTS
        ],
        "finish": [NO_INSTANT] * 5,
        "remaining": [0, 1, 2, -1, 4],
        "percent": [0, 1, 3333, 9999, 10000],
        "delay": [0, 7, 0, 0, 0],
    }


def test_statement_that_is_asked_again_takes_the_values_of_the_new_question() -> None:
    made = tasks()

    def read(*keys: int) -> list[int]:
        rows = Task.objects.filter(pk__in=keys, uid__gt=10)
        return sorted(read_columns(rows, pk="pk", remaining=Known("remaining_duration"))["pk"].tolist())

    keys = [task.pk for task in made]
    assert [read(keys[1], keys[2]), read(keys[3], keys[4]), read(keys[0], keys[4]), read(keys[2])] == [
        keys[1:3],
        keys[3:5],
        [keys[4]],
        [keys[2]],
    ]


def test_places_of_keys_far_apart_and_of_none() -> None:
    keys = np.array([3, 1_000_000, 5_000_000])

    assert places_of(np.array([5_000_000, 4, 3, 9_000_000]), keys).tolist() == [2, -1, 0, -1]
    assert places_of(np.array([3, -1, 2]), np.array([1, 3])).tolist() == [1, -1, -1]
    assert places_of(np.array([3]), np.zeros(0, dtype=np.int64)).tolist() == [-1]


def test_columns_of_no_rows_are_empty() -> None:
    found = read_columns(Task.objects.none(), pk="pk", start=Minute("planned_start"))

    assert {name: (column.size, column.dtype) for name, column in found.items()} == {
        "pk": (0, np.dtype(np.int64)),
        "start": (0, np.dtype(np.int64)),
    }


def test_columns_take_one_query_whatever_the_order_asked_for() -> None:
    made = tasks()

    with CaptureQueriesContext(connection) as captured:
        found = read_columns(Task.objects.order_by("-uid"), pk="pk", duration="duration")

    assert (len(captured), sorted(found["pk"].tolist())) == (1, [task.pk for task in made])


def test_columns_with_nulls_are_refused_instead_of_shifted() -> None:
    tasks()

    with pytest.raises(ValueError, match="holds nulls"):
        read_columns(Task.objects.all(), pk="pk", remaining="remaining_duration")


def test_moment_on_the_last_day_of_the_calendar() -> None:
    made = tasks()[0]
    Task.objects.filter(pk=made.pk).update(planned_finish=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))

    found = read_columns(Task.objects.filter(pk=made.pk), finish=Minute("planned_finish"))

    assert found["finish"].tolist() == [instant_of(datetime(9999, 12, 31, 23, 59))]


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(("stored", "minute"), [("2026-03-02 08:00", 8 * 60), ("2026-03-02", 0)])
def test_moments_other_programs_wrote_shorter_are_filled_up(count: int, stored: str, minute: int) -> None:
    """SQLite checks none; twenty short ones are as long as some whole ones, which must not confuse."""
    whole = "2026-03-02 17:00:30.5"
    start = instant_of(datetime(2026, 3, 2))

    found = _instants(",".join([stored] * count + [whole] + [stored]))

    assert found.tolist() == [start + minute] * count + [start + 17 * 60, start + minute]
    assert _instants(",".join([stored] * 20)).tolist() == [start + minute] * 20
