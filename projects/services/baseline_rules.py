"""What is refused of a baseline, whether it is asked for or set (SCH-36)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import Conflict, DomainError
from projects.models import Baseline

MIN_REASON = 10


def require_reason(reason: str) -> None:
    """Raise ``REASON_NEEDED`` for a reason of a few letters."""
    if len(reason.strip()) < MIN_REASON:
        raise DomainError(
            _("Say why the plan is baselined again, in at least %(count)s characters.")
            % {"count": MIN_REASON},
            code="REASON_NEEDED",
            field="reason",
        )


def require_order(current: Baseline | None, effective_from: date) -> None:
    """Raise ``BASELINE_ORDER`` if a baseline would take effect before the present one."""
    if current is not None and effective_from < current.effective_from:
        raise Conflict(
            _("A baseline cannot take effect before the present one."),
            code="BASELINE_ORDER",
            field="effective_from",
        )


def nothing_to_freeze() -> DomainError:
    """Return the refusal of a plan without dates."""
    return DomainError(
        _("There is nothing to freeze: give the tasks their dates first."), code="NOTHING_TO_FREEZE"
    )
