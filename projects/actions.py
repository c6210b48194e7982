"""Codes of what people do with projects, as they stand in the audit trail."""

from django.utils.translation import gettext_lazy as _

PROJECT_CREATED = "project.created"
PROJECT_IMPORTED = "project.imported"
PLAN_UPDATED = "plan.updated"
IMPORT_TAKEN_BACK = "plan.import_taken_back"
PROJECT_TAKEN_BACK = "project.import_taken_back"
PLAN_EXPORTED = "plan.exported"
PROJECT_CHANGED = "project.changed"
PROJECT_STATE_CHANGED = "project.state_changed"
PROJECT_REOPENED = "project.reopened"
PROJECT_MOVED = "project.moved"
PROJECT_SECRECY_CHANGED = "project.secrecy_changed"
DATA_DATE_SET = "project.data_date_set"
DATES_HANDED_OVER = "project.dates_handed_over"
DATES_TAKEN_BACK = "project.dates_taken_back"
DATES_COMPUTED = "project.dates_computed"
TASK_CREATED = "task.created"
TASKS_CREATED = "tasks.created"
TASK_CHANGED = "task.changed"
TASK_MOVED = "task.moved"
TASK_DELETED = "task.deleted"
TASK_REOPENED = "task.reopened"
BOARD_LIMITS_SET = "board.limits_set"
PROGRESS_RECORDED = "task.progress_recorded"
PROGRESS_EXPORTED = "progress.exported"
PROGRESS_IMPORTED = "progress.imported"
ASSIGNMENT_ADDED = "assignment.added"
ASSIGNMENT_CHANGED = "assignment.changed"
ASSIGNMENT_REMOVED = "assignment.removed"
ROLES_ASSIGNED = "assignment.roles"
LINK_CREATED = "link.created"
LINK_CHANGED = "link.changed"
LINK_DELETED = "link.deleted"
DEPENDENCY_ADDED = "dependency.added"
DEPENDENCY_CHANGED = "dependency.changed"
DEPENDENCY_ACCEPTED = "dependency.accepted"
DEPENDENCY_REOPENED = "dependency.reopened"
DEPENDENCY_AGREED = "dependency.agreed"
DEPENDENCY_DECLINED = "dependency.declined"
DEPENDENCY_ENDED = "dependency.ended"
BASELINE_SET = "baseline.set"
BASELINE_ASKED = "baseline.asked"
BASELINE_DECLINED = "baseline.declined"
CHECK_WAIVED = "check.waived"
CHECK_WAIVER_ENDED = "check.waiver_ended"
BASELINE_GRADE_SET = "project.baseline_grade_set"
BUDGET_LINE_CREATED = "budget_line.created"
BUDGET_LINE_CHANGED = "budget_line.changed"
BUDGET_LINE_DELETED = "budget_line.deleted"
COMMITMENT_CREATED = "commitment.created"
COMMITMENT_CHANGED = "commitment.changed"
COMMITMENT_CLOSED = "commitment.closed"
ACTUAL_COST_POSTED = "actual_cost.posted"
ACTUAL_COST_REVERSED = "actual_cost.reversed"
COSTS_HELD = "costs.held"
COSTS_FREED = "costs.freed"
FUNDS_RELEASED = "project.funds_released"
FORECAST_SET = "forecast.set"
CALENDAR_CREATED = "calendar.created"
CALENDAR_CHANGED = "calendar.changed"
MEMBER_ADDED = "member.added"
MEMBER_REMOVED = "member.removed"
STATUS_PUBLISHED = "status.published"
RATE_SET = "rate.set"
PERIODS_CREATED = "periods.created"
PERIOD_REMOVED = "period.removed"
PERIOD_CLOSED = "period.closed"

ACTION_TITLES = {
    PROJECT_CREATED: _("created the project"),
    PROJECT_IMPORTED: _("imported the plan of"),
    PLAN_UPDATED: _("updated the plan from a file of"),
    IMPORT_TAKEN_BACK: _("took an import back into"),
    PROJECT_TAKEN_BACK: _("took back the import of, and removed,"),
    PLAN_EXPORTED: _("exported the plan of"),
    PROJECT_CHANGED: _("changed the project"),
    PROJECT_STATE_CHANGED: _("changed the state"),
    PROJECT_REOPENED: _("reopened the project"),
    PROJECT_MOVED: _("moved the project"),
    PROJECT_SECRECY_CHANGED: _("changed who may see the project"),
    DATA_DATE_SET: _("set the data date"),
    DATES_HANDED_OVER: _("let the dates be computed of"),
    DATES_TAKEN_BACK: _("stopped the computing of dates of"),
    DATES_COMPUTED: _("computed dates again of"),
    TASK_CREATED: _("added the task"),
    TASKS_CREATED: _("added tasks"),
    TASK_CHANGED: _("changed the task"),
    TASK_MOVED: _("moved the task"),
    TASK_DELETED: _("deleted the task"),
    TASK_REOPENED: _("reopened the task"),
    BOARD_LIMITS_SET: _("set the limits of the board of"),
    PROGRESS_RECORDED: _("recorded progress of"),
    PROGRESS_EXPORTED: _("exported the progress list of"),
    PROGRESS_IMPORTED: _("imported a progress list into"),
    ASSIGNMENT_ADDED: _("assigned somebody to"),
    ASSIGNMENT_CHANGED: _("changed the work of somebody on"),
    ASSIGNMENT_REMOVED: _("took somebody off"),
    ROLES_ASSIGNED: _("put roles on tasks of"),
    LINK_CREATED: _("linked"),
    LINK_CHANGED: _("changed the link"),
    LINK_DELETED: _("removed the link"),
    DEPENDENCY_ADDED: _("let another project’s milestone bound"),
    DEPENDENCY_CHANGED: _("changed what another project owes to"),
    DEPENDENCY_ACCEPTED: _("took over another project’s date for"),
    DEPENDENCY_REOPENED: _("asked another project for another date of"),
    DEPENDENCY_AGREED: _("agreed that another project waits for"),
    DEPENDENCY_DECLINED: _("did not agree that another project waits for"),
    DEPENDENCY_ENDED: _("ended the dependency on another project of"),
    BASELINE_SET: _("set the baseline"),
    BASELINE_ASKED: _("asked for a baseline"),
    BASELINE_DECLINED: _("did not set the baseline that was asked for"),
    CHECK_WAIVED: _("waived a check of the plan of"),
    CHECK_WAIVER_ENDED: _("took back the waiver of a check of"),
    BASELINE_GRADE_SET: _("set how good a plan must be for a baseline of"),
    BUDGET_LINE_CREATED: _("added the budget line"),
    BUDGET_LINE_CHANGED: _("changed the budget line"),
    BUDGET_LINE_DELETED: _("removed the budget line"),
    COMMITMENT_CREATED: _("added the commitment"),
    COMMITMENT_CHANGED: _("changed the commitment"),
    COMMITMENT_CLOSED: _("closed the commitment"),
    ACTUAL_COST_POSTED: _("posted the cost"),
    ACTUAL_COST_REVERSED: _("reversed the cost"),
    COSTS_HELD: _("stopped the booking of costs of"),
    COSTS_FREED: _("opened the booking of costs again of"),
    FUNDS_RELEASED: _("released money at the gate"),
    FORECAST_SET: _("set the forecast"),
    CALENDAR_CREATED: _("created the calendar"),
    CALENDAR_CHANGED: _("changed the calendar"),
    MEMBER_ADDED: _("added a member"),
    MEMBER_REMOVED: _("ended a membership"),
    STATUS_PUBLISHED: _("published the status of"),
    RATE_SET: _("set the exchange rate"),
    PERIODS_CREATED: _("created periods from"),
    PERIOD_REMOVED: _("removed the period"),
    PERIOD_CLOSED: _("closed the period"),
}

# Entries whose values are amounts: shown only to people who may see amounts.
MONEY_ACTIONS = frozenset(
    {
        COSTS_HELD,
        BUDGET_LINE_CREATED,
        BUDGET_LINE_CHANGED,
        BUDGET_LINE_DELETED,
        COMMITMENT_CREATED,
        COMMITMENT_CHANGED,
        COMMITMENT_CLOSED,
        ACTUAL_COST_POSTED,
        ACTUAL_COST_REVERSED,
        FUNDS_RELEASED,
        FORECAST_SET,
    }
)
