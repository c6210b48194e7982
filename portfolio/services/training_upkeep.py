"""Look after training day by day: assign what roles require, let passes expire, remind (KNO-5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.notifications.services.inbox import notify
from portfolio import actions
from portfolio.choices import EnrolmentState
from portfolio.models import Enrolment
from portfolio.models.training import live_course_versions
from portfolio.selectors.required_training import SOON, Standing, standings

S = EnrolmentState
REMIND_EVERY = timedelta(days=14)


@dataclass(frozen=True)
class TrainingDay:
    """What a day brought."""

    assigned: int
    expired: int
    reminded: int


@transaction.atomic
def keep_training(*, today: date) -> TrainingDay:
    """Assign required courses, let passes expire, remind people every 14 days; safe to run twice."""
    expired = _expire(today)
    assigned = _assign(today)
    return TrainingDay(assigned=assigned, expired=expired, reminded=_remind(today))


def _expire(today: date) -> int:
    """Let passes whose last day is over expire; the course is due from that day on."""
    rows = list(
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course", "user")
        .filter(state=S.PASSED, expires_on__lt=today)
        .order_by("pk")
    )
    for row in rows:
        row.state = S.FAILED if row.used >= row.course.max_attempts else S.EXPIRED
        row.due, row.reminded_on = row.expires_on, None
        row.save(update_fields=["state", "due", "reminded_on"])
    audit.record_many(
        actor=None,
        changes=[
            audit.Change(
                action=actions.TRAINING_EXPIRED,
                target=row.course,
                node=organization_node(),
                before={"state": S.PASSED.value},
                after={"state": str(row.state), "person": row.user.name},
            )
            for row in rows
        ],
    )
    return len(rows)


def _assign(today: date) -> int:
    """Enrol people in what their roles require, and tell them."""
    new = [row for row in standings(today=today) if row.is_required and row.enrolment is None]
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                user_id=row.user_id, course=row.course, state=S.ASSIGNED, due=row.due, reminded_on=today
            )
            for row in new
        ],
        ignore_conflicts=True,
    )
    names = dict(User.objects.filter(pk__in={row.user_id for row in new}).values_list("pk", "name"))
    audit.record_many(
        actor=None,
        changes=[
            audit.Change(
                action=actions.TRAINING_ASSIGNED,
                target=row.course,
                node=organization_node(),
                before={},
                after={"person": names[row.user_id], "due": str(row.due)},
            )
            for row in new
        ],
    )
    _tell(new, today, "assigned", _assigned)
    return len(new)


def _remind(today: date) -> int:
    """Remind of courses that are due within 30 days or late, and of passes that end within 30 days."""
    last = today - REMIND_EVERY
    rows = [
        row
        for row in standings(today=today)
        if row.is_required
        and row.enrolment is not None
        and (row.enrolment.reminded_on is None or row.enrolment.reminded_on <= last)
        and (row.expires_soon or (not row.holds and _is_near(row, today)))
    ]
    _tell(rows, today, "reminder", _reminder)
    pks = [row.enrolment.pk for row in rows if row.enrolment]
    Enrolment.objects.filter(pk__in=pks).update(reminded_on=today)
    return len(rows)


def _is_near(row: Standing, today: date) -> bool:
    return row.state != S.EXEMPT and row.due is not None and row.due - SOON <= today


def _assigned(row: Standing, title: str) -> str:
    return _("Course to take: %(title)s") % {"title": title}


def _reminder(row: Standing, title: str) -> str:
    if row.holds:
        return _("Your certificate ends soon: %(title)s") % {"title": title}
    if row.is_overdue:
        return _("Course overdue: %(title)s") % {"title": title}
    return _("Course due soon: %(title)s") % {"title": title}


def _tell(rows: list[Standing], today: date, kind: str, say: Callable[[Standing, str], str]) -> None:
    """Put one message for each course into inboxes, in the language of each person."""
    people = User.objects.in_bulk([row.user_id for row in rows])
    titles = {(each.item.code, each.item.language): each.title for each in live_course_versions()}
    for row in rows:
        person = people[row.user_id]
        language = person.spoken_language
        with override(language):
            day = row.enrolment.expires_on if row.holds and row.enrolment else row.due
            notify(
                users=[person],
                kind="training",
                title=say(row, titles.get((row.course.code, language[:2]), row.title)),
                body=_("Last day: %(day)s") % {"day": date_format(day, "DATE_FORMAT") if day else "–"},
                url=reverse("portfolio:course", args=[row.course.code]),
                dedupe_key=f"training-{kind}:{row.user_id}:{row.course.pk}:{today}",
            )
