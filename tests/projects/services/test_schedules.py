"""Dates the engine owns: computed after every change, written where they differ (SCH-7 to SCH-29)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from pmo_portal.common.models import Job
from projects.models import Calendar, FormerTask, Link, Project, Task
from projects.selectors.kept_schedules import forget_schedules
from projects.selectors.plan_dates import shown_finish, shown_start
from projects.selectors.schedules import FLAGS, FLOATS, MOMENTS, date_plan
from projects.services import calendars, links, progress, progress_rules, projects, schedules, tasks
from tests import factories

pytestmark = pytest.mark.django_db

DAY = 480
HOLIDAY = calendars.DayOff(date(2026, 3, 9), date(2026, 3, 9), "Holiday")
EX_SCH = [
    # name, start, finish, total and free float in days, as domain 5.10 prints them
    ("A", date(2026, 3, 2), date(2026, 3, 6), 0, 0),
    ("B", date(2026, 3, 10), date(2026, 3, 12), 0, 0),
    ("C", date(2026, 3, 4), date(2026, 3, 12), 3, 3),
    ("D", date(2026, 3, 13), date(2026, 3, 18), 0, 0),
    ("E", date(2026, 3, 11), date(2026, 3, 12), 4, 4),
    ("F", date(2026, 3, 18), date(2026, 3, 18), 0, 0),
]


def example(*, is_auto: bool = True) -> tuple[Project, dict[str, Task]]:
    """Return the plan of EX-SCH without any dates of its own."""
    calendar = calendars.create_calendar(actor=None, project=None, name="Office", days_off=[HOLIDAY])
    project = factories.project(
        calendar=calendar, planned_start=date(2026, 3, 2), is_auto_scheduled=is_auto, currency="EUR"
    )
    drafts = [
        {"key": name, "name": name, "duration": days * DAY, "kind": "TASK"}
        for name, days in (("A", 5), ("B", 3), ("C", 6), ("D", 4), ("E", 2))
    ]
    drafts.append({"key": "F", "name": "F", "kind": "FINISH_MILESTONE"})
    task = tasks.create_tasks(actor=None, project=project, drafts=drafts)
    wanted = [("A", "B", "FS", 0), ("A", "C", "SS", 2), ("B", "D", "FS", 0), ("C", "D", "FF", 1)]
    wanted += [("D", "E", "SF", 0), ("D", "F", "FS", 0), ("E", "F", "FS", 0)]
    links.add_links(
        actor=None,
        project=project,
        drafts=[links.LinkDraft(task[a], task[b], kind, lag * DAY) for a, b, kind, lag in wanted],
    )
    return project, task


def shown(project: Project) -> list[tuple[Any, ...]]:
    """Return name, days and float in days of the leaf tasks."""
    return [
        (
            task.name,
            shown_start(task.planned_start),
            shown_finish(task.planned_finish),
            None if task.total_float is None else task.total_float // DAY,
            None if task.free_float is None else task.free_float // DAY,
        )
        for task in Task.objects.filter(project=project).leaves().in_order()
    ]


def columns_of(project: Project) -> list[dict[str, Any]]:
    """Return what the engine computed of each task."""
    return list(
        Task.objects.filter(project=project)
        .order_by("pk")
        .values("name", *MOMENTS, *FLOATS, *FLAGS, "start_driver", "start_link_id")
    )


def report(project: Project, task: dict[str, Task]) -> None:
    """Record the progress of EX-SCH at its data date: A, B and C have begun, B out of sequence."""
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    said = {"A": (2, 2), "B": (5, 2), "C": (4, 4)}

    progress.record_progress_of_many(
        actor=None,
        project=project,
        data_date=date(2026, 3, 5),
        drafts=[
            progress_rules.ProgressDraft(
                task=task[name], actual_start=factories.moment(day), remaining_duration=left * DAY
            )
            for name, (day, left) in said.items()
        ],
    )


def fresh(task: Task) -> Task:
    """Return the task as it is stored."""
    return Task.objects.get(pk=task.pk)


def test_plan_gets_the_dates_of_the_worked_example() -> None:
    """EX-SCH, SCH-7, SCH-16, SCH-17, SCH-18: every link was a change, the last one left this."""
    project, task = example()

    assert [(row[0], *row[2:]) for row in shown(project)] == [(row[0], *row[2:]) for row in EX_SCH]
    assert [row[1] for row in shown(project)][:5] == [row[1] for row in EX_SCH][:5]
    a, c = fresh(task["A"]), fresh(task["C"])
    assert (a.is_critical, a.is_near_critical, a.is_on_longest_path) == (True, False, True)
    assert (c.is_critical, c.is_near_critical, c.is_on_longest_path) == (False, True, False)
    assert shown_finish(c.late_finish) == date(2026, 3, 17)


def test_computation_keeps_what_set_each_start() -> None:
    """SCH-19: A starts with the project, B by its link; the link of C to D drives nothing."""
    _project, task = example()

    drivers = {name: fresh(row).start_driver for name, row in task.items()}

    assert drivers["A"] == "PROJECT_START"
    assert drivers["B"] == "LINK"
    b = fresh(task["B"])
    assert b.start_link is not None
    assert b.start_link.predecessor == task["A"]
    marks = dict(Link.objects.filter(successor=task["D"]).values_list("predecessor__name", "is_driving"))
    assert marks == {"B": True, "C": False}


def test_impossible_date_gives_negative_float_and_moves_nothing() -> None:
    """EX-SCH variant 3, SCH-13."""
    project, task = example()
    before = [row[:3] for row in shown(project)]

    tasks.edit_task(
        actor=None,
        task=task["B"],
        changes={"constraint_type": "MSO", "constraint_date": factories.moment(4, 0)},
        expected_version=None,
    )

    assert [row[:3] for row in shown(project)] == before
    assert {name: fresh(task[name]).total_float for name in "AB"} == {"A": -3 * DAY, "B": -3 * DAY}


def test_edit_moves_what_follows_and_says_so() -> None:
    """One day more for B: B, D, E and F move, A and C stay; nothing that stays is written."""
    project, task = example()
    versions = dict(Task.objects.filter(project=project).values_list("name", "version"))

    with schedules.watch_effects() as effects:
        tasks.edit_task(actor=None, task=task["B"], changes={"duration": 4 * DAY}, expected_version=None)

    (effect,) = effects
    assert [move.name for move in effect.moves] == ["B", "D", "E", "F"]
    moved = effect.moves[1]
    assert (shown_start(moved.former_start), shown_start(moved.start)) == (
        date(2026, 3, 13),
        date(2026, 3, 16),
    )
    assert (shown_finish(effect.former_finish), shown_finish(effect.finish)) == (
        date(2026, 3, 18),
        date(2026, 3, 19),
    )
    after = dict(Task.objects.filter(project=project).values_list("name", "version"))
    assert after == {**versions, "B": versions["B"] + 1}


def test_only_deadlines_missed_by_this_edit_are_told() -> None:
    """SCH-14: B was late before; one day more for it makes D late, and only that is news."""
    project, task = example()
    for name, day in (("B", 10), ("D", 19)):
        deadline = {"deadline": factories.moment(day, 0)}
        tasks.edit_task(actor=None, task=task[name], changes=deadline, expected_version=None)
    assert [fresh(task[name]).is_deadline_missed for name in "BD"] == [True, False]

    with schedules.watch_effects() as effects:
        tasks.edit_task(actor=None, task=task["B"], changes={"duration": 4 * DAY}, expected_version=None)

    (effect,) = effects
    assert effect.missed == (task["D"].uid,)
    assert Task.objects.filter(project=project, is_deadline_missed=True).count() == 2


def test_only_rows_that_differ_are_written() -> None:
    """A day more for E takes a day of its float, and of nothing else."""
    project, task = example()
    Task.objects.filter(pk=task["E"].pk).update(duration=3 * DAY)

    dated = date_plan(project)

    assert dated.plan.task_ids[dated.changed].tolist() == [task["E"].pk]
    assert dated.changed_links.size == 0


def test_finished_task_missed_its_deadline_by_the_day_it_was_finished() -> None:
    """SCH-14: Primavera shows finished work at the data date, which misses no deadline."""
    project, task = example()
    Project.objects.filter(pk=project.pk).update(convention="PRIMAVERA", data_date=date(2026, 3, 12))
    done = {
        "actual_start": factories.moment(2),
        "actual_finish": factories.moment(7, 0),
        "remaining_duration": 0,
    }
    Task.objects.filter(pk=task["A"].pk).update(deadline=factories.moment(7, 0), **done)

    schedules.reschedule(actor=None, project=project)

    assert fresh(task["A"]).is_deadline_missed is False


def test_trial_says_what_would_move_and_keeps_nothing() -> None:
    """The preview of any edit is the edit itself, taken back."""
    project, task = example()
    before = (shown(project), AuditEntry.objects.count(), Job.objects.count())

    (effect,) = schedules.try_out(
        lambda: tasks.edit_task(
            actor=None, task=task["A"], changes={"duration": 6 * DAY}, expected_version=None
        )
    )

    assert [move.name for move in effect.moves] == ["A", "B", "D", "E", "F"]
    assert (shown(project), AuditEntry.objects.count(), Job.objects.count()) == before


def test_reported_task_counts_from_what_the_plan_said() -> None:
    """A is reported longer: its former finish is the one of the plan, not of the report."""
    project, task = example()
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    draft = progress_rules.ProgressDraft(
        task=fresh(task["A"]), actual_start=factories.moment(2), remaining_duration=3 * DAY
    )

    (effect,) = schedules.try_out(
        lambda: progress.record_progress_of_many(
            actor=None, project=project, data_date=date(2026, 3, 5), drafts=[draft]
        )
    )

    moved = effect.moves[0]
    assert moved.name == "A"
    assert shown_finish(moved.former_finish) == shown_finish(fresh(task["A"]).planned_finish)
    assert shown_finish(moved.former_finish) != shown_finish(moved.finish)
    assert shown_finish(moved.finish) == date(2026, 3, 11)


def test_edits_after_a_trial_give_what_a_new_process_gives() -> None:
    """What is kept of the last computation is compared with the plan: an undone trial misleads nobody."""
    project, task = example()

    def edit(name: str, days: int) -> None:
        tasks.edit_task(
            actor=None, task=fresh(task[name]), changes={"duration": days * DAY}, expected_version=None
        )

    schedules.try_out(lambda: edit("A", 9))
    edit("B", 4)
    links.add_link(
        actor=None, project=project, predecessor=fresh(task["A"]), successor=fresh(task["E"]), type="SS"
    )
    edit("C", 9)
    shown_after = shown(project)
    forget_schedules()

    assert schedules.preview_schedule(project).moves == ()
    assert shown(project) == shown_after
    assert schedules.reschedule(actor=None, project=project) is None


def test_trial_refuses_what_the_act_refuses() -> None:
    """A ring is named in the preview too (SCH-10)."""
    project, task = example()

    with pytest.raises(DomainError) as refusal:
        schedules.try_out(
            lambda: links.add_link(actor=None, project=project, predecessor=task["D"], successor=task["A"])
        )

    assert refusal.value.code == "CYCLE"
    assert Link.objects.filter(project=project).count() == 7


def test_start_somebody_asks_for_becomes_a_constraint() -> None:
    """SCH-7: the engine owns dates, so a typed start is "start no earlier than"; clearing it lifts it."""
    _project, task = example()

    tasks.edit_task(
        actor=None, task=task["C"], changes={"planned_start": factories.moment(6)}, expected_version=None
    )
    later = fresh(task["C"])
    tasks.edit_task(actor=None, task=task["C"], changes={"planned_start": None}, expected_version=None)
    again = fresh(task["C"])

    assert (later.constraint_type, later.constraint_date) == ("SNET", factories.moment(6))
    assert shown_start(later.planned_start) == date(2026, 3, 6)
    assert (again.constraint_type, again.constraint_date) == ("ASAP", None)
    assert shown_start(again.planned_start) == date(2026, 3, 4)


def test_progress_out_of_sequence_holds_remaining_work() -> None:
    """EX-SCH progress with retained logic: SCH-21, SCH-24, SCH-26; the report says the engine's forecast."""
    project, task = example()

    report(project, task)

    rows = {row[0]: row for row in shown(project)}
    assert {name: rows[name][2] for name in "ABCDEF"} == {
        "A": date(2026, 3, 10),
        "B": date(2026, 3, 12),
        "C": date(2026, 3, 12),
        "D": date(2026, 3, 18),
        "E": date(2026, 3, 12),
        "F": date(2026, 3, 18),
    }
    assert {name: rows[name][3] for name in "ABCDE"} == {"A": 0, "B": 0, "C": 3, "D": 0, "E": 4}
    assert fresh(task["A"]).percent_complete == Decimal("66.67")
    entry = task["B"].progress_entries.get()
    assert shown_finish(entry.forecast_finish) == date(2026, 3, 12)
    out = Link.objects.filter(project=project, is_out_of_sequence=True)
    assert list(out.values_list("predecessor__name", "successor__name")) == [("A", "B")]


def test_progress_override_lets_remaining_work_go_on() -> None:
    """EX-SCH progress with progress override: SCH-25."""
    project, task = example()
    projects.edit_project(
        actor=None, project=project, changes={"progress_mode": "PROGRESS_OVERRIDE"}, expected_version=None
    )

    report(project, task)

    rows = {row[0]: row for row in shown(project)}
    assert {name: rows[name][2] for name in "ABCDEF"} == {
        "A": date(2026, 3, 10),
        "B": date(2026, 3, 10),
        "C": date(2026, 3, 12),
        "D": date(2026, 3, 16),
        "E": date(2026, 3, 10),
        "F": date(2026, 3, 16),
    }
    assert {name: rows[name][3] for name in "ABCDE"} == {"A": 4, "B": 0, "C": 1, "D": 0, "E": 4}


def test_dates_as_given_stay_until_they_are_handed_over() -> None:
    """A plan of somebody's own dates moves when the engine gets it, and then says what moved."""
    project, task = example(is_auto=False)
    tasks.edit_task(
        actor=None, task=task["B"], changes={"planned_start": factories.moment(20)}, expected_version=None
    )
    given = fresh(task["B"]).planned_start

    preview = schedules.preview_schedule(project)
    kept = fresh(task["B"]).planned_start
    project.refresh_from_db()
    schedules.set_auto_scheduling(actor=None, project=project, is_auto=True, expected_version=project.version)

    assert given == kept == factories.moment(20)
    assert [move.name for move in preview.moves] == ["A", "B", "C", "D", "E", "F"]
    assert [row[2] for row in shown(project)] == [row[2] for row in EX_SCH]
    entry = AuditEntry.objects.get(action="project.dates_handed_over")
    assert entry.after == {"is_auto_scheduled": True, "moved": 6}


def test_hand_over_without_a_start_is_refused() -> None:
    """Nothing is guessed: without a planned start nothing says when work may begin."""
    project = factories.project(planned_start=None)
    factories.task(project, "A")

    with pytest.raises(DomainError) as refusal:
        schedules.set_auto_scheduling(actor=None, project=project, is_auto=True, expected_version=None)

    assert (refusal.value.code, refusal.value.field) == ("NO_PROJECT_START", "planned_start")
    assert not Project.objects.get(pk=project.pk).is_auto_scheduled
    assert not AuditEntry.objects.filter(action="project.dates_handed_over").exists()


def test_plan_without_a_start_has_no_dates_yet() -> None:
    """Tasks come before dates; the planned start brings them."""
    project = factories.project(planned_start=None, is_auto_scheduled=True)
    task = factories.task(project, "A", duration=2 * DAY)
    undated = fresh(task)

    projects.edit_project(
        actor=None, project=project, changes={"planned_start": date(2026, 3, 2)}, expected_version=None
    )

    assert (undated.planned_start, undated.early_start, undated.total_float) == (None, None, None)
    dated = fresh(task)
    assert (shown_start(dated.planned_start), shown_finish(dated.planned_finish)) == (
        date(2026, 3, 2),
        date(2026, 3, 3),
    )


def test_inactive_task_drives_nothing_and_has_no_dates_of_its_own() -> None:
    """SCH-12: without B, D follows from C alone."""
    project, task = example()

    tasks.edit_task(actor=None, task=task["B"], changes={"is_active": False}, expected_version=None)

    row = fresh(task["B"])
    assert (row.early_start, row.total_float, row.is_critical, row.start_driver) == (None, None, None, "")
    assert shown_finish(fresh(task["D"]).planned_finish) == date(2026, 3, 13)
    assert Task.objects.filter(project=project, is_critical=True).count() == 4


def test_task_set_by_hand_stays_where_it_is() -> None:
    """A manual task keeps its dates; what follows it moves."""
    _project, task = example()
    start, finish = datetime(2026, 3, 16, 8), datetime(2026, 3, 18, 17)

    tasks.edit_task(
        actor=None,
        task=task["B"],
        changes={
            "is_manual": True,
            "planned_start": start.replace(tzinfo=factories.moment(1).tzinfo),
            "planned_finish": finish.replace(tzinfo=factories.moment(1).tzinfo),
        },
        expected_version=None,
    )

    b, d = fresh(task["B"]), fresh(task["D"])
    assert (shown_start(b.planned_start), b.constraint_type, b.start_driver) == (
        date(2026, 3, 16),
        "ASAP",
        "FIXED",
    )
    assert shown_start(d.planned_start) == date(2026, 3, 19)


def test_moved_tasks_leave_their_former_dates() -> None:
    """SEC-37: what moves without being touched is kept as it was, for past days."""
    project, task = example()
    Project.objects.filter(pk=project.pk).update(created_at=factories.moment(1, 8, month=1))
    Task.objects.filter(project=project).update(entered_on=None)
    before = fresh(task["D"])

    tasks.edit_task(actor=None, task=task["B"], changes={"duration": 4 * DAY}, expected_version=None)

    former = FormerTask.objects.get(task_id=task["D"].pk)
    assert (former.planned_start, former.early_finish) == (before.planned_start, before.early_finish)
    assert not FormerTask.objects.filter(task_id=task["C"].pk).exists()


def test_summary_spans_what_moves_below_it() -> None:
    """SCH-30, SCH-33: dates, float and the critical mark of a summary follow its rows."""
    project, task = example()
    top = factories.task(project, "Phase")
    tasks.move_task(actor=None, task=fresh(task["C"]), parent=fresh(top))
    tasks.move_task(actor=None, task=fresh(task["E"]), parent=fresh(top))

    phase = fresh(top)

    assert (shown_start(phase.planned_start), shown_finish(phase.planned_finish)) == (
        date(2026, 3, 4),
        date(2026, 3, 12),
    )
    assert (phase.total_float, phase.free_float, phase.is_critical) == (3 * DAY, 3 * DAY, False)
    assert (phase.early_start, phase.early_finish) == (phase.planned_start, phase.planned_finish)


def test_calendar_of_the_organization_orders_new_dates() -> None:
    """A holiday more: the plans that count with the calendar, directly or by a task, are dated anew."""
    project, task = example()
    factories.project(planned_start=date(2026, 3, 2), is_auto_scheduled=True)
    calendar = Calendar.objects.get(name="Office")

    calendars.edit_calendar(
        actor=None,
        calendar=calendar,
        changes={},
        expected_version=None,
        days_off=[HOLIDAY, calendars.DayOff(date(2026, 3, 11), date(2026, 3, 11), "Strike")],
    )
    (order,) = Job.objects.filter(name="projects.reschedule_project")
    effect = schedules.reschedule(actor=None, project=project)

    assert order.arguments == {"project_id": project.pk}
    assert effect is not None
    assert [move.name for move in effect.moves] == ["B", "C", "D", "E", "F"]
    assert shown_finish(fresh(task["F"]).planned_finish) == date(2026, 3, 19)
    assert schedules.reschedule(actor=None, project=project) is None


def test_rescheduling_takes_a_fixed_number_of_statements() -> None:
    """The same at 6 and at 60 tasks, whatever moves."""
    small, small_task = example()
    large, large_task = example()
    tasks.create_tasks(actor=None, project=large, drafts=[{"name": f"More {number}"} for number in range(54)])
    counts = []

    for task in (small_task["A"], large_task["A"]):
        with CaptureQueriesContext(connection) as captured:
            tasks.edit_task(actor=None, task=task, changes={"duration": 7 * DAY}, expected_version=None)
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert small.pk != large.pk


def test_plan_without_working_time_is_refused_whole() -> None:
    """SCH-5: EMPTY_CALENDAR, and the edit that led there is not kept."""
    project, task = example()
    nights = Calendar.objects.create(
        project=project, name="Never", week_pattern={str(day): [] for day in range(7)}
    )

    with pytest.raises(DomainError) as refusal:
        tasks.edit_task(actor=None, task=task["A"], changes={"calendar": nights}, expected_version=None)

    assert refusal.value.code == "EMPTY_CALENDAR"
    assert fresh(task["A"]).calendar is None


def test_absurd_durations_are_refused_on_their_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """SCH-2: a typing error of 2,000 years is refused with its task."""
    project, task = example()
    with pytest.raises(DomainError) as fault:
        tasks.edit_task(actor=None, task=task["C"], changes={"duration": 2**31 - 1}, expected_version=None)
    Task.objects.filter(pk=task["C"].pk).update(duration=2**31 - 1)
    with pytest.raises(DomainError) as stored:
        schedules.reschedule(actor=None, project=project)

    assert (fault.value.code, fault.value.field) == ("DATES_OUT_OF_RANGE", "duration")
    assert (stored.value.code, stored.value.field) == ("DATES_OUT_OF_RANGE", "duration")
    assert "3 “C”" in str(stored.value)
    assert shown(project)[3] == EX_SCH[3]


def test_rests_count_when_the_longest_task_is_named() -> None:
    """D rests for centuries: it is to blame, not A, which has more work."""
    project, task = example()
    Task.objects.filter(pk=task["D"].pk).update(interruptions=[[480, 2**30]])

    with pytest.raises(DomainError) as stored:
        schedules.reschedule(actor=None, project=project)

    assert stored.value.code == "DATES_OUT_OF_RANGE"
    assert "4 “D”" in str(stored.value)


def test_dates_of_other_centuries_are_refused_on_their_field() -> None:
    task = example()[1]

    with pytest.raises(DomainError) as fault:
        tasks.edit_task(
            actor=None,
            task=task["C"],
            changes={"constraint_type": "SNET", "constraint_date": datetime(3026, 3, 2, 8, tzinfo=UTC)},
            expected_version=None,
        )

    assert (fault.value.code, fault.value.field) == ("DATES_OUT_OF_RANGE", "constraint_date")
    assert "“C”" in str(fault.value)
    assert Task.objects.get(pk=task["C"].pk).constraint_date is None


def test_rows_added_and_deleted_give_the_dates_of_a_full_run() -> None:
    """What is kept of the last computation is gone on from: the columns are those a new process computes."""
    project, task = example()
    tasks.create_task(actor=None, project=project, name="G", duration=2 * DAY)
    grown = Task.objects.select_related("project").get(project=project, name="G")
    links.add_links(actor=None, project=project, drafts=[links.LinkDraft(task["F"], grown, "FS", 0)])
    with_more = columns_of(project)
    forget_schedules()
    schedules.reschedule(actor=None, project=project)
    anew = columns_of(project)

    tasks.delete_task(actor=None, task=fresh(task["C"]), expected_version=None)
    with_less = columns_of(project)
    forget_schedules()
    schedules.reschedule(actor=None, project=project)

    assert with_more == anew
    assert grown.early_start is not None
    assert with_less == columns_of(project) != anew
