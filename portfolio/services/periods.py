"""Close a period: postings end, the last day is rolled up, its figures are locked (HLT-5, CST-6)."""

from datetime import date

from django.db import transaction

from pmo_portal.accounts.models import User
from portfolio.choices import RunState, SnapshotKind
from portfolio.models import RollupRun
from portfolio.services.rollups import settle_run, start_rollup
from projects.services.periods import close_postings


@transaction.atomic
def close_period(*, actor: User | None, period_end: date, today: date) -> RollupRun:
    """
    Close the period that ends on a day for ever and order its roll-up; return the run.

    From this moment on no posting may be dated in the period; the roll-up counts what was posted until
    then and locks its figures when it ends. Closing a closed period again is harmless: a run that goes on
    or is complete is returned, a missing or partial one is ordered again, and locked rows never change.

    Raises
    ------
    DomainError
        If no period ends on the day.
    Conflict
        If the period is not over, or an earlier one is open.
    """
    close_postings(actor=actor, period_end=period_end, today=today)
    kept = newest_close(period_end)
    if kept is not None and kept.state != RunState.PARTIAL:
        settle_run(run_id=kept.pk)
        return kept
    run = start_rollup(actor=actor, as_of=period_end, kind=SnapshotKind.PERIOD_CLOSE)
    if run.kind != SnapshotKind.PERIOD_CLOSE:
        RollupRun.objects.filter(pk=run.pk).update(kind=SnapshotKind.PERIOD_CLOSE)
        run.refresh_from_db()
    return run


def newest_close(period_end: date) -> RollupRun | None:
    """Return the newest roll-up that closed, or closes, a period. One query."""
    closes = RollupRun.objects.filter(as_of=period_end, kind=SnapshotKind.PERIOD_CLOSE)
    return closes.order_by("-pk").first()
