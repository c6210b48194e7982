"""Vocabulary of projects."""

from django.db import models
from django.utils.translation import gettext_lazy as _

BASELINE_MESSAGE = "baseline_asked"
"""Kind of the message that asks for a baseline; it rests once one is set."""


class ProjectState(models.TextChoices):
    """States of a project (ORG-5)."""

    PROPOSED = "PROPOSED", _("Proposed")
    APPROVED = "APPROVED", _("Approved")
    INITIATING = "INITIATING", _("Initiating")
    PLANNING = "PLANNING", _("Planning")
    EXECUTING = "EXECUTING", _("Executing")
    CLOSING = "CLOSING", _("Closing")
    CLOSED = "CLOSED", _("Closed")
    ON_HOLD = "ON_HOLD", _("On hold")
    CANCELED = "CANCELED", _("Canceled")


class Tier(models.TextChoices):
    """Complexity of a project (STD-4); T4 is the most complex."""

    T1 = "T1", _("T1 – small")
    T2 = "T2", _("T2 – medium")
    T3 = "T3", _("T3 – large")
    T4 = "T4", _("T4 – major")


class ReportCycle(models.TextChoices):
    """How often a project reports (REP-7)."""

    WEEKLY = "WEEKLY", _("Weekly")
    TWO_WEEKLY = "TWO_WEEKLY", _("Two-weekly")
    MONTHLY = "MONTHLY", _("Monthly")
    QUARTERLY = "QUARTERLY", _("Quarterly")
    YEARLY = "YEARLY", _("Yearly")


CYCLE_DAYS = {
    ReportCycle.WEEKLY: 7,
    ReportCycle.TWO_WEEKLY: 14,
    ReportCycle.MONTHLY: 31,
    ReportCycle.QUARTERLY: 92,
    ReportCycle.YEARLY: 366,
}


class ScheduleGrade(models.TextChoices):
    """How well a schedule is built, in a word (SQ-3)."""

    GOOD = "GOOD", _("Good")
    FAIR = "FAIR", _("Fair")
    POOR = "POOR", _("Poor")


class ScheduleConvention(models.TextChoices):
    """Whose scheduling rules a plan follows."""

    PORTAL = "PORTAL", _("PMO Portal")
    MICROSOFT = "MICROSOFT", _("Microsoft Project")
    PRIMAVERA = "PRIMAVERA", _("Primavera P6")


class ProgressMode(models.TextChoices):
    """How progress out of sequence is treated (SCH-24, SCH-25)."""

    RETAINED_LOGIC = "RETAINED_LOGIC", _("Retained logic")
    PROGRESS_OVERRIDE = "PROGRESS_OVERRIDE", _("Progress override")


class EacMethod(models.TextChoices):
    """Declared way to estimate the cost at completion (domain 6.4)."""

    EAC_1 = "EAC_1", _("The trend goes on (BAC / CPI)")
    EAC_2 = "EAC_2", _("The rest as planned")
    EAC_3 = "EAC_3", _("Cost and time pressure")
    EAC_4 = "EAC_4", _("New estimate of the rest")
    EAC_5 = "EAC_5", _("Weighted indices")
    EAC_6 = "EAC_6", _("Last three periods")


class TaskKind(models.TextChoices):
    """Kinds of rows of the plan."""

    TASK = "TASK", _("Task")
    START_MILESTONE = "START_MILESTONE", _("Start milestone")
    FINISH_MILESTONE = "FINISH_MILESTONE", _("Finish milestone")
    SUMMARY = "SUMMARY", _("Summary")
    LEVEL_OF_EFFORT = "LEVEL_OF_EFFORT", _("Level of effort")


# What people may choose; a row becomes a summary by getting children.
CHOSEN_TASK_KINDS = [choice for choice in TaskKind.choices if choice[0] != TaskKind.SUMMARY]
MILESTONES = (TaskKind.START_MILESTONE, TaskKind.FINISH_MILESTONE)


class ChangeSource(models.TextChoices):
    """Where a step of a plan comes from, when not from its page."""

    PLAN_FILE = "PLAN_FILE", _("Schedule file")
    PROGRESS_SHEET = "PROGRESS_SHEET", _("Progress list")


class BoardState(models.TextChoices):
    """Columns of the board; what stands in which is computed, see `board_states`."""

    NOT_STARTED = "NOT_STARTED", _("Not started")
    WAITING = "WAITING", _("Waiting")
    IN_PROGRESS = "IN_PROGRESS", _("In progress")
    DONE = "DONE", _("Done")


class BoardAxis(models.TextChoices):
    """What columns and lanes of the board stand for."""

    STATE = "state", _("State")
    OWNER = "owner", _("Owner")
    PHASE = "phase", _("Phase")


class TimeKind(models.TextChoices):
    """Working time or the clock."""

    WORK = "WORK", _("Working time")
    ELAPSED = "ELAPSED", _("Elapsed time")


class TaskType(models.TextChoices):
    """What stays fixed when work, duration or units change (domain 5.8)."""

    FIXED_UNITS = "FIXED_UNITS", _("Fixed units")
    FIXED_DURATION = "FIXED_DURATION", _("Fixed duration")
    FIXED_WORK = "FIXED_WORK", _("Fixed work")


class ConstraintType(models.TextChoices):
    """Date constraints (domain 5.4)."""

    ASAP = "ASAP", _("As soon as possible")
    ALAP = "ALAP", _("As late as possible")
    SNET = "SNET", _("Start no earlier than")
    FNET = "FNET", _("Finish no earlier than")
    SNLT = "SNLT", _("Start no later than")
    FNLT = "FNLT", _("Finish no later than")
    MSO = "MSO", _("Must start on")
    MFO = "MFO", _("Must finish on")


# Their dates mean the end of the day, those of the others its start (SCH-4).
FINISH_CONSTRAINTS = frozenset({ConstraintType.FNET, ConstraintType.FNLT, ConstraintType.MFO})


class LinkType(models.TextChoices):
    """Types of links between tasks."""

    FS = "FS", _("Finish to start")
    SS = "SS", _("Start to start")
    FF = "FF", _("Finish to finish")
    SF = "SF", _("Start to finish")


class FloatKind(models.TextChoices):
    """Which end of a task total float is measured at."""

    SMALLEST = "SMALLEST", _("The smaller one of start and finish float")
    START = "START", _("Start float")
    FINISH = "FINISH", _("Finish float")


class StartDriver(models.TextChoices):
    """What set the start of a task."""

    PROJECT_START = "PROJECT_START", _("Project start or data date")
    LINK = "LINK", _("Link")
    CONSTRAINT = "CONSTRAINT", _("Constraint")
    ACTUAL = "ACTUAL", _("Actual start")
    FIXED = "FIXED", _("Set by hand")
    RESUME = "RESUME", _("Resumption")
    LEVELING = "LEVELING", _("Leveling")
    LATE = "LATE", _("As late as possible")


class LagCalendar(models.TextChoices):
    """Calendar on which a lag runs."""

    PREDECESSOR = "PREDECESSOR", _("Predecessor")
    SUCCESSOR = "SUCCESSOR", _("Successor")
    PROJECT = "PROJECT", _("Project")
    ROUND_THE_CLOCK = "ROUND_THE_CLOCK", _("24 hours")


class EvTechnique(models.TextChoices):
    """Earned value techniques (domain 6.3)."""

    FIXED_0_100 = "FIXED_0_100", _("0/100")
    FIXED_50_50 = "FIXED_50_50", _("50/50")
    PERCENT_COMPLETE = "PERCENT_COMPLETE", _("Percent complete")
    WEIGHTED_MILESTONES = "WEIGHTED_MILESTONES", _("Weighted milestones")
    UNITS = "UNITS", _("Units")
    AGILE_POINTS = "AGILE_POINTS", _("Agile points")
    LEVEL_OF_EFFORT = "LEVEL_OF_EFFORT", _("Level of effort")
    APPORTIONED = "APPORTIONED", _("Apportioned")


class EvCurve(models.TextChoices):
    """Shapes of planned value over the time of a task (CST-7)."""

    LINEAR = "LINEAR", _("Even")
    FRONT = "FRONT", _("More at the beginning")
    BACK = "BACK", _("More towards the end")
    BELL = "BELL", _("More in the middle")
    MANUAL = "MANUAL", _("Given by hand")


class ResourceKind(models.TextChoices):
    """Kinds of resources."""

    PERSON = "PERSON", _("Person")
    ROLE = "ROLE", _("Role")
    MATERIAL = "MATERIAL", _("Material")
    EQUIPMENT = "EQUIPMENT", _("Equipment")
    COST = "COST", _("Cost")


class CostCategory(models.TextChoices):
    """Categories of budget lines."""

    LABOUR = "LABOUR", _("Labor")
    CONTRACTOR = "CONTRACTOR", _("Contractor")
    MATERIAL = "MATERIAL", _("Material")
    EQUIPMENT = "EQUIPMENT", _("Equipment")
    SOFTWARE = "SOFTWARE", _("Software")
    TRAVEL = "TRAVEL", _("Travel")
    TRAINING = "TRAINING", _("Training")
    FACILITIES = "FACILITIES", _("Facilities")
    OTHER = "OTHER", _("Other")
    CONTINGENCY = "CONTINGENCY", _("Contingency")
    MANAGEMENT_RESERVE = "MANAGEMENT_RESERVE", _("Management reserve")


RESERVES = (CostCategory.CONTINGENCY, CostCategory.MANAGEMENT_RESERVE)


class CostType(models.TextChoices):
    """Capital or operating expenditure."""

    CAPEX = "CAPEX", _("Capex")
    OPEX = "OPEX", _("Opex")


class CommitmentState(models.TextChoices):
    """States of a commitment."""

    OPEN = "OPEN", _("Open")
    CLOSED = "CLOSED", _("Closed")
    CANCELED = "CANCELED", _("Canceled")


class CostSource(models.TextChoices):
    """Where an actual cost comes from."""

    TIMESHEET = "TIMESHEET", _("Timesheet")
    INVOICE = "INVOICE", _("Invoice")
    JOURNAL = "JOURNAL", _("Journal")
    ACCRUAL = "ACCRUAL", _("Accrual")
    IMPORT = "IMPORT", _("Import")


class FxKind(models.TextChoices):
    """Kinds of exchange rates."""

    BUDGET = "BUDGET", _("Budget rate")
    SPOT = "SPOT", _("Spot rate")
    AVERAGE = "AVERAGE", _("Average rate")


class Rag(models.TextChoices):
    """Colors of health; a letter and a text always go with them (CON-10)."""

    GREEN = "GREEN", _("Green")
    AMBER = "AMBER", _("Amber")
    RED = "RED", _("Red")
    GREY = "GREY", _("Not rated")
    BLUE = "BLUE", _("Complete")


class Dimension(models.TextChoices):
    """Dimensions a project is rated in."""

    SCHEDULE = "SCHEDULE", _("Schedule")
    COST = "COST", _("Cost")
    SCOPE = "SCOPE", _("Scope")
    RISK = "RISK", _("Risk")
    RESOURCES = "RESOURCES", _("Resources")
    QUALITY = "QUALITY", _("Quality")
    BENEFITS = "BENEFITS", _("Benefits")
    GOVERNANCE = "GOVERNANCE", _("Governance")


class ReportState(models.TextChoices):
    """States of a status report."""

    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Submitted")
    REVIEWED = "REVIEWED", _("Reviewed")
    PUBLISHED = "PUBLISHED", _("Published")
    SUPERSEDED = "SUPERSEDED", _("Superseded")


class OverrideState(models.TextChoices):
    """What became of a declaration better than computed (REP-4)."""

    NONE = "NONE", _("None")
    PENDING = "PENDING", _("Waits for the PMO")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REFUSED = "REFUSED", _("Refused")


class DeliveryConfidence(models.TextChoices):
    """Judgement of the chance of success; never computed (REP-6). Five steps, as some reporters use."""

    GREEN = "GREEN", _("Green")
    AMBER_GREEN = "AMBER_GREEN", _("Amber/green")
    AMBER = "AMBER", _("Amber")
    AMBER_RED = "AMBER_RED", _("Amber/red")
    RED = "RED", _("Red")


class MissingRows(models.TextChoices):
    """What an import does with rows of the plan that are no longer in the file."""

    KEEP = "KEEP", _("Keep them")
    DEACTIVATE = "DEACTIVATE", _("Set inactive what carries nothing recorded")
    REMOVE = "REMOVE", _("Remove what carries nothing recorded")


class ImportState(models.TextChoices):
    """Life of an import."""

    UPLOADED = "UPLOADED", _("Uploaded")
    READ = "READ", _("Ready to confirm")
    REFUSED = "REFUSED", _("Refused")
    CONFIRMED = "CONFIRMED", _("Being imported")
    IMPORTED = "IMPORTED", _("Imported")
    DISCARDED = "DISCARDED", _("Discarded")
    TAKEN_BACK = "TAKEN_BACK", _("Taken back")
