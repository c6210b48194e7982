"""Ask those who may set a baseline for one, and tell who asked whether it is set (SCH-36)."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import nearest_holders
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.notifications.models import Notification
from pmo_portal.notifications.services import notify, settle
from projects import actions
from projects.choices import BASELINE_MESSAGE
from projects.models import Baseline, Project
from projects.services.baseline_rules import MIN_REASON, nothing_to_freeze, require_order, require_reason
from projects.services.changes import lock_open_project
from projects.services.check_waivers import require_plan_quality
from projects.services.former_values import today

URL_LENGTH = 300


def baseline_setters(project: Project, *, besides: User | None = None) -> list[User]:
    """Return who sets baselines of a project: holders of the right on it, else next above. One query."""
    return nearest_holders(project.node, roles_with("baseline.set"), besides=besides)


@transaction.atomic
def ask_for_baseline(
    *, actor: User, project: Project, effective_from: date, name: str = "", reason: str = ""
) -> list[User]:
    """
    Ask for the plan as it stands to become the current baseline; return who was asked.

    Raises
    ------
    DomainError
        ``REASON_NEEDED``, ``NO_APPROVER`` where nobody may set it, ``NOTHING_TO_FREEZE`` without dated tasks,
        ``PLAN_NOT_GOOD_ENOUGH`` if the project wants a better plan.
    Conflict
        ``BASELINE_ORDER`` if it would take effect before the present one.
    """
    locked = lock_open_project(project)
    current = locked.baselines.filter(is_current=True).first()
    if current is not None:
        require_reason(reason)
    require_order(current, effective_from)
    if locked.baseline_grade:
        require_plan_quality(actor=actor, project=locked, today=today())
    if not locked.tasks.leaves().filter(is_active=True, planned_finish__isnull=False).exists():
        raise nothing_to_freeze()
    people = baseline_setters(locked, besides=actor)
    if not people:
        raise DomainError(_("Nobody may set a baseline here yet. Ask an administrator."), code="NO_APPROVER")
    for person in people:
        _tell(person, locked, actor, effective_from=effective_from, name=name.strip(), reason=reason.strip())
    audit.record(
        actor=actor,
        action=actions.BASELINE_ASKED,
        target=locked,
        node=locked.node,
        after={"name": name, "effective_from": effective_from, "asked": [person.name for person in people]},
        reason=reason,
    )
    return people


def _tell(
    person: User, project: Project, actor: User, *, effective_from: date, name: str, reason: str
) -> None:
    with override(person.spoken_language):
        title = _("%(person)s asks for a baseline of %(project)s.") % {
            "person": actor.name,
            "project": project,
        }
        day = formats.date_format(effective_from, "SHORT_DATE_FORMAT")
        wanted = _("“%(name)s”, effective from %(day)s.") if name else _("Effective from %(day)s.")
        body = f"{wanted % {'name': name, 'day': day}} {reason}"
    notify(
        users=[person],
        kind=BASELINE_MESSAGE,
        title=title,
        body=body,
        url=_address(project, {"effective_from": effective_from.isoformat(), "name": name, "reason": reason}),
        dedupe_key=f"{_key(project)}:{project.version}:{effective_from}:{name}",
    )


def _address(project: Project, values: dict[str, str]) -> str:
    """Return the address of the form with what was asked filled in, as far as an address is long enough."""
    page = reverse("projects:baseline_set", args=[project.code])
    taken: dict[str, str] = {}
    for field, value in values.items():
        if value and len(f"{page}?{urlencode({**taken, field: value})}") <= URL_LENGTH:
            taken[field] = value
    return f"{page}?{urlencode(taken)}"


def tell_baseline_set(baseline: Baseline, *, actor: User | None) -> None:
    """Let messages that asked for a baseline rest, and tell the managers who had asked that it is set."""
    project = baseline.project
    if not settle(keys=[_key(project)]):
        return
    values = {"number": baseline.number, "name": baseline.name, "project": project}
    _tell_managers(
        project,
        kind="baseline_set",
        say=lambda: " ".join((_("Baseline %(number)s %(name)s of %(project)s is set.") % values).split()),
        body=baseline.reason,
        key=f"baseline-set:{baseline.pk}",
        besides=actor,
    )


@transaction.atomic
def decline_baseline(*, actor: User, project: Project, reason: str) -> None:
    """
    Answer those who asked for a baseline that none is set now, and why.

    Raises
    ------
    DomainError
        ``REASON_NEEDED``.
    Conflict
        ``NOT_ASKED`` if nobody waits for an answer.
    """
    locked = lock_open_project(project)
    said = reason.strip()
    if len(said) < MIN_REASON:
        text = _("Say why no baseline is set, in at least %(count)s characters.") % {"count": MIN_REASON}
        raise DomainError(text, code="REASON_NEEDED", field="reason")
    if not settle(keys=[_key(locked)]):
        raise Conflict(_("Nobody waits for a baseline of this project."), code="NOT_ASKED")
    values = {"person": actor.name, "project": locked}
    entry = audit.record(
        actor=actor, action=actions.BASELINE_DECLINED, target=locked, node=locked.node, reason=said
    )
    _tell_managers(
        locked,
        kind="baseline_declined",
        say=lambda: _("%(person)s does not set the baseline of %(project)s you asked for.") % values,
        body=said,
        key=f"baseline-declined:{entry.pk}",
        besides=actor,
    )


def is_baseline_asked(project: Project) -> bool:
    """Return whether somebody waits for a baseline of the project. One query."""
    asked = Notification.objects.filter(kind=BASELINE_MESSAGE, settled_at=None)
    return asked.filter(dedupe_key__startswith=f"{_key(project)}:").exists()


def _tell_managers(
    project: Project, *, kind: str, say: Callable[[], str], body: str, key: str, besides: User | None
) -> None:
    for person in nearest_holders(project.node, (Role.PROJECT_MANAGER,), besides=besides):
        with override(person.spoken_language):
            title = say()
        notify(
            users=[person],
            kind=kind,
            title=title,
            body=body,
            url=reverse("projects:baselines", args=[project.code]),
            dedupe_key=key,
        )


def _key(project: Project) -> str:
    return f"baseline-asked:{project.pk}"
