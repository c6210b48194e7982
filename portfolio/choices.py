"""Vocabulary of the portfolio."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SnapshotKind(models.TextChoices):
    """Why a snapshot was made (HLT-5)."""

    DAILY = "DAILY", _("Daily")
    PERIOD_CLOSE = "PERIOD_CLOSE", _("Period close")
    ADHOC = "ADHOC", _("On demand")


class SnapshotScope(models.TextChoices):
    """Level a health snapshot is about."""

    PROJECT = "PROJECT", _("Project")
    PROGRAM = "PROGRAM", _("Program")
    PORTFOLIO = "PORTFOLIO", _("Portfolio")
    ORGANIZATION = "ORGANIZATION", _("Organization")


class Audience(models.TextChoices):
    """Whether confidential projects are in an aggregate."""

    FULL = "FULL", _("With confidential projects")
    OPEN = "OPEN", _("Without confidential projects")


class RunState(models.TextChoices):
    """States of a roll-up."""

    RUNNING = "RUNNING", _("Running")
    COMPLETE = "COMPLETE", _("Complete")
    PARTIAL = "PARTIAL", _("Complete with errors")


class Trend(models.TextChoices):
    """Direction against the former period close (HLT-7)."""

    IMPROVING = "IMPROVING", _("Improving")
    STABLE = "STABLE", _("Stable")
    DECLINING = "DECLINING", _("Declining")
    NEW = "NEW", _("New")


class MethodologyFamily(models.TextChoices):
    """Kinds of methodologies (domain 2.1)."""

    PREDICTIVE = "PREDICTIVE", _("Predictive")
    PM2_LIKE = "PM2_LIKE", _("PM²-like")
    HYBRID = "HYBRID", _("Agile or hybrid")


class MethodologyState(models.TextChoices):
    """States of a version of a methodology (STD-1)."""

    DRAFT = "DRAFT", _("Draft")
    IN_REVIEW = "IN_REVIEW", _("In review")
    APPROVED = "APPROVED", _("Approved")
    EFFECTIVE = "EFFECTIVE", _("In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class DocumentTemplateState(models.TextChoices):
    """States of a version of a document template; which published one is in force stands beside it."""

    DRAFT = "DRAFT", _("Draft")
    IN_REVIEW = "IN_REVIEW", _("In review")
    PUBLISHED = "PUBLISHED", _("Published")


class RequirementKind(models.TextChoices):
    """What a requirement asks for (domain 2.1)."""

    ARTEFACT = "ARTEFACT", _("Artefact")
    CHECKLIST = "CHECKLIST", _("Checklist")
    ROLE = "ROLE", _("Role")
    CONTROL = "CONTROL", _("Control")


class Cadence(models.TextChoices):
    """How often a control is carried out."""

    TWO_WEEKLY = "TWO_WEEKLY", _("every two weeks")
    MONTHLY = "MONTHLY", _("monthly")
    QUARTERLY = "QUARTERLY", _("quarterly")
    YEARLY = "YEARLY", _("yearly")


class Probe(models.TextChoices):
    """What the portal looks at to answer a question of a checklist by itself."""

    BASELINE = "BASELINE", _("Baseline approved")
    FUNDS = "FUNDS", _("Forecast within the budget")
    SCHEDULE_CHECKS = "SCHEDULE_CHECKS", _("Schedule checks 7 and 12 passed")
    FORECAST = "FORECAST", _("Finish and cost forecast within the tolerance")


class GateState(models.TextChoices):
    """States of a review of a gate (domain 2.5)."""

    PLANNED = "PLANNED", _("Planned")
    REQUESTED = "REQUESTED", _("Requested")
    IN_REVIEW = "IN_REVIEW", _("In review")
    DECIDED = "DECIDED", _("Decided")
    CLOSED = "CLOSED", _("Closed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class GateAnswer(models.TextChoices):
    """Answers to a question of a checklist (STD-13)."""

    YES = "YES", _("Yes")
    PARTLY = "PARTLY", _("Partly")
    NO = "NO", _("No")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Does not apply")


class GateDecision(models.TextChoices):
    """What a gate decides (domain 2.5)."""

    GO = "GO", _("Go")
    CONDITIONAL_GO = "CONDITIONAL_GO", _("Go with conditions")
    HOLD = "HOLD", _("Hold")
    RECYCLE = "RECYCLE", _("Recycle")
    KILL = "KILL", _("Kill")


class GateVote(models.TextChoices):
    """What a decider votes for: a decision, or none."""

    GO = "GO", _("Go")
    CONDITIONAL_GO = "CONDITIONAL_GO", _("Go with conditions")
    HOLD = "HOLD", _("Hold")
    RECYCLE = "RECYCLE", _("Recycle")
    KILL = "KILL", _("Kill")
    ABSTAIN = "ABSTAIN", _("Abstention")


class GatePart(models.TextChoices):
    """What somebody does in the forum of a gate."""

    CHAIR = "CHAIR", _("Chair")
    DECIDER = "DECIDER", _("Decider")
    ADVISER = "ADVISER", _("Adviser")


class ConditionState(models.TextChoices):
    """States of a condition of a gate."""

    OPEN = "OPEN", _("Open")
    MET = "MET", _("Met")
    WAIVED = "WAIVED", _("Waived")


class TierRule(models.TextChoices):
    """What a requirement is for projects of a tier."""

    MANDATORY = "M", _("Mandatory")
    RECOMMENDED = "R", _("Recommended")
    NOT_NEEDED = "-", _("Not needed")


class KnowledgeKind(models.TextChoices):
    """What an item of the library is."""

    TOOL = "TOOL", _("Tool")
    TEMPLATE = "TEMPLATE", _("Template")
    GUIDE = "GUIDE", _("Guide")
    BEST_PRACTICE = "BEST_PRACTICE", _("Best practice")
    CHECKLIST = "CHECKLIST", _("Checklist")
    COURSE = "COURSE", _("Course")
    LESSON = "LESSON", _("Lesson")
    FAQ = "FAQ", _("Question and answer")
    CASE = "CASE", _("Case")


class KnowledgeState(models.TextChoices):
    """Life of a version of an item (KNO-1, KNO-2)."""

    DRAFT = "DRAFT", _("Draft")
    IN_REVIEW = "IN_REVIEW", _("In review")
    PUBLISHED = "PUBLISHED", _("Published")
    REVIEW_DUE = "REVIEW_DUE", _("Review due")
    ARCHIVED = "ARCHIVED", _("Archived")


class KnowledgeLanguage(models.TextChoices):
    """Languages items are written in; each has its own stemmer."""

    EN = "en", _("English")
    DE = "de", _("German")


ANY_LANGUAGE = "all"
"""What an address of the library says for "in all languages"."""


class LabelKind(models.TextChoices):
    """What a label says of a version."""

    TAG = "TAG", _("Tag")
    ROLE = "ROLE", _("Role")
    METHODOLOGY = "METHODOLOGY", _("Methodology")
    PLACE = "PLACE", _("Place")


class UsageKind(models.TextChoices):
    """What somebody did with an item."""

    VIEW = "VIEW", _("Viewed")
    DOWNLOAD = "DOWNLOAD", _("Downloaded")
    REUSE = "REUSE", _("Used in a project")
    HELPFUL = "HELPFUL", _("Found helpful")


class EnrolmentState(models.TextChoices):
    """Where somebody is in a course (domain section 3)."""

    ASSIGNED = "ASSIGNED", _("Assigned")
    IN_PROGRESS = "IN_PROGRESS", _("In progress")
    PASSED = "PASSED", _("Passed")
    FAILED = "FAILED", _("Failed")
    EXPIRED = "EXPIRED", _("Expired")
    EXEMPT = "EXEMPT", _("Exempt")


class TemplateState(models.TextChoices):
    """States of a version of a project template."""

    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class TailoringKind(models.TextChoices):
    """What a project chose about a requirement (STD-3)."""

    KEEP = "KEEP", _("Kept")
    DROP = "DROP", _("Dropped")
    ADD = "ADD", _("Added")


class ArtefactState(models.TextChoices):
    """States of an artefact; a control is done."""

    IN_WORK = "IN_WORK", _("In work")
    SUBMITTED = "SUBMITTED", _("Submitted")
    RETURNED = "RETURNED", _("Given back")
    APPROVED = "APPROVED", _("Approved")
    DONE = "DONE", _("Done")


class DocumentState(models.TextChoices):
    """States of a version of a project document."""

    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Submitted")
    RETURNED = "RETURNED", _("Given back")
    APPROVED = "APPROVED", _("Approved")


class WaiverState(models.TextChoices):
    """States of a waiver (STD-7)."""

    SUBMITTED = "SUBMITTED", _("Submitted")
    APPROVED = "APPROVED", _("Approved")
    REJECTED = "REJECTED", _("Rejected")
    EXPIRED = "EXPIRED", _("Expired")
    REVOKED = "REVOKED", _("Revoked")
    RENEWED = "RENEWED", _("Renewed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class AssessmentKind(models.TextChoices):
    """What an assessment asks about (domain 14)."""

    NEED = "NEED", _("PMO need")
    MATURITY = "MATURITY", _("Maturity")


class MaturityScope(models.TextChoices):
    """Level a maturity assessment is about; they are assessed separately (domain 14.2)."""

    PORTFOLIO = "PORTFOLIO", _("Portfolio")
    PROGRAM = "PROGRAM", _("Program")
    PROJECT = "PROJECT", _("Project")


class AssessmentState(models.TextChoices):
    """States of an assessment."""

    OPEN = "OPEN", _("Open")
    CLOSED = "CLOSED", _("Closed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class WaitingKind(models.TextChoices):
    """What somebody is asked to decide or to answer."""

    GATE_VOTE = "GATE_VOTE", _("Vote at a gate")
    GATE_DECISION = "GATE_DECISION", _("Decide at a gate")
    GATE_CONDITION = "GATE_CONDITION", _("Settle a condition")
    OWN_CONDITION = "OWN_CONDITION", _("Meet a condition")
    CLOSING = "CLOSING", _("Close a canceled project")
    ARTEFACT = "ARTEFACT", _("Approve a document")
    WAIVER = "WAIVER", _("Decide on a waiver")
    BASELINE = "BASELINE", _("Decide on a baseline")
    DEPENDENCY = "DEPENDENCY", _("Answer a dependency")
    EMERGENCY = "EMERGENCY", _("Confirm an emergency access")
    ASSESSMENT = "ASSESSMENT", _("Answer an assessment")
    HELP_REQUEST = "HELP_REQUEST", _("Answer a request for help")
    METHODOLOGY = "METHODOLOGY", _("Approve a methodology")
    DOCUMENT_TEMPLATE = "DOCUMENT_TEMPLATE", _("Publish a document template")
    PROJECT_TEMPLATE = "PROJECT_TEMPLATE", _("Publish a project template")
    LIBRARY = "LIBRARY", _("Publish in the library")
    LESSONS = "LESSONS", _("Read lessons")
    STANDARD_CHANGE = "STANDARD_CHANGE", _("Decide on a change of a standard")


class PmoMandate(models.TextChoices):
    """How much a PMO controls; the need assessment recommends one."""

    NO_PMO = "NO_PMO", _("No PMO")
    LIGHT_SUPPORT = "LIGHT_SUPPORT", _("Light support PMO")
    CONTROLLING = "CONTROLLING", _("Controlling PMO")
    DIRECTIVE = "DIRECTIVE", _("Directive PMO")


class Effort(models.TextChoices):
    """How much work an action is (MAT-5)."""

    SMALL = "S", _("Small")
    MEDIUM = "M", _("Medium")
    LARGE = "L", _("Large")


class GapState(models.TextChoices):
    """States of an action of a gap plan."""

    OPEN = "OPEN", _("Open")
    DONE = "DONE", _("Done")
    DROPPED = "DROPPED", _("Not pursued")


class PmoRole(models.TextChoices):
    """What somebody is in an office."""

    HEAD = "HEAD", _("Head")
    LEAD = "LEAD", _("Lead")
    ANALYST = "ANALYST", _("Analyst")


class HelpState(models.TextChoices):
    """States of a request for help."""

    OPEN = "OPEN", _("Open")
    TAKEN = "TAKEN", _("Taken")
    ANSWERED = "ANSWERED", _("Answered")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class LessonKind(models.TextChoices):
    """Whether others should do the same or not."""

    KEEP = "KEEP", _("Keep")
    AVOID = "AVOID", _("Avoid")


class LessonPhase(models.TextChoices):
    """Part of the life of a project a lesson is about."""

    INTAKE = "INTAKE", _("Intake")
    INITIATING = "INITIATING", _("Initiating")
    PLANNING = "PLANNING", _("Planning")
    EXECUTING = "EXECUTING", pgettext_lazy("phase", "Executing")
    CLOSING = "CLOSING", _("Closing")


class LessonState(models.TextChoices):
    """Life of a lesson; a rejected or merged one is retired."""

    CAPTURED = "CAPTURED", _("Captured")
    VALIDATED = "VALIDATED", _("Accepted")
    PUBLISHED = "PUBLISHED", _("Published")
    ACTIONED = "ACTIONED", _("Standard changed")
    RETIRED = "RETIRED", _("Retired")


class OfferOccasion(models.TextChoices):
    """When a lesson was offered to a project."""

    INTAKE = "INTAKE", _("Intake")
    START = "START", _("Project start")
    RISK = "RISK", _("Risk workshop")
    GATE = "GATE", _("Gate")


class OfferMark(models.TextChoices):
    """What a project manager made of an offered lesson (KNO-6)."""

    PROPOSED = "PROPOSED", _("Proposed")
    APPLIED = "APPLIED", _("Applied")
    NOT_RELEVANT = "NOT_RELEVANT", _("Not relevant")
    LATER = "LATER", _("Later")


GIVEN_MARKS = [choice for choice in OfferMark.choices if choice[0] != OfferMark.PROPOSED]
"""What a project manager may choose."""


class ChangeState(models.TextChoices):
    """Whether a standard was changed as a lesson asked for (KNO-8)."""

    OPEN = "OPEN", _("Open")
    DONE = "DONE", _("Done")
    DECLINED = "DECLINED", _("Declined")


class RaciShare(models.TextChoices):
    """What a party has to do with an item of the responsibility matrix (ORG-6, STD-19)."""

    RESPONSIBLE = "R", _("R – responsible")
    ACCOUNTABLE = "A", _("A – accountable")
    BOTH = "AR", _("A/R – accountable and responsible")
    SUPPORTS = "S", _("S – supports")
    CONSULTED = "C", _("C – consulted")
    INFORMED = "I", _("I – informed")


class RaciItem(models.TextChoices):
    """What a row of the responsibility matrix is about."""

    REQUIREMENT = "REQUIREMENT", _("Artefact")
    GATE = "GATE", _("Gate")
    PROCESS = "PROCESS", _("Process")
    WORK = "WORK", _("Work")
