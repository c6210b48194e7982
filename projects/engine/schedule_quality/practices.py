"""Checks and findings by the practices of good schedules they speak of (SQ-5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from projects.engine.schedule_quality.result import CheckResult, ScheduleQuality
from projects.engine.schedule_quality.vocabulary import Check, Finding, Verdict


class Practice(StrEnum):
    """The ten best practices of the GAO schedule assessment guide."""

    CAPTURE_ALL = "CAPTURE_ALL"
    SEQUENCE = "SEQUENCE"
    RESOURCE = "RESOURCE"
    DURATIONS = "DURATIONS"
    TRACEABILITY = "TRACEABILITY"
    CRITICAL_PATH = "CRITICAL_PATH"
    FLOAT = "FLOAT"
    RISK_ANALYSIS = "RISK_ANALYSIS"
    UPDATE = "UPDATE"
    BASELINE = "BASELINE"


class Quality(StrEnum):
    """The eight qualities of GASP: five of a valid schedule, three of an effective one."""

    COMPLETE = "COMPLETE"
    TRACEABLE = "TRACEABLE"
    TRANSPARENT = "TRANSPARENT"
    STATUSED = "STATUSED"
    PREDICTIVE = "PREDICTIVE"
    USABLE = "USABLE"
    RESOURCED = "RESOURCED"
    CONTROLLED = "CONTROLLED"


BY_PRACTICE: Mapping[Practice, tuple[Check | Finding, ...]] = {
    Practice.CAPTURE_ALL: (Finding.NO_DELIVERABLE, Finding.NO_OWNER),
    Practice.SEQUENCE: (
        *(Check.LOGIC, Check.LEADS, Check.LAGS, Check.LINK_TYPES, Check.HARD_CONSTRAINTS),
        *(Finding.OPEN_MILESTONES, Finding.DANGLING_ENDS, Finding.REDUNDANT_LINKS),
    ),
    Practice.RESOURCE: (Check.RESOURCES,),
    Practice.DURATIONS: (Check.HIGH_DURATION,),
    Practice.TRACEABILITY: (Check.CRITICAL_PATH_TEST, Finding.OPEN_MILESTONES, Finding.NO_DELIVERABLE),
    Practice.CRITICAL_PATH: (Check.CRITICAL_PATH_TEST, Check.HARD_CONSTRAINTS, Finding.CRITICAL_SHARE),
    Practice.FLOAT: (Check.HIGH_FLOAT, Check.NEGATIVE_FLOAT),
    Practice.RISK_ANALYSIS: (),
    Practice.UPDATE: (Check.INVALID_DATES, Finding.OLD_DATA_DATE),
    Practice.BASELINE: (Check.MISSED_TASKS, Check.CPLI, Check.BEI),
}

BY_QUALITY: Mapping[Quality, tuple[Check | Finding, ...]] = {
    Quality.COMPLETE: (Finding.NO_DELIVERABLE, Finding.NO_OWNER),
    Quality.TRACEABLE: (
        *(Check.LOGIC, Check.CRITICAL_PATH_TEST),
        *(Finding.OPEN_MILESTONES, Finding.DANGLING_ENDS),
    ),
    Quality.TRANSPARENT: (
        *(Check.LEADS, Check.LAGS, Check.LINK_TYPES, Check.HARD_CONSTRAINTS),
        Finding.REDUNDANT_LINKS,
    ),
    Quality.STATUSED: (Check.INVALID_DATES, Finding.OLD_DATA_DATE),
    Quality.PREDICTIVE: (
        *(Check.HIGH_FLOAT, Check.NEGATIVE_FLOAT, Check.CRITICAL_PATH_TEST, Check.CPLI),
        Finding.CRITICAL_SHARE,
    ),
    Quality.USABLE: (Check.HIGH_DURATION,),
    Quality.RESOURCED: (Check.RESOURCES,),
    Quality.CONTROLLED: (Check.MISSED_TASKS, Check.BEI),
}


@dataclass(frozen=True, slots=True)
class GroupResult:
    """
    What the checks say about one practice or quality.

    The verdict is a failure as soon as one of them fails; not applicable where none can be made.
    """

    code: Practice | Quality
    verdict: Verdict
    results: tuple[CheckResult, ...]


def practices_of(quality: ScheduleQuality) -> tuple[GroupResult, ...]:
    """Return the ten practices with their checks."""
    return tuple(_group(code, members, quality) for code, members in BY_PRACTICE.items())


def qualities_of(quality: ScheduleQuality) -> tuple[GroupResult, ...]:
    """Return the eight qualities with their checks."""
    return tuple(_group(code, members, quality) for code, members in BY_QUALITY.items())


def _group(
    code: Practice | Quality, members: tuple[Check | Finding, ...], quality: ScheduleQuality
) -> GroupResult:
    known = {result.code: result for result in (*quality.checks, *quality.findings)}
    results = tuple(known[member] for member in members)
    verdicts = {result.verdict for result in results}
    for verdict in (Verdict.FAIL, Verdict.PASS):
        if verdict in verdicts:
            return GroupResult(code, verdict, results)
    return GroupResult(code, Verdict.NOT_APPLICABLE, results)
