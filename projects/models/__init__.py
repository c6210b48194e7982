"""Models of projects: facts."""

from projects.models.baseline import Baseline, BaselineTask
from projects.models.calendar import Calendar, CalendarException, CalendarWorkWeek
from projects.models.check_waiver import CheckWaiver
from projects.models.dependency import ProjectDependency
from projects.models.former import (
    FormerBudgetLine,
    FormerCalendar,
    FormerCommitment,
    FormerProject,
    FormerTask,
)
from projects.models.link import Link
from projects.models.money import (
    ActualCost,
    BudgetAmount,
    BudgetLine,
    Commitment,
    CostHold,
    ForecastLine,
    FxRate,
)
from projects.models.period import Period
from projects.models.plan_change import PlanChange
from projects.models.progress import TaskProgress
from projects.models.project import Project
from projects.models.report import DeclaredRating, StatusReport
from projects.models.resource import Assignment, Resource, ResourceRate
from projects.models.schedule_assessment import ScheduleAssessment
from projects.models.schedule_import import ScheduleImport
from projects.models.snapshot import ProjectSnapshot
from projects.models.task import Task

__all__ = [
    "ActualCost",
    "Assignment",
    "Baseline",
    "BaselineTask",
    "BudgetAmount",
    "BudgetLine",
    "Calendar",
    "CalendarException",
    "CalendarWorkWeek",
    "CheckWaiver",
    "Commitment",
    "CostHold",
    "DeclaredRating",
    "ForecastLine",
    "FormerBudgetLine",
    "FormerCalendar",
    "FormerCommitment",
    "FormerProject",
    "FormerTask",
    "FxRate",
    "Link",
    "Period",
    "PlanChange",
    "Project",
    "ProjectDependency",
    "ProjectSnapshot",
    "Resource",
    "ResourceRate",
    "ScheduleAssessment",
    "ScheduleImport",
    "StatusReport",
    "Task",
    "TaskProgress",
]
