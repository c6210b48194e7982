"""Codes of what people do with portfolios, as they stand in the audit trail."""

from django.utils.translation import gettext_lazy as _

PORTFOLIO_CREATED = "portfolio.created"
PORTFOLIO_CHANGED = "portfolio.changed"
PROGRAM_CREATED = "program.created"
PROGRAM_CHANGED = "program.changed"
POLICY_PUBLISHED = "policy.published"
ROLLUP_STARTED = "rollup.started"
PROJECT_LEFT = "portfolio.project_left"
PROJECT_RETURNED = "portfolio.project_returned"
VIEW_SAVED = "view.saved"
VIEW_DELETED = "view.deleted"

ACTION_TITLES = {
    PORTFOLIO_CREATED: _("created the portfolio"),
    PORTFOLIO_CHANGED: _("changed the portfolio"),
    PROGRAM_CREATED: _("created the program"),
    PROGRAM_CHANGED: _("changed the program"),
    POLICY_PUBLISHED: _("published the health policy"),
    ROLLUP_STARTED: _("started the roll-up"),
    PROJECT_LEFT: _("noted that the portfolio was left by"),
    PROJECT_RETURNED: _("noted the return of"),
    VIEW_SAVED: _("saved the view"),
    VIEW_DELETED: _("removed the view"),
}
