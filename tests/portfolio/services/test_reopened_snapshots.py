"""Reopening a project changes no day before it (appendix A.2: old snapshots stay, postings, rated again)."""

from collections.abc import Callable
from datetime import date

import pytest

from portfolio.models import GroupHealth, ProjectAdoption, ProjectHealth
from portfolio.services import rollups
from portfolio.services.periods import close_period
from projects.choices import ProjectState
from projects.models import Project, ProjectSnapshot
from projects.services.former_values import known_on
from projects.services.states import change_state
from tests.portfolio.worlds import AS_OF, FIRST_DAY, at, make_portfolio, make_project, plan, post

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
CLOSED_ON, BETWEEN, REOPENED_ON = date(2026, 4, 7), date(2026, 4, 15), date(2026, 4, 20)
OLD = (AS_OF, BETWEEN)
NOT_TOLD = ("run_id", "computed_at")


def _stored() -> list[tuple[object, ...]]:
    """Return every column but run and clock of every row of the days before the project was reopened."""
    kinds = (ProjectSnapshot, ProjectHealth, GroupHealth, ProjectAdoption)
    return [
        (kind.__name__, sorted((name, value) for name, value in row.items() if name not in NOT_TOLD))
        for kind in kinds
        for row in kind.objects.filter(as_of__in=OLD).order_by("pk").values()
    ]


def _roll(day: date, drain: Drain) -> None:
    rollups.start_rollup(actor=None, as_of=day)
    drain()


def _reopened(drain: Drain) -> Project:
    """A project that was closed, with a closed period and a day between, reopened with money posted late."""
    project = make_project("P1", make_portfolio(), state="CLOSING")
    plan(project)
    close_period(actor=None, period_end=AS_OF, today=date(2026, 4, 6))
    drain()
    Project.objects.filter(pk=project.pk).update(
        state=ProjectState.CLOSED, state_since=CLOSED_ON, created_at=at(FIRST_DAY)
    )
    _roll(BETWEEN, drain)
    return project


def test_old_snapshots_stay_when_a_project_is_reopened(drain: Drain) -> None:
    project = _reopened(drain)
    before = _stored()
    assert {row[0] for row in before} >= {"ProjectSnapshot", "ProjectHealth", "GroupHealth"}

    with known_on(REOPENED_ON):
        change_state(
            actor=None, project=project, state=ProjectState.CLOSING, today=REOPENED_ON, sponsor_agrees=True,
            reason="A bill came late and has to be paid.",
        )  # fmt: skip
    post(project, 700, REOPENED_ON)
    drain()
    for day in (*OLD, REOPENED_ON):
        _roll(day, drain)

    assert _stored() == before
    rated = ProjectHealth.objects.get(project=project, as_of=REOPENED_ON)
    assert (rated.state, rated.reason_code) == ("CLOSING", "")
    assert rated.color != "BLUE"
