"""Period closes of the past months of the demo."""

from datetime import date

from portfolio.services.awaiting import await_run
from portfolio.services.demo.months import closes_until
from portfolio.services.rollups import close_period, start_rollup

HISTORY_MONTHS = 12
INLINE_SECONDS = 600.0


def fill_history(*, as_of: date, is_inline: bool, months: int = HISTORY_MONTHS) -> list[date]:
    """
    Close the past months and roll up ``as_of``, oldest first; return the closed month ends.

    Inline everything is computed at once; otherwise jobs are ordered and workers do it.
    """
    closes = closes_until(as_of, count=months)
    for close in closes:
        run = close_period(actor=None, period_end=close)
        if is_inline:
            await_run(run=run, inline=True, timeout_seconds=INLINE_SECONDS)
    run = start_rollup(actor=None, as_of=as_of)
    if is_inline:
        await_run(run=run, inline=True, timeout_seconds=INLINE_SECONDS)
    return closes
