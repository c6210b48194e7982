"""The words of schedule quality: checks, findings, verdicts, grades, and what is wrong with a task."""

from enum import StrEnum


class Check(StrEnum):
    """The 14 checks in their order; `number_of` counts from 1."""

    LOGIC = "LOGIC"
    LEADS = "LEADS"
    LAGS = "LAGS"
    LINK_TYPES = "LINK_TYPES"
    HARD_CONSTRAINTS = "HARD_CONSTRAINTS"
    HIGH_FLOAT = "HIGH_FLOAT"
    NEGATIVE_FLOAT = "NEGATIVE_FLOAT"
    HIGH_DURATION = "HIGH_DURATION"
    INVALID_DATES = "INVALID_DATES"
    RESOURCES = "RESOURCES"
    MISSED_TASKS = "MISSED_TASKS"
    CRITICAL_PATH_TEST = "CRITICAL_PATH_TEST"
    CPLI = "CPLI"
    BEI = "BEI"


class Finding(StrEnum):
    """The extra findings, which do not enter the score (SQ-4)."""

    OPEN_MILESTONES = "X1"
    DANGLING_ENDS = "X2"
    REDUNDANT_LINKS = "X3"
    NO_OWNER = "X4"
    OLD_DATA_DATE = "X5"
    CRITICAL_SHARE = "X6"
    NO_DELIVERABLE = "X7"


class Verdict(StrEnum):
    """How a check ended; one that cannot be made is neither a pass nor a failure (SQ-1)."""

    PASS = "PASS"  # noqa: S105
    FAIL = "FAIL"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Grade(StrEnum):
    """The score in one word (SQ-3)."""

    GOOD = "GOOD"
    FAIR = "FAIR"
    POOR = "POOR"


class Unit(StrEnum):
    """What the value of a check counts."""

    PERCENT = "PERCENT"
    COUNT = "COUNT"
    RATIO = "RATIO"
    WORKING_DAYS = "WORKING_DAYS"
    DAYS = "DAYS"


class Flaw(StrEnum):
    """What is wrong with one task or link where the check alone does not say it."""

    NONE = ""
    NO_PREDECESSOR = "NO_PREDECESSOR"
    NO_SUCCESSOR = "NO_SUCCESSOR"
    NO_LINKS = "NO_LINKS"
    NO_START_DRIVER = "NO_START_DRIVER"
    NO_FINISH_DRIVER = "NO_FINISH_DRIVER"
    NO_DRIVERS = "NO_DRIVERS"
    MUST_START_ON = "MUST_START_ON"
    MUST_FINISH_ON = "MUST_FINISH_ON"
    START_NO_LATER = "START_NO_LATER"
    FINISH_NO_LATER = "FINISH_NO_LATER"
    FORECAST_IN_PAST = "FORECAST_IN_PAST"
    ACTUAL_IN_FUTURE = "ACTUAL_IN_FUTURE"
    UNFINISHED = "UNFINISHED"
    FINISHED_LATE = "FINISHED_LATE"
    FORECAST_LATE = "FORECAST_LATE"
    SS = "SS"
    FF = "FF"
    SF = "SF"


def number_of(check: Check) -> int:
    """Return the number of a check, from 1."""
    return list(Check).index(check) + 1
