"""Keep the exchange rates that budgets are rolled up with (CST-19, CST-20)."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from projects import actions
from projects.choices import FxKind
from projects.models import FxRate


@transaction.atomic
def set_rate(
    *,
    actor: User | None,
    source: str,
    target: str,
    rate: Decimal,
    valid_from: date,
    kind: str = FxKind.BUDGET,
) -> FxRate:
    """
    Return the rate in force from a day on; a rate of the same day is replaced.

    Parameters
    ----------
    rate : Decimal
        What one unit of ``source`` is worth in ``target``.

    Raises
    ------
    DomainError
        If a currency is not three letters, both are the same, or the rate is not above 0 (``INVALID_RATE``).
    """
    _check(source, target, rate)
    key = {"source": source, "target": target, "date": valid_from, "kind": kind}
    found = FxRate.objects.select_for_update().filter(**key).first() or FxRate(**key)
    before = {"rate": str(found.rate)} if found.pk else None
    found.rate = rate
    _clean(found)
    found.save()
    audit.record(
        actor=actor,
        action=actions.RATE_SET,
        target=found,
        node=ScopeNode.objects.filter(kind=ScopeKind.ORGANIZATION).first(),
        before=before,
        after={"rate": str(rate), "from": valid_from.isoformat(), "kind": kind},
    )
    return found


def _check(source: str, target: str, rate: Decimal) -> None:
    for code in (source, target):
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            raise DomainError(_("A currency has three letters, such as EUR."), code="INVALID_RATE")
    if source == target:
        raise DomainError(_("A rate needs two different currencies."), code="INVALID_RATE")
    if not rate > 0:
        raise DomainError(_("A rate is above 0."), code="INVALID_RATE", field="rate")


def _clean(rate: FxRate) -> None:
    try:
        rate.full_clean()
    except ValidationError as fault:
        raise DomainError(" ".join(fault.messages), code="INVALID_RATE") from None
