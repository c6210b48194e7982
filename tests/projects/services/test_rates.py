"""Exchange rates: kept per day, replaced on the same day, refused when they make no sense."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from projects.models import FxRate
from projects.selectors.ledgers import load_rates
from projects.services.rates import set_rate

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
