"""Plans by name with what schedule quality asks beyond their network."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from projects.engine.instants import NO_INSTANT, end_of_day
from projects.engine.schedule_quality.facts import UNKNOWN, BaselineFacts, PlanFacts
from projects.engine.schedule_quality.quality import assess_schedule
from projects.engine.schedule_quality.result import CheckResult, ScheduleQuality
from projects.engine.schedule_quality.vocabulary import Check, Finding
from projects.engine.scheduling.options import PORTAL, ScheduleOptions
from projects.engine.scheduling.schedule import compute_schedule
from tests.projects.engine.scheduling.plans import DAY, Plan, end_of


@dataclass
class Checked:
    """
    A plan to be checked; baseline finishes are days by name, baseline durations working days by name.

    Every activity has an owner and an assignment but those named.
    """

    plan: Plan
    data_date: date | None = None
    has_baseline: bool = False
    finishes: Mapping[str, date] = field(default_factory=dict)
    durations: Mapping[str, float] = field(default_factory=dict)
    baseline_finish: date | None = None
    bare: frozenset[str] = frozenset()
    unowned: frozenset[str] = frozenset()
    options: ScheduleOptions = PORTAL
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names in the order of the network."""
        return list(self.plan.activities)

    def facts(self) -> PlanFacts:
        """Return the plan as the engine checks it."""
        network = self.plan.network(self.options)
        names = self.names
        facts = PlanFacts(
            network=network,
            options=self.options,
            schedule=compute_schedule(network, self.options),
            baseline=BaselineFacts(
                exists=self.has_baseline,
                start=np.full(network.size, NO_INSTANT),
                finish=_column([self._finish(name) for name in names]),
                duration=_column(
                    [
                        round(self.durations[name] * DAY) if name in self.durations else UNKNOWN
                        for name in names
                    ]
                ),
                project_finish=NO_INSTANT if self.baseline_finish is None else end_of(self.baseline_finish),
            ),
            has_assignment=np.array([name not in self.bare for name in names], dtype=bool),
            has_cost=np.zeros(network.size, dtype=bool),
            has_owner=np.array([name not in self.unowned for name in names], dtype=bool),
            minutes_per_day=DAY,
            data_date_end=NO_INSTANT if self.data_date is None else end_of_day(self.data_date),
        )
        return replace(facts, **self.more)

    def _finish(self, name: str) -> int:
        return end_of(self.finishes[name]) if name in self.finishes else NO_INSTANT

    def quality(self) -> ScheduleQuality:
        """Return all checks."""
        return assess_schedule(self.facts())

    def result(self, code: Check | Finding) -> CheckResult:
        """Return one check or finding."""
        quality = self.quality()
        return next(item for item in (*quality.checks, *quality.findings) if item.code == code)

    def stumbled(self, code: Check | Finding) -> list[tuple[str, str, float | None]]:
        """Return the offenders of a check: name, flaw and working days."""
        return [
            (self.names[item.activity], str(item.flaw), None if item.days is None else float(item.days))
            for item in self.result(code).offenders
        ]


def _column(values: list[int]) -> "np.ndarray[Any, np.dtype[np.int64]]":
    return np.array(values, dtype=np.int64)


def figures(result: CheckResult) -> tuple[float | None, float | None, float | None, str]:
    """Return value, numerator, denominator and verdict of a check, or its reason."""
    value = result.value
    return (
        None if value.value is None else float(value.value),
        None if result.numerator is None else float(result.numerator),
        None if result.denominator is None else float(result.denominator),
        value.reason or str(result.verdict),
    )
