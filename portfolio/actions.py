"""Codes of what people do with portfolios, as they stand in the audit trail."""

from django.utils.translation import gettext_lazy as _

PORTFOLIO_CREATED = "portfolio.created"
PORTFOLIO_CHANGED = "portfolio.changed"
PROGRAM_CREATED = "program.created"
PROGRAM_CHANGED = "program.changed"
POLICY_PUBLISHED = "policy.published"
ROLLUP_STARTED = "rollup.started"
VIEW_SAVED = "view.saved"
VIEW_DELETED = "view.deleted"

ACTION_TITLES = {
    PORTFOLIO_CREATED: _("created the portfolio"),
    PORTFOLIO_CHANGED: _("changed the portfolio"),
    PROGRAM_CREATED: _("created the program"),
    PROGRAM_CHANGED: _("changed the program"),
    POLICY_PUBLISHED: _("published the health policy"),
    ROLLUP_STARTED: _("started the roll-up"),
    VIEW_SAVED: _("saved the view"),
    VIEW_DELETED: _("removed the view"),
}
