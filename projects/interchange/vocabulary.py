"""The words of the neutral document. Every value is written to JSON as it stands here."""

from enum import StrEnum


class Convention(StrEnum):
    """The family of tools whose scheduling habits a document follows."""

    MICROSOFT = "MICROSOFT"
    PRIMAVERA = "PRIMAVERA"
    PORTAL = "PORTAL"


class Severity(StrEnum):
    """How much a problem of an import matters: ERROR means something was lost or is contradictory."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class TaskKind(StrEnum):
    """What a row of the plan is."""

    TASK = "TASK"
    SUMMARY = "SUMMARY"
    START_MILESTONE = "START_MILESTONE"
    FINISH_MILESTONE = "FINISH_MILESTONE"
    LEVEL_OF_EFFORT = "LEVEL_OF_EFFORT"


class DurationKind(StrEnum):
    """Whether minutes count on a calendar (WORK) or on the clock (ELAPSED)."""

    WORK = "WORK"
    ELAPSED = "ELAPSED"


class LagUnit(StrEnum):
    """What the number of a lag means: minutes, or percent of the predecessor's duration."""

    MINUTES = "MINUTES"
    PERCENT = "PERCENT"


class LagCalendar(StrEnum):
    """The calendar a lag runs on."""

    PREDECESSOR = "PREDECESSOR"
    SUCCESSOR = "SUCCESSOR"
    PROJECT = "PROJECT"
    ALWAYS = "24H"


class LinkType(StrEnum):
    """Which end of the predecessor drives which end of the successor."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class TaskType(StrEnum):
    """Which of work, duration and units stays when another changes (domain 5.8)."""

    FIXED_UNITS = "FIXED_UNITS"
    FIXED_DURATION = "FIXED_DURATION"
    FIXED_WORK = "FIXED_WORK"


class Constraint(StrEnum):
    """
    Date constraints (domain 5.4).

    SON and FON are Primavera's softer *Start On* and *Finish On*; MSO and MFO its mandatory ones.
    """

    ASAP = "ASAP"
    ALAP = "ALAP"
    SNET = "SNET"
    SNLT = "SNLT"
    FNET = "FNET"
    FNLT = "FNLT"
    MSO = "MSO"
    MFO = "MFO"
    SON = "SON"
    FON = "FON"


class ScheduleFrom(StrEnum):
    """The end of the project that is given."""

    START = "START"
    FINISH = "FINISH"


class ProgressMode(StrEnum):
    """How remaining work obeys links once a task has started (SCH-24, SCH-25)."""

    RETAINED_LOGIC = "RETAINED_LOGIC"
    PROGRESS_OVERRIDE = "PROGRESS_OVERRIDE"
    ACTUAL_DATES = "ACTUAL_DATES"


class FloatMode(StrEnum):
    """Which slack counts as total float."""

    SMALLEST = "SMALLEST_SLACK"
    START = "START_SLACK"
    FINISH = "FINISH_SLACK"


class CriticalMode(StrEnum):
    """What makes a task critical."""

    TOTAL_FLOAT = "TOTAL_FLOAT"
    LONGEST_PATH = "LONGEST_PATH"


class ResourceKind(StrEnum):
    """What a resource consumes."""

    WORK = "WORK"
    NON_LABOR = "NON_LABOR"
    MATERIAL = "MATERIAL"
    COST = "COST"


class ScheduleFormat(StrEnum):
    """Files of other tools that a plan can be written as."""

    MSPDI = "MSPDI"
    XER = "XER"
    PMXML = "PMXML"
