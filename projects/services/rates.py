"""Keep the exchange rates that budgets are rolled up with (CST-19, CST-20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.formats import date_format, localize
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError, StaleObject
from pmo_portal.common.queue import enqueue
from projects import actions
from projects.choices import FxKind
from projects.models import FxRate, Project
from projects.selectors.currency import rate_on, trimmed
from projects.selectors.periods import closed_through, first_open_period
from projects.services.changes import touch_project
from projects.services.periods import hold_periods


@dataclass(frozen=True)
class RateDraft:
    """What one unit of ``source`` is worth in ``target`` from a day on."""

    source: str
    target: str
    rate: Decimal
    valid_from: date
    kind: str = FxKind.BUDGET


@transaction.atomic
def set_rate(
    *,
    actor: User | None,
    source: str,
    target: str,
    rate: Decimal,
    valid_from: date,
    kind: str = FxKind.BUDGET,
    reason: str = "",
    expected_rate: Decimal | None = None,
) -> FxRate:
    """
    Return the rate in force from a day on; a rate of the same day is corrected.

    Sums of today and projects with money in both currencies are ordered anew.

    Parameters
    ----------
    rate : Decimal
        What one unit of ``source`` is worth in ``target``.
    reason : str
        Needed by people who correct a rate; stands in the audit trail.
    expected_rate : Decimal, optional
        The rate the person saw; compared when given (XC-1).

    Raises
    ------
    StaleObject
        If somebody corrected the rate in between.
    DomainError
        If a currency is not three letters, both are the same, or the rate is not above 0
        (``INVALID_RATE``); ``PERIOD_CLOSED`` for a day whose figures are locked with another rate;
        ``REASON_NEEDED``.
    """
    draft = RateDraft(source, target, rate, valid_from, kind)
    found = _kept(actor, draft, reason=reason, expected_rate=expected_rate)
    _order_refresh([draft])
    return found


@transaction.atomic
def set_rates(*, actor: User | None, drafts: Sequence[RateDraft], reason: str = "") -> int:
    """Keep many rates, checked as `set_rate` does; all or nothing; return how many."""
    for draft in drafts:
        _kept(actor, draft, reason=reason)
    _order_refresh(drafts)
    return len(drafts)


def check_rate(draft: RateDraft) -> FxRate | None:
    """
    Return the rate a draft would correct, None for a new one; writes nothing.

    Raises
    ------
    DomainError
        As `set_rate`.
    """
    _check(draft.source, draft.target, draft.rate)
    _require_open(draft)
    found = FxRate.objects.filter(**_key(draft)).first()
    _clean(FxRate(**_key(draft), rate=draft.rate), is_new=found is None)
    return found


def _key(draft: RateDraft) -> dict[str, str | date]:
    return {"source": draft.source, "target": draft.target, "date": draft.valid_from, "kind": draft.kind}


def _kept(
    actor: User | None, draft: RateDraft, *, reason: str, expected_rate: Decimal | None = None
) -> FxRate:
    hold_periods(is_shared=True)
    former = check_rate(draft)
    if former is not None:
        former = FxRate.objects.select_for_update().get(pk=former.pk)
        _require_seen(former, expected_rate)
        if actor is not None and not reason.strip():
            raise DomainError(
                _("There is a rate of that day. Say why it is corrected."),
                code="REASON_NEEDED",
                field="reason",
            )
    kept = former or FxRate(**_key(draft))
    before = {"rate": str(kept.rate)} if former else None
    kept.rate = draft.rate
    kept.save()
    audit.record(
        actor=actor,
        action=actions.RATE_SET,
        target=kept,
        node=ScopeNode.objects.filter(kind=ScopeKind.ORGANIZATION).first(),
        before=before,
        after={"rate": str(draft.rate), "from": draft.valid_from.isoformat(), "kind": draft.kind},
        reason=reason,
    )
    return kept


def _require_seen(former: FxRate, expected_rate: Decimal | None) -> None:
    if expected_rate is not None and expected_rate != former.rate:
        raise StaleObject(
            _("Somebody else corrected this rate while you worked on it. It is now %(rate)s.")
            % {"rate": localize(trimmed(former.rate))}
        )


def _require_open(draft: RateDraft) -> None:
    """Refuse another rate for days whose figures are locked; a missing one may be added."""
    closed = closed_through()
    if closed is None or draft.valid_from > closed:
        return
    in_force = rate_on(source=draft.source, target=draft.target, day=draft.valid_from, kind=draft.kind)
    if in_force is None:
        return
    raise DomainError(
        _(
            "Everything up to %(closed)s is closed with the rate %(rate)s. "
            "Enter the new rate from %(first)s on."
        )
        % {
            "closed": date_format(closed, "SHORT_DATE_FORMAT"),
            "rate": localize(trimmed(in_force)),
            "first": date_format(first_open_period(closed).start, "SHORT_DATE_FORMAT"),
        },
        code="PERIOD_CLOSED",
        field="valid_from",
    )


def _order_refresh(drafts: Sequence[RateDraft]) -> None:
    """Ask for fresh sums of today, and fresh health of projects with money in both currencies."""
    if not drafts:
        return
    mixed = Q(pk__in=[])
    for source, target in {(draft.source, draft.target) for draft in drafts}:
        pair = (source, target)
        mixed |= Q(currency__in=pair) & (
            Q(budget_lines__currency__in=pair) & ~Q(budget_lines__currency=F("currency"))
            | Q(commitments__currency__in=pair) & ~Q(commitments__currency=F("currency"))
        )
    for project in Project.objects.filter(mixed).distinct().order_by("pk"):
        touch_project(project)
    enqueue("portfolio.refresh_sums", key="rates", label="Sums at new exchange rates", priority=6)


def _check(source: str, target: str, rate: Decimal) -> None:
    for name, code in (("source", source), ("target", target)):
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            raise DomainError(
                _("A currency has three letters, such as EUR."), code="INVALID_RATE", field=name
            )
    if source == target:
        raise DomainError(_("A rate needs two different currencies."), code="INVALID_RATE", field="target")
    if not rate > 0:
        raise DomainError(_("A rate is above 0."), code="INVALID_RATE", field="rate")


def _clean(rate: FxRate, *, is_new: bool) -> None:
    try:
        rate.full_clean(validate_unique=is_new, validate_constraints=is_new)
    except ValidationError as fault:
        raise DomainError(" ".join(fault.messages), code="INVALID_RATE", field="rate") from None
