"""Periods follow each other, are closed in order, and then take no postings (CON-8, CST-6)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError
from projects.models import ActualCost, Period
from projects.selectors.periods import Span, closed_through, last_closed_period, month_of
from projects.services import costs, periods
from projects.services.costs import CostDraft
from tests import factories

pytestmark = pytest.mark.django_db
MARCH_END, APRIL = date(2026, 3, 31), date(2026, 4, 1)
TODAY = date(2026, 4, 10)


def close(end: date, *, today: date = TODAY) -> Period:
    return periods.close_postings(actor=None, period_end=end, today=today)[0]


def codes() -> list[tuple[str, bool]]:
    return [(row.code, row.is_closed) for row in Period.objects.order_by("start")]


def test_months_follow_the_last_period() -> None:
    """CON-8: the calendar month is the default; the next year continues where the last one ended."""
    periods.create_months(actor=None, months=2, first_day=date(2026, 11, 20))
    periods.create_months(actor=None, months=1, first_day=date(2020, 1, 1))

    found = list(Period.objects.order_by("start").values_list("code", "start", "end"))
    assert found == [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2027-01", date(2027, 1, 1), date(2027, 1, 31)),
    ]
    entry = AuditEntry.objects.filter(action="periods.created").order_by("pk")[0]
    assert entry.after["codes"] == "2026-11, 2026-12"


def test_fiscal_periods_may_begin_on_any_day() -> None:
    """CON-8: fiscal periods are possible."""
    spans = [
        Span("FY27-01", date(2026, 9, 28), date(2026, 10, 25)),
        Span("FY27-02", date(2026, 10, 26), date(2026, 11, 22)),
    ]

    made = periods.create_periods(actor=None, spans=spans)

    assert [period.code for period in made] == ["FY27-01", "FY27-02"]


@pytest.mark.parametrize(
    ("start", "end", "name", "code", "field"),
    [
        (date(2026, 4, 2), date(2026, 4, 30), "X", "GAP", "start"),
        (date(2026, 3, 31), date(2026, 4, 30), "X", "OVERLAP", "start"),
        (date(2026, 4, 1), date(2026, 3, 1), "X", "INVALID_PERIOD", "end"),
        (date(2026, 4, 1), date(2027, 4, 2), "X", "TOO_LONG", "end"),
        (date(2026, 4, 1), date(2026, 4, 30), "2026-03", "CODE_TAKEN", "code"),
    ],
)
def test_gaps_overlaps_and_nonsense_are_refused(
    start: date, end: date, name: str, code: str, field: str
) -> None:
    periods.create_months(actor=None, months=1, first_day=MARCH_END)

    with pytest.raises(DomainError) as refused:
        periods.create_periods(actor=None, spans=[Span(name, start, end)])

    assert (refused.value.code, refused.value.field) == (code, field)
    assert codes() == [("2026-03", False)]
    assert AuditEntry.objects.filter(action="periods.created").count() == 1


def test_database_refuses_an_end_before_the_start() -> None:
    with pytest.raises(IntegrityError, match="period_order"), transaction.atomic():
        Period.objects.create(code="X", start=APRIL, end=MARCH_END)


def test_close_makes_the_months_that_are_missing() -> None:
    """CON-8: without periods of its own the organization closes calendar months."""
    close(MARCH_END)

    assert codes() == [("2026-03", True)]
    entry = AuditEntry.objects.get(action="period.closed")
    assert (entry.before, entry.after["end"]) == ({"closed": False}, "2026-03-31")


def test_close_again_changes_nothing() -> None:
    first = close(MARCH_END)

    period, was_open = periods.close_postings(actor=None, period_end=MARCH_END, today=TODAY)

    assert (period.closed_at, was_open) == (first.closed_at, False)
    assert AuditEntry.objects.filter(action="period.closed").count() == 1


@pytest.mark.parametrize(
    ("end", "today", "code"),
    [
        (date(2026, 4, 30), date(2026, 4, 30), "NOT_OVER"),
        (date(2026, 5, 31), date(2026, 6, 1), "OUT_OF_ORDER"),
        (date(2026, 4, 15), date(2026, 6, 1), "NO_PERIOD"),
    ],
)
def test_close_before_its_end_or_out_of_order_is_refused(end: date, today: date, code: str) -> None:
    close(MARCH_END)

    with pytest.raises(DomainError) as refused:
        close(end, today=today)

    assert refused.value.code == code
    assert codes() == [("2026-03", True)]
    assert AuditEntry.objects.filter(action="period.closed").count() == 1


def test_only_the_last_open_period_can_be_removed() -> None:
    periods.create_months(actor=None, months=3, first_day=MARCH_END)
    close(MARCH_END)
    march, april, may = Period.objects.order_by("start")

    for period, code in ((march, "PERIOD_CLOSED"), (april, "NOT_LAST")):
        with pytest.raises(Conflict) as refused:
            periods.remove_period(actor=None, period=period)
        assert refused.value.code == code
    periods.remove_period(actor=None, period=may)

    assert codes() == [("2026-03", True), ("2026-04", False)]
    assert AuditEntry.objects.get(action="period.removed").before["code"] == "2026-05"


def test_posting_in_a_closed_period_is_refused_with_the_first_open_one() -> None:
    """CST-6: a period after closed_at takes no postings; corrections go to the first open period."""
    project = factories.project()
    close(MARCH_END)

    with pytest.raises(DomainError) as refused:
        costs.post_actual_cost(actor=None, project=project, posting_date=MARCH_END, amount=Decimal(10))

    assert (refused.value.code, refused.value.field) == ("PERIOD_CLOSED", "posting_date")
    assert "2026-04" in str(refused.value)
    assert ActualCost.objects.count() == 0
    assert not AuditEntry.objects.filter(action="actual_cost.posted").exists()


def test_one_closed_day_refuses_many_postings() -> None:
    """CST-6: what comes in by a table is checked as what is typed; all or nothing."""
    project = factories.project()
    close(MARCH_END)
    drafts = [CostDraft(APRIL, Decimal(1)), CostDraft(date(2026, 2, 1), Decimal(2))]

    with pytest.raises(periods.PeriodClosedError):
        costs.post_actual_costs(actor=None, project=project, drafts=drafts)

    assert ActualCost.objects.count() == 0


def test_correction_goes_to_the_first_open_period() -> None:
    """CST-6: a posting of a closed period is reversed in an open one."""
    project = factories.project()
    cost = costs.post_actual_cost(actor=None, project=project, posting_date=MARCH_END, amount=Decimal(10))
    close(MARCH_END)

    with pytest.raises(periods.PeriodClosedError):
        costs.reverse_actual_cost(actor=None, cost=cost, posting_date=MARCH_END)
    costs.reverse_actual_cost(actor=None, cost=cost, posting_date=APRIL)

    found = list(ActualCost.objects.order_by("pk").values_list("posting_date", "amount"))
    assert found == [(MARCH_END, Decimal(10)), (APRIL, Decimal(-10))]


def test_days_before_the_first_period_are_closed_with_it() -> None:
    """CST-6: nothing slips in before the first closed period."""
    close(MARCH_END)

    with pytest.raises(periods.PeriodClosedError):
        periods.require_open_period(date(2020, 1, 1))


@pytest.mark.parametrize("count", [1, 3])
def test_check_of_postings_takes_a_fixed_number_of_queries(
    count: int, django_assert_max_num_queries: Any
) -> None:
    close(MARCH_END)

    with django_assert_max_num_queries(2):
        periods.require_open_period(*[APRIL] * count)


def test_last_closed_period_is_the_last_month_until_one_is_closed() -> None:
    assert last_closed_period(date(2026, 4, 10)) == month_of(MARCH_END)
    assert last_closed_period(MARCH_END) == month_of(MARCH_END)
    assert closed_through() is None
    spans = [Span("A", date(2026, 1, 5), date(2026, 2, 1)), Span("B", date(2026, 2, 2), date(2026, 3, 1))]
    periods.create_periods(actor=None, spans=spans)
    close(spans[0].end)

    assert last_closed_period(date(2026, 4, 10)) == spans[0]
    assert last_closed_period(date(2026, 1, 20)) == month_of(date(2025, 12, 31))
