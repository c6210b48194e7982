"""Amounts in the currency of a project (CST-18, CST-20)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import FxKind
from projects.models import FxRate, Project

CENT = Decimal("0.01")
PLACES = Decimal("0.00000001")


class MissingRateError(DomainError):
    """No exchange rate is known for the day; 1 is never assumed (CST-20)."""

    code = "MISSING_RATE"


@dataclass(frozen=True)
class Converted:
    """An amount in project currency and the rate that was used."""

    amount: Decimal
    rate: Decimal


def trimmed(rate: Decimal) -> Decimal:
    """
    Return the rate without zeros at its end.

    Examples
    --------
    >>> trimmed(Decimal("1.17000000")), trimmed(Decimal("100.00000000"))
    (Decimal('1.17'), Decimal('100'))
    """
    return rate.quantize(Decimal(1)) if rate == rate.to_integral_value() else rate.normalize()


def rate_on(*, source: str, target: str, day: date, kind: str = FxKind.SPOT) -> Decimal | None:
    """Return the newest rate up to a day, else the turned-round one of the other direction, else None."""
    if source == target:
        return Decimal(1)
    for first, second, is_direct in ((source, target, True), (target, source, False)):
        found = (
            FxRate.objects.filter(source=first, target=second, kind=kind, date__lte=day)
            .order_by("-date", "-pk")
            .values_list("rate", flat=True)
            .first()
        )
        if found is not None:
            return found if is_direct else (1 / found).quantize(PLACES, rounding=ROUND_HALF_UP)
    return None


def project_amount(amount: Decimal, *, currency: str, project: Project, day: date) -> Converted:
    """
    Return the amount in project currency at the spot rate of a day, to the cent.

    Raises
    ------
    MissingRateError
        If no rate is known.
    """
    rate = rate_on(source=currency, target=project.currency, day=day)
    if rate is None:
        raise MissingRateError(
            _("No exchange rate from %(source)s to %(target)s is known for that day.")
            % {"source": currency, "target": project.currency},
            field="currency",
        )
    return Converted((amount * rate).quantize(CENT, rounding=ROUND_HALF_UP), rate)
