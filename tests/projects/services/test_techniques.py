"""Techniques with details, and progress that is counted: refusals, frozen plan, audit (CST-8 to CST-12)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, StaleObject
from projects.models import BaselineTask, Project, Task, TaskProgress
from projects.selectors.earned_value import earned_value
from projects.services import baselines, budgets, progress, tasks, techniques
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)
STEPS = [
    {"name": "Design", "weight": "30", "on": "2026-03-03"},
    {"name": "Build", "weight": "30", "on": "2026-03-05"},
    {"name": "Test", "weight": "40", "on": "2026-03-13"},
]


@pytest.fixture
def project() -> Project:
    """Two tasks of ten days from Monday the 2nd with a budget of 100 each, baselined, known up to Friday."""
    made = factories.project("NW-1", currency="EUR")
    for name in ("Cable", "Check"):
        task = factories.task(made, name, planned_start=moment(2), duration=4800)
        budgets.add_budget_line(
            actor=None, project=made, amount=Decimal(100), effective_from=date(2026, 3, 2), task=task
        )
    baselines.set_baseline(actor=None, project=made, effective_from=date(2026, 3, 2))
    return made


def known(project: Project, day: date = DAY) -> Project:
    return progress.set_data_date(actor=None, project=project, data_date=day)


def task_of(project: Project, uid: int = 1) -> Task:
    return Task.objects.select_related("project").get(project=project, uid=uid)


def choose(task: Task, technique: str, **options: Any) -> Task:
    return techniques.set_technique(actor=None, task=task, technique=technique, **options)


@pytest.mark.parametrize(
    ("technique", "details", "stored"),
    [
        ("FIXED_0_100", {}, None),
        ("LEVEL_OF_EFFORT", {}, None),
        ("FIXED_50_50", {"start_share": "50"}, None),
        ("FIXED_50_50", {"start_share": 25}, {"start_share": "25.00"}),
        ("PERCENT_COMPLETE", {"curve": "LINEAR"}, None),
        ("PERCENT_COMPLETE", {"curve": "BELL"}, {"curve": "BELL"}),
        (
            "PERCENT_COMPLETE",
            {"curve": "MANUAL", "manual": [{"on": "2026-03-31", "percent": "100"},
                                           {"on": date(2026, 3, 6), "percent": "12,5"}]},
            {"curve": "MANUAL", "manual": [{"on": "2026-03-06", "percent": "12.50"},
                                           {"on": "2026-03-31", "percent": "100.00"}]},
        ),
        (
            "WEIGHTED_MILESTONES",
            {"milestones": STEPS},
            {"milestones": [{**step, "weight": f"{step['weight']}.00"} for step in STEPS]},
        ),
        ("UNITS", {"planned_units": "10", "unit": "poles"}, {"planned_units": "10.00", "unit": "poles"}),
        ("AGILE_POINTS", {"baseline_points": 100}, {"baseline_points": "100.00"}),
        (
            "AGILE_POINTS",
            {"increments": [{"on": "2026-03-06", "points": 40}, {"on": "2026-03-13", "points": 60}]},
            {"baseline_points": "100.00", "increments": [{"on": "2026-03-06", "points": "40.00"},
                                                         {"on": "2026-03-13", "points": "60.00"}]},
        ),
        ("APPORTIONED", {"base": 2}, {"base": 2}),
    ],
)  # fmt: skip
def test_details_are_stored_in_one_form(
    project: Project, technique: str, details: dict[str, Any], stored: dict[str, Any] | None
) -> None:
    """Domain 6.3, CST-7: every technique with what it needs to know."""
    choose(task_of(project), technique, details=details)

    task = task_of(project)
    assert (task.ev_technique, task.ev_details) == (technique, stored)


@pytest.mark.parametrize(
    ("technique", "details", "code", "field"),
    [
        ("FIXED_0_100", {"curve": "BELL"}, "UNKNOWN_DETAIL", "curve"),
        ("FIXED_50_50", {"start_share": "101"}, "OUT_OF_RANGE", "start_share"),
        ("FIXED_50_50", {"start_share": "x"}, "NOT_A_NUMBER", "start_share"),
        ("PERCENT_COMPLETE", {"curve": "ZIGZAG"}, "UNKNOWN_DETAIL", "curve"),
        ("PERCENT_COMPLETE", {"curve": "MANUAL"}, "DETAIL_NEEDED", "manual"),
        ("PERCENT_COMPLETE", {"curve": "MANUAL", "manual": [{"on": "2026-03-02", "percent": 50},
                                                            {"on": "2026-03-06", "percent": 40}]},
         "CURVE_FALLS", "manual"),
        ("WEIGHTED_MILESTONES", {}, "WEIGHTS_SUM", "milestones"),
        ("WEIGHTED_MILESTONES", {"milestones": STEPS[:2]}, "WEIGHTS_SUM", "milestones"),
        ("WEIGHTED_MILESTONES", {"milestones": [{"weight": 100, "on": "soon"}]}, "NOT_A_DAY", "milestones"),
        ("WEIGHTED_MILESTONES", {"milestones": "all"}, "DETAIL_NEEDED", "milestones"),
        ("WEIGHTED_MILESTONES", {"milestones": [{"weight": 1, "on": "2026-03-02"}] * 101}, "TOO_MANY",
         "milestones"),
        ("UNITS", {}, "DETAIL_NEEDED", "planned_units"),
        ("UNITS", {"planned_units": 0}, "OUT_OF_RANGE", "planned_units"),
        ("AGILE_POINTS", {}, "OUT_OF_RANGE", "baseline_points"),
        ("AGILE_POINTS", {"baseline_points": 9, "increments": [{"on": "2026-03-02", "points": 8}]},
         "POINTS_SUM", "increments"),
        ("APPORTIONED", {}, "DETAIL_NEEDED", "base"),
        ("APPORTIONED", {"base": 1}, "OWN_BASE", "base"),
        ("APPORTIONED", {"base": 9}, "NO_TASK", "base"),
        ("APPORTIONED", {"base": "2"}, "NO_TASK", "base"),
        ("GUESS", {}, "NO_TECHNIQUE", "ev_technique"),
    ],
)  # fmt: skip
def test_impossible_details_are_refused_on_their_field(
    project: Project, technique: str, details: dict[str, Any], code: str, field: str
) -> None:
    """Weights sum to 100, planned quantities are positive, a base is another task: nothing changes else."""
    audited = AuditEntry.objects.count()

    with pytest.raises(DomainError) as fault:
        choose(task_of(project), technique, details=details)

    assert (fault.value.code, fault.value.field) == (code, field)
    assert (task_of(project).ev_technique, task_of(project).ev_details) == ("PERCENT_COMPLETE", None)
    assert AuditEntry.objects.count() == audited


def test_ring_of_apportioned_tasks_is_refused_with_its_tasks(project: Project) -> None:
    """Domain 6.3: a chain is possible, a ring is not."""
    third = factories.task(project, "Report", planned_start=moment(2), duration=480)
    choose(task_of(project, 1), "APPORTIONED", details={"base": 2})
    choose(task_of(project, 2), "APPORTIONED", details={"base": third.uid})

    with pytest.raises(DomainError) as fault:
        choose(third, "APPORTIONED", details={"base": 1})

    assert (fault.value.code, fault.value.field) == ("BASE_RING", "base")
    assert "Report → Cable → Check → Report" in str(fault.value)


@pytest.mark.parametrize("kind", ["FINISH_MILESTONE", "LEVEL_OF_EFFORT"])
def test_kinds_that_decide_take_no_technique(project: Project, kind: str) -> None:
    task = factories.task(project, "Other", kind=kind, planned_finish=moment(6, 17))

    with pytest.raises(DomainError) as fault:
        choose(task, "UNITS", details={"planned_units": 1})

    assert fault.value.code == "KIND_DECIDES"


def test_stale_choice_is_refused(project: Project) -> None:
    """XC-1."""
    with pytest.raises(StaleObject):
        choose(task_of(project), "FIXED_0_100", expected_version=99)


def test_technique_of_started_work_needs_an_approved_change(project: Project) -> None:
    """CST-10: a reason once the task has started; it stands in the audit trail."""
    known(project)
    progress.record_progress(
        actor=None, task=task_of(project), data_date=DAY, actual_start=moment(2),
        percent_complete=Decimal(50), percent_physical=Decimal(60),
    )  # fmt: skip

    with pytest.raises(DomainError) as fault:
        choose(task_of(project), "FIXED_0_100")
    with pytest.raises(DomainError) as plain:
        tasks.edit_task(
            actor=None, task=task_of(project), changes={"ev_technique": "FIXED_0_100"}, expected_version=None
        )
    choose(task_of(project), "FIXED_0_100", reason="Change request 12, approved")

    assert (fault.value.code, fault.value.field) == ("REASON_NEEDED", "reason")
    assert (plain.value.code, plain.value.field) == ("REASON_NEEDED", "ev_technique")
    entry = AuditEntry.objects.filter(reason="Change request 12, approved").get()
    assert entry.after["ev_technique"] == "FIXED_0_100"


def test_planned_value_of_the_past_keeps_its_technique(project: Project) -> None:
    """CST-12: 0/100 chosen in the first week leaves the plan of the baseline; the next one takes it over."""
    known(project)
    choose(task_of(project), "FIXED_0_100")

    frozen = BaselineTask.objects.get(task=task_of(project)).pv_profile
    before = earned_value(project, as_of=DAY).rows[0]
    baselines.set_baseline(
        actor=None, project=project, effective_from=DAY, reason="Techniques were agreed anew"
    )
    after = earned_value(project, as_of=DAY).rows[0]

    assert frozen == {"technique": "PERCENT_COMPLETE"}
    assert (before.technique, before.pv) == ("PERCENT_COMPLETE", 50)
    assert (after.technique, after.pv) == ("FIXED_0_100", 0)


def test_technique_of_future_work_counts_at_once(project: Project) -> None:
    """CST-10: nothing planned or done yet, so nothing is frozen."""
    choose(task_of(project), "FIXED_50_50", details={"start_share": "20"})
    known(project)

    row = earned_value(project, as_of=DAY).rows[0]

    assert BaselineTask.objects.get(task=task_of(project)).pv_profile is None
    assert (row.technique, row.pv) == ("FIXED_50_50", 20)


def test_deleted_task_keeps_its_planned_value(project: Project) -> None:
    """SCH-37, CST-12: the row of the baseline remembers how it was planned."""
    choose(task_of(project), "FIXED_0_100")
    tasks.delete_task(actor=None, task=task_of(project), expected_version=None)
    known(project)

    row = earned_value(project, as_of=DAY).rows[0]

    assert (row.is_removed, row.technique, row.pv, row.ev) == (True, "FIXED_0_100", 0, 0)


def test_another_technique_in_the_task_form_drops_the_details(project: Project) -> None:
    choose(task_of(project), "UNITS", details={"planned_units": 10})

    tasks.edit_task(
        actor=None, task=task_of(project), changes={"ev_technique": "FIXED_0_100"}, expected_version=None
    )

    assert (task_of(project).ev_technique, task_of(project).ev_details) == ("FIXED_0_100", None)


def record(project: Project, day: date = DAY, **said: Any) -> TaskProgress:
    given = {"actual_start": moment(2), "percent_complete": Decimal(30), **said}
    return progress.record_progress(actor=None, task=task_of(project), data_date=day, **given)


def test_units_are_recorded_as_dated_facts(project: Project) -> None:
    """Domain 6.3: 7 of 10 units; a past day knows what was done then; 1 of 3 earns 33.33."""
    choose(task_of(project), "UNITS", details={"planned_units": 3})
    known(project, date(2026, 3, 4))
    record(project, date(2026, 3, 4), quantity_done=Decimal(1))
    known(project)
    entry = record(project, quantity_done=Decimal(2))

    assert (entry.ev_progress, entry.percent_physical) == ({"done": "2"}, Decimal("66.67"))
    assert task_of(project).ev_progress == {"done": "2"}
    assert earned_value(project, as_of=DAY).rows[0].ev == Decimal("66.67")
    assert earned_value(project, as_of=date(2026, 3, 4)).rows[0].ev == Decimal("33.33")


def test_count_holds_until_something_else_is_said(project: Project) -> None:
    """A percentage without a count takes its place."""
    choose(task_of(project), "AGILE_POINTS", details={"baseline_points": 100})
    known(project, date(2026, 3, 4))
    record(project, date(2026, 3, 4), quantity_done=Decimal(30))
    held = record(project, date(2026, 3, 4), note="Nothing new")
    replaced = record(project, date(2026, 3, 4), percent_physical=Decimal(50))

    assert (held.ev_progress, held.percent_physical) == ({"done": "30"}, 30)
    assert (replaced.ev_progress, replaced.percent_physical) == (None, 50)


def test_steps_reached_add_their_weights(project: Project) -> None:
    """EX-CST-2: milestones 30/30/40, two reached earn 60; the plan jumps at their days."""
    choose(task_of(project), "WEIGHTED_MILESTONES", details={"milestones": STEPS})
    known(project)
    entry = record(project, steps_reached=[2, 1])

    row = earned_value(project, as_of=DAY).rows[0]

    assert (entry.ev_progress, entry.percent_physical) == ({"reached": [1, 2]}, 60)
    assert (row.pv, row.ev) == (60, 60)


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"steps_reached": [1]}, "NOT_COUNTED", "steps_reached"),
        ({"quantity_done": Decimal(-1)}, "OUT_OF_RANGE", "quantity_done"),
        ({"quantity_done": Decimal(1), "actual_start": None}, "PROGRESS_WITHOUT_START", "actual_start"),
    ],
)
def test_impossible_counts_are_refused(project: Project, said: dict[str, Any], code: str, field: str) -> None:
    choose(task_of(project), "UNITS", details={"planned_units": 10})
    known(project)

    with pytest.raises(DomainError) as fault:
        record(project, **said)

    assert (fault.value.code, fault.value.field) == (code, field)
    assert TaskProgress.objects.count() == 0


def test_task_that_counts_nothing_refuses_a_count(project: Project) -> None:
    known(project)

    with pytest.raises(DomainError) as fault:
        record(project, quantity_done=Decimal(1))

    assert (fault.value.code, fault.value.field) == ("NOT_COUNTED", "quantity_done")
