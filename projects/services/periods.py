"""Create the organization's periods and close them; what is closed takes no postings (CON-8, CST-6)."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from projects import actions
from projects.models import Period
from projects.selectors.periods import ONE_DAY, Span, closed_through, first_open_period, month_of

PERIODS_LOCK = 7_246_003
LONGEST_DAYS = 366
MOST_AT_ONCE = 36


class PeriodClosedError(DomainError):
    """A posting would fall into a period that is closed (CST-6)."""

    code = "PERIOD_CLOSED"


def hold_periods(*, is_shared: bool = False) -> None:
    """
    Hold the table of periods until the transaction ends, so that no posting slips into a close.

    Postings share the hold, a close has it alone. On SQLite the IMMEDIATE transaction is the lock.
    """
    if connection.vendor == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [PERIODS_LOCK])


def require_open_period(*days: date, field: str = "posting_date") -> None:
    """
    Refuse days of closed periods; the transaction then keeps the periods as they are. Two queries.

    Raises
    ------
    PeriodClosedError
        Names the first open period, where corrections go.
    """
    hold_periods(is_shared=True)
    closed = closed_through()
    if closed is None or not days or min(days) > closed:
        return
    following = first_open_period(closed)
    raise PeriodClosedError(
        _(
            "Everything up to %(closed)s is closed. The first open period is %(code)s: "
            "take a day from %(first)s on."
        )
        % {
            "closed": date_format(closed, "SHORT_DATE_FORMAT"),
            "code": following.code,
            "first": date_format(following.start, "SHORT_DATE_FORMAT"),
        },
        field=field,
    )


@transaction.atomic
def create_months(*, actor: User | None, months: int, first_day: date) -> list[Period]:
    """
    Return the next calendar months as periods, after the last one there is.

    Parameters
    ----------
    months : int
        How many, up to 36.
    first_day : date
        Where the first month begins while there is no period yet; not used afterwards.

    Raises
    ------
    DomainError
        If the number makes no sense (``TOO_MANY``), or a code is taken.
    """
    if not 1 <= months <= MOST_AT_ONCE:
        raise DomainError(
            _("Between 1 and %(most)s months.") % {"most": MOST_AT_ONCE}, code="TOO_MANY", field="months"
        )
    hold_periods()
    last = Period.objects.order_by("-end").first()
    day = last.end + ONE_DAY if last else first_day.replace(day=1)
    spans = []
    for _number in range(months):
        month = month_of(day)
        spans.append(Span(month.code, day, month.end))
        day = month.end + ONE_DAY
    return create_periods(actor=actor, spans=spans)


@transaction.atomic
def create_periods(*, actor: User | None, spans: Sequence[Span]) -> list[Period]:
    """
    Return new periods after the last one; fiscal periods may begin and end on any day.

    Raises
    ------
    DomainError
        ``GAP`` or ``OVERLAP`` against the periods before, ``TOO_LONG`` beyond a year, ``CODE_TAKEN``.
    """
    hold_periods()
    last = Period.objects.order_by("-end").first()
    before = [Span(last.code, last.start, last.end)] if last else []
    for former, span in pairwise([*before, *spans]):
        _require_following(former, span)
    made = [_created(span) for span in spans]
    audit.record(
        actor=actor,
        action=actions.PERIODS_CREATED,
        target=made[0],
        node=organization_node(),
        after={"codes": ", ".join(span.code for span in spans), "start": made[0].start, "end": made[-1].end},
    )
    return made


def _require_following(former: Span, span: Span) -> None:
    wanted = former.end + ONE_DAY
    if span.start == wanted:
        return
    words = {"code": former.code, "day": date_format(wanted, "SHORT_DATE_FORMAT")}
    if span.start > wanted:
        message = _("Days would be left out: after %(code)s the next period begins on %(day)s.") % words
        raise DomainError(message, code="GAP", field="start")
    message = _("Days would count twice: after %(code)s the next period begins on %(day)s.") % words
    raise DomainError(message, code="OVERLAP", field="start")


def _created(span: Span) -> Period:
    if Period.objects.filter(code=span.code).exists():
        raise DomainError(
            _("There is a period %(code)s already. Choose another code.") % {"code": span.code},
            code="CODE_TAKEN",
            field="code",
        )
    period = Period(code=span.code, start=span.start, end=span.end)
    try:
        period.full_clean()
    except ValidationError as fault:
        raise DomainError(" ".join(fault.messages), code="INVALID_PERIOD", field="end") from None
    if (span.end - span.start).days >= LONGEST_DAYS:
        raise DomainError(_("A period is at most a year long."), code="TOO_LONG", field="end")
    period.save()
    return period


@transaction.atomic
def remove_period(*, actor: User | None, period: Period) -> None:
    """
    Take back the last period, as long as it is open; so there never is a gap.

    Raises
    ------
    Conflict
        ``PERIOD_CLOSED`` or ``NOT_LAST``.
    """
    hold_periods()
    locked = Period.objects.select_for_update().get(pk=period.pk)
    if locked.is_closed:
        raise Conflict(_("A closed period stays for ever."), code="PERIOD_CLOSED")
    if Period.objects.filter(start__gt=locked.start).exists():
        raise Conflict(_("Only the last period can be removed, so that no gap appears."), code="NOT_LAST")
    audit.record(
        actor=actor,
        action=actions.PERIOD_REMOVED,
        target=locked,
        node=organization_node(),
        before={"code": locked.code, "start": locked.start, "end": locked.end},
    )
    Period.objects.filter(pk=locked.pk).delete()


@transaction.atomic
def close_postings(*, actor: User | None, period_end: date, today: date) -> tuple[Period, bool]:
    """
    Close the period that ends on a day for postings; return it, and whether it was open until now.

    A period cannot be reopened; closing a closed one changes nothing. Where nobody created periods, the
    calendar months up to the day are made.

    Raises
    ------
    DomainError
        ``NO_PERIOD`` if no period ends on the day.
    Conflict
        ``NOT_OVER`` before its end, ``OUT_OF_ORDER`` while an earlier one is open.
    """
    hold_periods()
    period = _ending_on(actor, period_end)
    if period.is_closed:
        return period, False
    if period.end >= today:
        raise Conflict(
            _("%(code)s is not over yet. It can be closed from %(day)s on.")
            % {"code": period.code, "day": date_format(period.end + ONE_DAY, "SHORT_DATE_FORMAT")},
            code="NOT_OVER",
        )
    earlier = Period.objects.filter(end__lt=period.start, closed_at__isnull=True).order_by("end").first()
    if earlier is not None:
        raise Conflict(
            _("Periods are closed in order. Close %(code)s first.") % {"code": earlier.code},
            code="OUT_OF_ORDER",
        )
    Period.objects.filter(pk=period.pk).update(closed_at=Now(), closed_by=actor)
    period.refresh_from_db()
    audit.record(
        actor=actor,
        action=actions.PERIOD_CLOSED,
        target=period,
        node=organization_node(),
        before={"closed": False},
        after={"closed": True, "start": period.start, "end": period.end},
    )
    return period, True


def _ending_on(actor: User | None, day: date) -> Period:
    """Return the period with this last day; months are made where there are none up to the day."""
    found = Period.objects.filter(end=day).first()
    if found is not None:
        return found
    last = Period.objects.order_by("-end").first()
    if month_of(day).end == day and (last is None or last.end < day):
        first = last.end + ONE_DAY if last else day
        months = (day.year - first.year) * 12 + day.month - first.month + 1
        if months <= MOST_AT_ONCE:
            return create_months(actor=actor, months=months, first_day=day)[-1]
    raise DomainError(
        _("No period ends on %(day)s.") % {"day": date_format(day, "SHORT_DATE_FORMAT")},
        code="NO_PERIOD",
        field="as_of",
    )
