"""A close ends postings, rolls up the last day and locks it (HLT-5, HLT-7, CST-6)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict
from portfolio.choices import RunState
from portfolio.models import ProjectHealth, RollupRun
from portfolio.selectors.facts import load_surroundings
from portfolio.services.periods import close_period
from portfolio.services.rollups import start_rollup
from projects.models import Period
from projects.selectors.periods import Span
from projects.services import costs
from projects.services.periods import PeriodClosedError, create_periods
from tests.portfolio.worlds import AS_OF, make_portfolio, make_project, plan, post

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
TODAY = date(2026, 4, 10)


def test_close_locks_the_figures_and_ends_postings(drain: Drain) -> None:
    """HLT-5, CST-6: postings are refused from the click on, not from the end of the computing."""
    project = make_project("P1", make_portfolio())
    plan(project)

    run = close_period(actor=None, period_end=AS_OF, today=TODAY)

    with pytest.raises(PeriodClosedError):
        costs.post_actual_cost(actor=None, project=project, posting_date=AS_OF, amount=Decimal(1))
    assert run.state == RunState.RUNNING
    drain()
    assert ProjectHealth.objects.values_list("kind", "is_locked").get() == ("PERIOD_CLOSE", True)
    assert Period.objects.get().is_closed
    actions = AuditEntry.objects.filter(action__in=["period.closed", "rollup.started"])
    assert sorted(actions.values_list("action", flat=True)) == ["period.closed", "rollup.started"]


def test_close_again_is_harmless(drain: Drain) -> None:
    """HLT-12: twice while it runs, and once after its end; one run, one close."""
    plan(make_project("P1", make_portfolio()))
    first = close_period(actor=None, period_end=AS_OF, today=TODAY)
    second = close_period(actor=None, period_end=AS_OF, today=TODAY)
    drain()

    third = close_period(actor=None, period_end=AS_OF, today=TODAY)

    assert {first.pk, second.pk, third.pk} == {RollupRun.objects.get().pk}
    assert AuditEntry.objects.filter(action="period.closed").count() == 1


def test_close_with_errors_can_be_computed_again(drain: Drain) -> None:
    """HLT-10: a partial close is ordered again; the period stays closed."""
    plan(make_project("P1", make_portfolio()))
    first = close_period(actor=None, period_end=AS_OF, today=TODAY)
    drain()
    RollupRun.objects.filter(pk=first.pk).update(state=RunState.PARTIAL)

    again = close_period(actor=None, period_end=AS_OF, today=TODAY)
    drain()

    again.refresh_from_db()
    assert (again.pk != first.pk, again.state, again.kind) == (True, "COMPLETE", "PERIOD_CLOSE")
    assert ProjectHealth.objects.get().revision == 1


def test_refused_close_orders_nothing() -> None:
    """A period is not closed before its end."""
    plan(make_project("P1", make_portfolio()))

    with pytest.raises(Conflict) as refused:
        close_period(actor=None, period_end=AS_OF, today=AS_OF)

    assert refused.value.code == "NOT_OVER"
    assert (RollupRun.objects.count(), Period.objects.count()) == (0, 0)
    assert not AuditEntry.objects.filter(action__in=["period.closed", "rollup.started"]).exists()


def test_daily_run_that_goes_on_becomes_the_close(drain: Drain) -> None:
    """HLT-12: one run per date; what was running is locked at its end."""
    plan(make_project("P1", make_portfolio()))
    running = start_rollup(actor=None, as_of=AS_OF)

    closing = close_period(actor=None, period_end=AS_OF, today=TODAY)
    drain()

    assert closing.pk == running.pk
    assert ProjectHealth.objects.get().is_locked


def test_trend_is_measured_against_the_last_close(drain: Drain) -> None:
    """HLT-7: the former period close counts, not the daily roll-up after it."""
    project = make_project("P1", make_portfolio())
    plan(project)
    start_rollup(actor=None, as_of=AS_OF)
    drain()
    before = load_surroundings([project.pk], TODAY).closes

    close_period(actor=None, period_end=AS_OF, today=TODAY)
    drain()
    start_rollup(actor=None, as_of=date(2026, 4, 2))
    drain()

    assert before == {}
    assert load_surroundings([project.pk], TODAY).closes[project.pk].as_of == AS_OF


def test_data_quality_asks_for_costs_of_the_last_closed_period() -> None:
    """Domain 11.1, rule 9: the period is the organization's, not the calendar month."""
    project = make_project("P1", make_portfolio())
    post(project, 100, date(2026, 3, 2))
    spans = [Span("P01", date(2026, 2, 2), date(2026, 3, 1)), Span("P02", date(2026, 3, 2), date(2026, 4, 5))]
    create_periods(actor=None, spans=spans)
    posted = []
    for span in spans:
        close_period(actor=None, period_end=span.end, today=TODAY)
        posted.append(bool(load_surroundings([project.pk], TODAY).posted_last_period))

    assert posted == [False, True]
