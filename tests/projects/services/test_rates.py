"""Exchange rates: kept per day, replaced on the same day, refused when they make no sense."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError, StaleObject
from pmo_portal.common.models import Job
from projects.models import BudgetLine, FxRate
from projects.selectors.ledgers import load_rates
from projects.services import budgets
from projects.services.periods import close_postings
from projects.services.rates import RateDraft, set_rate, set_rates
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


def test_set_rate_twice_on_a_day_replaces_it() -> None:
    """CST-19: the rate in force is the newest one; the trail has both."""
    for rate in ("1.10", "1.17"):
        set_rate(actor=None, source="GBP", target="EUR", rate=Decimal(rate), valid_from=DAY)
    assert load_rates(DAY)[("GBP", "EUR")] == Decimal("1.17")
    assert FxRate.objects.count() == 1
    entries = AuditEntry.objects.filter(action="rate.set").order_by("sequence")
    assert [entry.before for entry in entries][-1] == {"rate": "1.10000000"}


@pytest.mark.parametrize(
    ("source", "target", "rate"),
    [("GBP", "GBP", "1"), ("GBP", "EUR", "0"), ("gbp", "EUR", "1"), ("POUND", "EUR", "1")],
)
def test_set_rate_refuses_what_makes_no_sense(source: str, target: str, rate: str) -> None:
    """CST-20: nothing is assumed, so a wrong rate is not kept either."""
    with pytest.raises(DomainError) as refused:
        set_rate(actor=None, source=source, target=target, rate=Decimal(rate), valid_from=DAY)
    assert refused.value.code == "INVALID_RATE"
    assert not FxRate.objects.exists()


def test_command_sets_a_rate_from_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    """CON-4: the one line says what holds now."""
    call_command("set_rate", "gbp", "eur", "1.17", "--from", "2026-01-01")
    assert capsys.readouterr().out.strip() == "1 GBP = 1.17 EUR from 2026-01-01 (BUDGET)."


def test_command_refuses_a_word() -> None:
    """SEC-28: one line, no traceback."""
    with pytest.raises(CommandError, match="is not a number"):
        call_command("set_rate", "GBP", "EUR", "much")


def test_rate_of_a_closed_period_stays_as_it_was() -> None:
    """CST-6, HLT-5: what locked figures were made with is not corrected; the new rate begins after them."""
    set_rate(actor=None, source="GBP", target="EUR", rate=Decimal("1.10"), valid_from=DAY)
    close_postings(actor=None, period_end=date(2026, 3, 31), today=date(2026, 4, 10))

    for source, target, day in (
        ("GBP", "EUR", DAY),
        ("EUR", "GBP", date(2026, 3, 1)),
        ("GBP", "EUR", date(2026, 3, 31)),
    ):
        with pytest.raises(DomainError) as refused:
            set_rate(actor=None, source=source, target=target, rate=Decimal(2), valid_from=day)
        assert (refused.value.code, refused.value.field) == ("PERIOD_CLOSED", "valid_from")
    set_rate(actor=None, source="GBP", target="EUR", rate=Decimal("1.2"), valid_from=date(2026, 4, 1))
    set_rate(actor=None, source="USD", target="EUR", rate=Decimal("0.9"), valid_from=DAY)

    found = FxRate.objects.order_by("pk").values_list("source", "date", "rate")
    assert list(found) == [
        ("GBP", DAY, Decimal("1.10")),
        ("GBP", date(2026, 4, 1), Decimal("1.2")),
        ("USD", DAY, Decimal("0.9")),
    ]


def test_correction_by_a_person_needs_a_reason_and_the_rate_they_saw() -> None:
    """XC-1: never silently, and never over somebody else's correction."""
    paula = factories.user("Paula")
    first = {"source": "GBP", "target": "EUR", "valid_from": DAY, "actor": paula}
    set_rate(rate=Decimal("1.1"), **first)

    with pytest.raises(DomainError) as silent:
        set_rate(rate=Decimal("1.2"), **first)
    with pytest.raises(StaleObject):
        set_rate(rate=Decimal("1.2"), reason="Typing error", expected_rate=Decimal("1.0"), **first)
    set_rate(rate=Decimal("1.2"), reason="Typing error", expected_rate=Decimal("1.1"), **first)

    assert (silent.value.code, silent.value.field) == ("REASON_NEEDED", "reason")
    entries = AuditEntry.objects.filter(action="rate.set").order_by("sequence")
    assert [(entry.before, entry.reason) for entry in entries] == [
        (None, ""),
        ({"rate": "1.10000000"}, "Typing error"),
    ]


def test_rate_orders_fresh_figures_of_what_it_touches() -> None:
    """CST-19: sums of today, and projects with money in both currencies; no others."""
    mixed, plain = factories.project("MIXED"), factories.project("PLAIN")
    BudgetLine.objects.create(project=mixed, amount=Decimal(5), currency="GBP", effective_from=DAY)
    budgets.add_budget_line(actor=None, project=plain, amount=Decimal(5), effective_from=DAY)
    Job.objects.all().delete()

    set_rate(actor=None, source="GBP", target="EUR", rate=Decimal("1.1"), valid_from=DAY)

    ordered = set(Job.objects.values_list("name", "key"))
    assert ordered == {("portfolio.refresh_sums", "rates"), ("portfolio.refresh_health", str(mixed.pk))}


def test_many_rates_are_kept_or_none() -> None:
    drafts = [
        RateDraft("GBP", "EUR", Decimal("1.1"), DAY),
        RateDraft("GBP", "GBP", Decimal("1.1"), DAY),
    ]

    with pytest.raises(DomainError):
        set_rates(actor=None, drafts=drafts)
    assert not FxRate.objects.exists()
    assert set_rates(actor=None, drafts=drafts[:1]) == 1
