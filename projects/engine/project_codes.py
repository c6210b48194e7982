"""Codes of kinds, techniques and methods, named as the choices of the plan."""

from enum import IntEnum

UNKNOWN = -1


class TaskKind(IntEnum):
    """Kinds of leaf tasks, named as the choices of the plan; summaries never reach the measures."""

    TASK = 0
    START_MILESTONE = 1
    FINISH_MILESTONE = 2
    LEVEL_OF_EFFORT = 3


class Technique(IntEnum):
    """Earned-value techniques of domain 6.3, named as the choices of the plan."""

    PERCENT_COMPLETE = 0
    FIXED_0_100 = 1
    FIXED_50_50 = 2
    WEIGHTED_MILESTONES = 3
    UNITS = 4
    AGILE_POINTS = 5
    LEVEL_OF_EFFORT = 6
    APPORTIONED = 7


class EacMethod(IntEnum):
    """Estimates at completion of domain 6.4; the project declares one (CST-13)."""

    EAC_1 = 1
    EAC_2 = 2
    EAC_3 = 3
    EAC_4 = 4
    EAC_5 = 5
    EAC_6 = 6
