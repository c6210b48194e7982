"""What moving a card means, and limits of columns (SCH-20, SEC-29)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, StaleObject
from projects.models import Project, Task, TaskProgress
from projects.services import boards, links, progress
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
FRIDAY, SUNDAY = date(2026, 3, 6), date(2026, 3, 8)


def known(day: date | None = FRIDAY) -> Project:
    """Return a project whose status is known up to a day."""
    project = factories.project("P-1", planned_start=date(2026, 3, 2))
    if day is not None:
        progress.set_data_date(actor=None, project=project, data_date=day)
    return Project.objects.get(pk=project.pk)


def planned(project: Project, name: str = "Design", **facts: Any) -> Task:
    """Return a task of five days from 2 March on."""
    return factories.task(project, name, **{"planned_start": moment(2), "duration": 5 * 480, **facts})


def moved(task: Task, *, version: int | None = None, **to: str) -> Task:
    """Move a card."""
    return boards.move_card(actor=None, task=task, to=to, expected_version=version)


def refusal(act: Callable[[], object]) -> str | None:
    """Return the code of what was refused, after making sure nothing changed."""
    before = (list(Task.objects.order_by("pk").values()), AuditEntry.objects.count())
    with pytest.raises(DomainError) as caught:
        act()
    assert (list(Task.objects.order_by("pk").values()), AuditEntry.objects.count()) == before
    return caught.value.code


def test_in_progress_means_started_at_the_data_date() -> None:
    """The morning of Friday; the five days left stay, so it ends on Friday of the next week."""
    task = moved(planned(known()), state="IN_PROGRESS")

    assert (task.actual_start, task.actual_finish) == (moment(6), None)
    assert (task.remaining_duration, task.percent_complete) == (5 * 480, Decimal("16.67"))
    assert task.planned_finish == moment(13, 17)
    assert TaskProgress.objects.get(task=task).data_date == FRIDAY


def test_data_date_on_a_weekend_starts_on_the_working_day_before() -> None:
    task = moved(planned(known(SUNDAY)), state="IN_PROGRESS")

    assert task.actual_start == moment(6)


def test_done_means_finished_at_the_data_date_and_begun_as_planned() -> None:
    task = moved(planned(known()), state="DONE")

    assert (task.actual_start, task.actual_finish) == (moment(2), moment(6, 17))
    assert (task.percent_complete, task.remaining_duration) == (Decimal(100), 0)


def test_done_before_its_planned_start_begins_on_the_same_day() -> None:
    task = moved(planned(known(), planned_start=moment(16)), state="DONE")

    assert (task.actual_start, task.actual_finish) == (moment(6), moment(6, 17))


def test_done_keeps_a_recorded_start() -> None:
    project = known()
    task = planned(project)
    progress.record_progress(
        actor=None, task=task, data_date=FRIDAY, actual_start=moment(4), remaining_duration=480
    )

    assert moved(task, state="DONE").actual_start == moment(4)


def test_milestone_is_reached_or_not() -> None:
    """SCH-29: it cannot be in progress."""
    project = known()
    gate = factories.task(project, "Gate", kind="FINISH_MILESTONE", planned_finish=moment(6, 17))

    code = refusal(lambda: moved(gate, state="IN_PROGRESS"))
    reached = moved(gate, state="DONE")

    assert code == "REACHED_OR_NOT"
    assert (reached.actual_start, reached.actual_finish) == (moment(6, 17), moment(6, 17))


def test_start_of_this_data_date_is_taken_back() -> None:
    """Exactly what the board recorded can be undone on the board."""
    task = moved(planned(known()), state="IN_PROGRESS")

    again = moved(task, state="NOT_STARTED")

    assert (again.actual_start, again.percent_complete) == (None, Decimal(0))
    assert again.remaining_duration == 5 * 480


def test_refusals_leave_everything_as_it_is() -> None:
    """SCH-20 among them: a finished task needs a reason, an earlier start stays, no data date no progress."""
    project = known()
    early, done, waits = planned(project), planned(project, "Done"), planned(project, "Waits")
    progress.record_progress(
        actor=None, task=early, data_date=FRIDAY, actual_start=moment(3), remaining_duration=960
    )
    moved(done, state="DONE")
    links.add_link(actor=None, project=project, predecessor=early, successor=waits)

    assert refusal(lambda: moved(early, state="NOT_STARTED")) == "STARTED_EARLIER"
    assert refusal(lambda: moved(done, state="IN_PROGRESS")) == "REASON_NEEDED"
    assert refusal(lambda: moved(waits, state="NOT_STARTED")) == "COMPUTED_STATE"
    assert refusal(lambda: moved(early, state="IN_PROGRESS")) == "SAME_COLUMN"
    assert refusal(lambda: moved(early, state="SOMEWHERE")) == "NO_COLUMN"
    assert refusal(lambda: moved(early, owner="999999")) == "NO_COLUMN"
    assert refusal(lambda: moved(early, phase="999")) == "NO_COLUMN"
    assert refusal(lambda: moved(early, phase="9" * 20)) == "NO_COLUMN"


def test_progress_needs_a_data_date() -> None:
    """SCH-20."""
    task = planned(known(None))

    assert refusal(lambda: moved(task, state="IN_PROGRESS")) == "NO_DATA_DATE"


def test_recorded_start_after_a_data_date_that_went_back_is_refused() -> None:
    """SCH-20: done by Friday, though it started on the Monday after."""
    project = known(date(2026, 3, 9))
    task = planned(project)
    progress.record_progress(
        actor=None,
        task=task,
        data_date=date(2026, 3, 9),
        actual_start=moment(9),
        remaining_duration=480,
    )
    progress.set_data_date(actor=None, project=project, data_date=FRIDAY, reason="Too early")

    assert refusal(lambda: moved(Task.objects.get(pk=task.pk), state="DONE")) == "FUTURE_ACTUAL"


def test_older_version_is_refused() -> None:
    """SEC-29."""
    task = planned(known())

    with pytest.raises(StaleObject):
        moved(task, version=task.version + 1, state="DONE")

    assert Task.objects.get(pk=task.pk).actual_finish is None


def test_owner_and_phase_change_together_or_not_at_all() -> None:
    """Bob works here, Charlie does not: with him the phase stays too."""
    project = known()
    phase, other = factories.task(project, "Build"), factories.task(project, "Test")
    for parent in (phase, other):
        factories.task(project, f"In {parent.name}", parent=parent)
    task = planned(project, "Walls", parent=Task.objects.get(pk=phase.pk))
    bob, charlie = factories.user("Bob"), factories.user("Charlie")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    own, foreign = factories.person("Bob", of=bob), factories.person("Charlie", of=charlie)

    code = refusal(lambda: moved(task, phase=str(other.uid), owner=str(foreign.pk)))
    done = moved(task, phase=str(other.uid), owner=str(own.pk))
    top = moved(done, phase="none", owner="none")

    assert code == "NO_COLUMN"
    assert (done.wbs, done.owner) == ("2.2", own)
    assert (top.wbs, top.owner) == ("3", None)


def test_card_is_added_where_its_column_says() -> None:
    project = known()
    phase = factories.task(project, "Build")
    factories.task(project, "First", parent=phase)
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    person: Person = factories.person("Bob", of=bob)

    def added(by: str, column: str) -> Task:
        return boards.add_card(actor=None, project=project, name="New", by=by, column=column)

    assert added("phase", str(phase.uid)).wbs == "1.2"
    assert added("owner", str(person.pk)).owner == person
    assert added("state", "NOT_STARTED").wbs == "3"
    assert refusal(lambda: added("state", "DONE")) == "COMPUTED_STATE"
    assert refusal(lambda: added("owner", "none-such")) == "NO_COLUMN"


def limited(project: Project, limits: dict[str, int | None], *, by: str = "state") -> Project:
    """Set limits."""
    return boards.set_limits(actor=None, project=project, by=by, limits=limits, expected_version=None)


def test_limits_are_kept_by_axis_and_audited() -> None:
    project = known()

    limited(project, {"IN_PROGRESS": 3, "NOT_STARTED": None})
    kept = limited(project, {"none": 2}, by="owner")

    assert kept.board_limits == {"state": {"IN_PROGRESS": 3}, "owner": {"none": 2}}
    first, second = AuditEntry.objects.filter(action="board.limits_set").order_by("pk")
    assert (first.before, first.after) == ({"state": ""}, {"state": "In progress: 3"})
    assert second.after == {"owner": "No owner: 2"}


def test_same_limits_change_nothing() -> None:
    project = known()
    version = limited(project, {"IN_PROGRESS": 3}).version

    assert limited(project, {"IN_PROGRESS": 3}).version == version
    assert AuditEntry.objects.filter(action="board.limits_set").count() == 1


@pytest.mark.parametrize(
    ("limits", "code"),
    [({"DONE": 3}, "NO_COLUMN"), ({"IN_PROGRESS": 0}, "BAD_LIMIT"), ({"IN_PROGRESS": 1000}, "BAD_LIMIT")],
)
def test_limits_that_mean_nothing_are_refused(limits: dict[str, int | None], code: str) -> None:
    project = known()

    assert refusal(lambda: limited(project, limits)) == code
    assert Project.objects.get(pk=project.pk).board_limits == {}
