"""Questions to a person: for a baseline, of other projects, of assessments, for help, after an emergency."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import EmergencyAccess
from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import reach_of_roles
from pmo_portal.notifications.models import Notification
from portfolio.choices import AssessmentState, HelpState, WaitingKind
from portfolio.models import HelpRequest, PmoMember, Respondent
from portfolio.selectors.waiting.line import Waiting, day_of
from projects.choices import BASELINE_MESSAGE
from projects.models import Project, ProjectDependency, Task

MANAGERS = (Role.PROJECT_MANAGER,)


def baselines(user: Any, roles: Collection[str]) -> list[Waiting]:
    """Return the baselines the person was asked to set and nobody has set since. One query."""
    if not set(roles_with("baseline.set")) & set(roles):
        return []
    rows = Notification.objects.visible_to(user).filter(kind=BASELINE_MESSAGE, settled_at=None)
    return [
        Waiting(kind=WaitingKind.BASELINE, title=row.title, url=row.url, since=day_of(row.created_at))
        for row in rows.order_by("pk")
    ]


def dependencies(user: Any, roles: Collection[str]) -> list[Waiting]:
    """Return what other projects ask of, or answered to, the projects the person manages. One query."""
    if not set(MANAGERS) & set(roles):
        return []
    manages = Project.objects.active().filter(reach_of_roles(user, MANAGERS))
    seen = Project.objects.visible_to(user, "milestone.view")
    giving = Task.objects.filter(project=OuterRef("giver"), uid=OuterRef("giver_uid"))
    own = Task.objects.filter(project=OuterRef("receiver"), uid=OuterRef("receiver_uid"))
    forecast = giving.annotate(at=Coalesce("actual_finish", "early_finish", "planned_finish")).values("at")
    rows = ProjectDependency.objects.annotate(
        forecast=Subquery(forecast[:1]),
        given_name=Subquery(giving.values("name")[:1]),
        own_name=Subquery(own.values("name")[:1]),
        gives=Exists(manages.filter(pk=OuterRef("giver"))),
        receives=Exists(manages.filter(pk=OuterRef("receiver"))),
        sees_giver=Exists(seen.filter(pk=OuterRef("giver"))),
        sees_receiver=Exists(seen.filter(pk=OuterRef("receiver"))),
    )
    asked = Q(giver_agreed_at=None, note="") | Q(receiver_agreed_at=None)
    answered = Q(receiver_agreed_at__isnull=False) & (
        (Q(giver_agreed_at=None) & ~Q(note="")) | (Q(forecast__isnull=False) & ~Q(forecast=F("promised_at")))
    )
    is_asked = Case(When(asked, then=Value(True)), default=Value(False), output_field=BooleanField())
    found = rows.annotate(is_asked=is_asked).filter((Q(gives=True) & asked) | (Q(receives=True) & answered))
    return [_dependency(row) for row in found.select_related("giver", "receiver").order_by("need_by", "pk")]


def assessments(user: Any) -> list[Waiting]:
    """Return the open assessments the person has not answered. One query."""
    rows = Respondent.objects.filter(
        person__user=user, answered_at=None, assessment__state=AssessmentState.OPEN
    ).select_related("assessment__created_by")
    return [
        Waiting(
            kind=WaitingKind.ASSESSMENT,
            title=row.assessment.title,
            url=reverse("portfolio:assessment_answer", args=[row.assessment_id]),
            asked_by=row.assessment.created_by.name if row.assessment.created_by else "",
            since=day_of(row.assessment.created_at),
            due=row.assessment.answer_by,
        )
        for row in rows.order_by("pk")
    ]


def help_requests(user: Any, roles: Collection[str], duties: Collection[str], today: date) -> list[Waiting]:
    """Return what the person took, and what is open to their discipline or, as head, to nobody. One query."""
    members = PmoMember.objects.active_on(today).filter(pmo=OuterRef("pmo"))
    experts = members.filter(discipline=OuterRef("discipline"), person__user__is_active=True)
    is_head = Q(pmo__head__user=user)
    if Role.PMO_HEAD in roles:
        is_head |= Q(pmo__head=None) | Q(pmo__head__user=None)
    to_me = Q(Exists(experts.filter(person__user=user))) | (~Q(Exists(experts)) & is_head)
    answers = Q() if "office.edit" in duties else Q(Exists(members.filter(person__user=user)))
    rows = (
        HelpRequest.objects.filter(
            Q(state=HelpState.TAKEN, taken_by=user) | (Q(state=HelpState.OPEN) & to_me)
        )
        .filter(answers)
        .exclude(asked_by=user)
        .select_related("asked_by")
    )
    return [
        Waiting(
            kind=WaitingKind.HELP_REQUEST,
            title=row.title,
            url=row.get_absolute_url(),
            asked_by=row.asked_by.name,
            since=row.asked_on,
            due=row.due_on,
        )
        for row in rows.order_by("due_on", "pk")
    ]


def emergencies(user: Any, roles: Collection[str]) -> list[Waiting]:
    """Return the emergency accesses of others nobody has confirmed. One query."""
    if not set(roles_with("emergency.end")) & set(roles):
        return []
    rows = EmergencyAccess.objects.filter(confirmed_at=None).exclude(user=user).select_related("user")
    return [
        Waiting(
            kind=WaitingKind.EMERGENCY,
            title=_("Emergency access to %(code)s: was it in order?") % {"code": row.project_code},
            url=reverse("administration:emergency"),
            asked_by=row.user.name,
            since=day_of(row.opened_at),
        )
        for row in rows.order_by("pk")
    ]


def _dependency(row: Any) -> Waiting:
    """Return the line; of a project the person does not see it tells no name."""
    is_giver = row.gives and row.is_asked
    own, other = (row.giver, row.receiver) if is_giver else (row.receiver, row.giver)
    is_seen = row.sees_receiver if is_giver else row.sees_giver
    name = (row.given_name if is_giver else row.own_name) or f"#{row.giver_uid}"
    values = {"other": other.name if is_seen else _("Another project"), "own": name}
    if not is_giver:
        declined = _("%(other)s does not agree that “%(own)s” waits for it")
        moved = _("%(other)s moved the date that “%(own)s” waits for")
        title = declined if row.giver_agreed_at is None and row.note else moved
    elif row.receiver_agreed_at is None:
        title = _("%(other)s asks for another date of “%(own)s”")
    else:
        title = _("%(other)s waits for “%(own)s”: do you agree?")
    return Waiting(
        kind=WaitingKind.DEPENDENCY,
        title=title % values,
        url=reverse("projects:dependencies", args=[own.code]),
        project=own.code,
        project_name=own.name,
        asked_by=other.name if is_seen else "",
        since=day_of(row.created_at) if is_giver else None,
        due=row.need_by,
    )
