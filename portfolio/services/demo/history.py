"""Period closes of the past months of the demo."""

from datetime import date

from portfolio.services.awaiting import await_run
from portfolio.services.demo.months import closes_until
from portfolio.services.periods import close_period
from portfolio.services.rollups import start_rollup
from projects.services.periods import create_months

HISTORY_MONTHS = 12
INLINE_SECONDS = 600.0


def fill_history(*, as_of: date, is_inline: bool, months: int = HISTORY_MONTHS) -> list[date]:
    """
    Close the past months and roll up ``as_of``, oldest first; return the closed month ends.

    The months up to the end of the year are there as open periods.

    Inline everything is computed at once; otherwise jobs are ordered and workers do it.
    """
    closes = closes_until(as_of, count=months)
    for close in closes:
        run = close_period(actor=None, period_end=close, today=as_of)
        if is_inline:
            await_run(run=run, inline=True, timeout_seconds=INLINE_SECONDS)
    create_months(actor=None, months=13 - as_of.month, first_day=as_of)
    run = start_rollup(actor=None, as_of=as_of)
    if is_inline:
        await_run(run=run, inline=True, timeout_seconds=INLINE_SECONDS)
    return closes
