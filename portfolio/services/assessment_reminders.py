"""Remind of assessments: answers that are late, and the yearly repetition (NEED-3)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import holders_of
from pmo_portal.notifications.services.inbox import notify
from portfolio.choices import AssessmentState
from portfolio.models import Assessment, Respondent

REPEAT_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Reminded:
    """How many messages a day brought."""

    late: int
    yearly: int


@transaction.atomic
def remind_of_assessments(*, today: date) -> Reminded:
    """Tell respondents who are late, and PMO heads whose last assessment is a year old; each once."""
    return Reminded(late=_late(today), yearly=_yearly(today))


def _late(today: date) -> int:
    rows = Respondent.objects.filter(
        answered_at__isnull=True,
        person__user__is_active=True,
        assessment__state=AssessmentState.OPEN,
        assessment__answer_by__lt=today,
    ).select_related("assessment", "person__user")
    sent = 0
    for row in rows.order_by("pk"):
        sent += _tell(
            row.person.user,
            _title_late,
            row.assessment,
            f"{row.assessment.get_absolute_url()}answer/",
            f"assessment-late:{row.assessment_id}",
        )
    return sent


def _title_late(assessment: Assessment) -> str:
    return _("Your answers are awaited: %(title)s") % {"title": assessment.title}


def _title_yearly(assessment: Assessment) -> str:
    return _("A year ago: %(title)s. Time to assess again.") % {"title": assessment.title}


def _yearly(today: date) -> int:
    """Return the messages about the newest closed assessment of each kind and level, if it is a year old."""
    newest: dict[tuple[str, str], Assessment] = {}
    for each in Assessment.objects.closed().newest_first():
        newest.setdefault((each.kind, each.scope), each)
    open_ones = set(Assessment.objects.filter(state=AssessmentState.OPEN).values_list("kind", "scope"))
    heads = {grant.user for grant in holders_of(Role.PMO_HEAD).select_related("user")}
    due = [
        each
        for what, each in sorted(newest.items())
        if what not in open_ones and each.held_on + REPEAT_AFTER <= today
    ]
    url = f"{reverse('portfolio:assessment_new')}?kind="
    return sum(
        _tell(head, _title_yearly, each, url + each.kind, f"assessment-yearly:{each.pk}")
        for each in due
        for head in sorted(heads, key=lambda user: user.pk)
    )


def _tell(user: User | None, title: object, assessment: Assessment, url: str, key: str) -> int:
    if user is None:
        return 0
    with override(user.spoken_language):
        return notify(
            users=[user],
            kind="assessment_reminder",
            title=title(assessment),  # type: ignore[operator]
            url=url,
            dedupe_key=key,
        )
