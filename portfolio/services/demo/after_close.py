"""What happened in the demo after the last month end, so that the present differs from the last close."""

from datetime import date, timedelta
from decimal import Decimal

from portfolio.services.demo.cast import Cast
from portfolio.services.demo.ledger import Ledger, rounded
from portfolio.services.demo.months import last_close
from projects.choices import CostSource
from projects.choices import ProjectState as S
from projects.models import Project
from projects.services.costs import CostDraft, post_actual_costs, set_forecast
from projects.services.progress import set_data_date
from projects.services.states import change_state

RECOVERED = "recovered"
OVERRUN = "overrun"
STARTED = "started"
STOPPED = "stopped"
DAYS_AFTER = {OVERRUN: 12, STARTED: 9, STOPPED: 6}
FOUND_SHARE, ESTIMATE_SHARE = Decimal("0.07"), Decimal("1.14")


def tell_since_close(*, since: str, cast: Cast, project: Project, ledger: Ledger, as_of: date) -> None:
    """
    Let happen what the story has for the present month; never after ``as_of``.

    Parameters
    ----------
    since : str
        "overrun" turns the cost red, "started" and "stopped" change the state; anything else is no news.
    """
    if since not in DAYS_AFTER:
        return
    day = min(last_close(as_of) + timedelta(days=DAYS_AFTER[since]), as_of)
    if since == OVERRUN:
        _overrun(cast, project, ledger, day)
    elif since == STARTED:
        change_state(actor=cast.pmo, project=project, state=S.INITIATING, today=day)
    else:
        change_state(
            actor=cast.pmo,
            project=project,
            state=S.CANCELED,
            today=day,
            reason="The supplier left the market; the test bench will be rented instead.",
        )


def _overrun(cast: Cast, project: Project, ledger: Ledger, day: date) -> None:
    """Bring the status to the day, post a cost nobody planned, and estimate a seventh above the budget."""
    set_data_date(actor=cast.pmo, project=project, data_date=day)
    found = rounded(ledger.bac * FOUND_SHARE)
    draft = CostDraft(
        day,
        found,
        text="Asbestos found in the ceilings: removal",
        source=CostSource.INVOICE,
        line=ledger.line_at_work,
    )
    post_actual_costs(actor=cast.finance, project=project, drafts=[draft])
    ledger.posted += found
    rest = ledger.bac * ESTIMATE_SHARE - ledger.posted - ledger.committed
    set_forecast(actor=cast.finance, project=project, etc_amount=rounded(rest), made_on=day)
