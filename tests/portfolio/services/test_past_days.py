"""Every past day can be computed again: the property behind all figures (SEC-37, HLT-5, HLT-6)."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects import services
from tests.portfolio.services import histories
from tests.portfolio.services.histories import ACTS, DAYS, Act, History, computed_again, roll_up, world
from tests.portfolio.worlds import AS_OF

pytestmark = pytest.mark.django_db
SERVICES = Path(services.__path__[0])
NUMBERS = range(12)


@dataclass(frozen=True)
class Hole:
    """A place that forgets to keep a former value, and what people do there."""

    module: str
    hook: str
    act: Act

    def __str__(self) -> str:
        return f"{self.module}.{self.hook} of {self.act.__name__}"

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        """Let the place keep nothing."""
        module = import_module(f"projects.services.{self.module}")
        patch.setattr(module, self.hook, lambda *_arguments, **_options: None)


# One for each place that calls a function of `former_values`.
HOLES = (
    Hole("assignments", "remember_tasks", histories.assign_people),
    Hole("budgets", "remember_budget_line", histories.raise_budget),
    Hole("budgets", "remember_budget_line", histories.remove_budget),
    Hole("calendars", "remember_calendar", histories.change_calendar),
    Hole("commitments", "remember_commitment", histories.change_order),
    Hole("completion", "remember_tasks", histories.mark_completion),
    Hole("outline", "remember_tasks", histories.add_task),
    Hole("plan_changes.undoing", "remember_tasks", histories.go_a_step_back),
    Hole("plan_changes.writing", "remember_tasks", histories.take_step),
    Hole("plan_update.supply_writing", "remember_calendar", histories.take_file),
    Hole("plan_update.writing", "remember_plan", histories.take_file),
    Hole("plan_update.writing", "remember_project", histories.take_file),
    Hole("progress", "remember_project", histories.go_back),
    Hole("progress", "remember_tasks", histories.report),
    Hole("projects", "remember_project", histories.edit_header),
    Hole("schedules", "remember_tasks", histories.own_dates),
    Hole("states", "remember_project", histories.change_state),
    Hole("status_writing", "remember_known_on", histories.take_table),
    Hole("tasks", "remember_tasks", histories.edit_task),
    Hole("tasks", "remember_tasks", histories.replan),
    Hole("tasks", "remember_tasks", histories.delete_task),
    Hole("techniques", "remember_tasks", histories.choose_technique),
)


@pytest.fixture
def ids() -> list[int]:
    """Return two projects that have been in the portal for long, rolled up once."""
    made = world()
    roll_up(made, AS_OF)
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    days=st.lists(
        st.lists(
            st.tuples(st.sampled_from(ACTS), st.integers(0, 1), st.integers(0, 11)), min_size=1, max_size=5
        ),
        min_size=2,
        max_size=len(DAYS),
    )
)
def test_every_past_day_is_computed_again_as_it_was(ids: list[int], days: History) -> None:
    """SEC-37, HLT-5, HLT-6: input hash, measures, color, score and explanation of each day stay the same."""
    with transaction.atomic():
        first, again = computed_again(days, ids)
        transaction.set_rollback(True)

    assert again == first


@pytest.mark.once
@pytest.mark.parametrize("hole", HOLES, ids=str)
def test_forgotten_former_value_is_noticed(
    hole: Hole, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-37: the same days, with one place that keeps nothing, are another past."""
    with monkeypatch.context() as patch:
        hole.plant(patch)
        noticed = next((days for days in _histories(hole.act) if _is_other_past(days, ids)), None)

    assert noticed is not None
    assert not _is_other_past(noticed, ids)


def _histories(act: Act) -> Iterator[History]:
    """Yield histories of two days, on each of which the same is done differently."""
    for number in NUMBERS:
        yield [[(act, 0, number)], [(act, 0, number + 1)]]


def _is_other_past(days: History, ids: list[int]) -> bool:
    with transaction.atomic():
        first, again = computed_again(days, ids)
        transaction.set_rollback(True)
    return first != again


@pytest.mark.once
def test_every_place_that_keeps_former_values_has_its_hole() -> None:
    """A new call of `former_values` without a hole fails here."""
    calls: Counter[tuple[str, str]] = Counter()
    for path in SERVICES.rglob("*.py"):
        module = ".".join(path.relative_to(SERVICES).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name.startswith("remember_"):
                calls[module, name] += 1

    assert calls == Counter((hole.module, hole.hook) for hole in HOLES)
