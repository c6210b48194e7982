"""How good a plan must be for a baseline, and checks that need not be passed for a while."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from projects import actions
from projects.choices import ScheduleGrade
from projects.engine.schedule_quality.vocabulary import Check, Grade
from projects.models import CheckWaiver, Project, ScheduleAssessment
from projects.selectors.check_waivers import judgment_of, waived_checks
from projects.selectors.quality_words import TITLES
from projects.services.changes import lock_open_project, require_version, save_version
from projects.services.schedule_quality import check_plan

MIN_REASON = 20
LONGEST = timedelta(days=366)
WANTED = (ScheduleGrade.FAIR, ScheduleGrade.GOOD)


@transaction.atomic
def waive_check(
    *,
    actor: User | None,
    project: Project,
    check_code: str,
    reason: str,
    valid_until: date,
    today: date,
) -> CheckWaiver:
    """
    Let baselines of a project fail a check up to a day; a waiver of the same check that holds is replaced.

    Parameters
    ----------
    check_code : str
        One of the 14 checks (domain 5.11).
    valid_until : date
        Last day, at most a year ahead.

    Raises
    ------
    DomainError
        ``UNKNOWN_CHECK``; ``REASON_NEEDED`` for fewer than 20 characters; ``WAIVER_PERIOD`` for a last day in
        the past or more than a year ahead.
    """
    if check_code not in set(Check):
        raise DomainError(_("There is no such check."), code="UNKNOWN_CHECK", field="check_code")
    if len(reason.strip()) < MIN_REASON:
        raise DomainError(
            _("Say why the check may be failed, in at least %(count)s characters.") % {"count": MIN_REASON},
            code="REASON_NEEDED",
            field="reason",
        )
    if not today <= valid_until <= today + LONGEST:
        raise DomainError(
            _("A waiver ends between today and a year from now."), code="WAIVER_PERIOD", field="valid_until"
        )
    locked = lock_open_project(project)
    CheckWaiver.objects.filter(project=locked, check_code=check_code, ended_on__isnull=True).update(
        ended_on=today
    )
    waiver = CheckWaiver(
        project=locked,
        check_code=check_code,
        reason=reason.strip(),
        valid_from=today,
        valid_until=valid_until,
        approved_by=actor,
    )
    waiver.full_clean(exclude=["created_at"])
    waiver.save()
    audit.record(
        actor=actor,
        action=actions.CHECK_WAIVED,
        target=locked,
        node=locked.node,
        after={"check": check_code, "valid_until": valid_until},
        reason=waiver.reason,
    )
    return waiver


@transaction.atomic
def end_waiver(*, actor: User | None, waiver: CheckWaiver, today: date) -> CheckWaiver:
    """
    Take a waiver back; from today on the check counts again.

    Raises
    ------
    Conflict
        ``WAIVER_ENDED`` if it does not hold any more.
    """
    project = lock_open_project(waiver.project)
    locked = CheckWaiver.objects.select_for_update().get(pk=waiver.pk)
    if locked.ended_on is not None or locked.valid_until < today:
        raise Conflict(_("This waiver has ended already."), code="WAIVER_ENDED")
    locked.ended_on = today
    locked.save(update_fields=["ended_on"])
    audit.record(
        actor=actor,
        action=actions.CHECK_WAIVER_ENDED,
        target=project,
        node=project.node,
        before={"check": locked.check_code, "valid_until": locked.valid_until},
    )
    return locked


@transaction.atomic
def set_baseline_grade(
    *, actor: User | None, project: Project, grade: str, expected_version: int | None
) -> Project:
    """
    Say how good a plan must be before it can become a baseline.

    Parameters
    ----------
    grade : str
        ``FAIR``, ``GOOD``, or nothing when any plan may.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    DomainError
        ``UNKNOWN_GRADE``.
    """
    if grade and grade not in WANTED:
        raise DomainError(_("Choose fair, good, or nothing."), code="UNKNOWN_GRADE", field="baseline_grade")
    locked = lock_open_project(project)
    require_version(locked.version, expected=expected_version)
    former = locked.baseline_grade
    if former == grade:
        return locked
    locked.baseline_grade = grade
    save_version(locked, names=["baseline_grade"])
    audit.record(
        actor=actor,
        action=actions.BASELINE_GRADE_SET,
        target=locked,
        node=locked.node,
        before={"baseline_grade": former},
        after={"baseline_grade": grade},
    )
    return locked


def require_plan_quality(*, actor: User | None, project: Project, today: date) -> None:
    """
    Refuse a baseline of a plan that is not as good as its project says; waived checks do not count.

    The plan is checked as it stands.

    Raises
    ------
    DomainError
        ``PLAN_NOT_GOOD_ENOUGH`` with the failed checks.
    """
    check_plan(actor=actor, project=project, as_of=today)
    newest = ScheduleAssessment.objects.known_on(today).filter(project=project).first()
    found = judgment_of(newest, waived_checks(project, today))
    if found.is_at_least(Grade(project.baseline_grade)):
        return
    values = {
        "wanted": ScheduleGrade(project.baseline_grade).label,
        "checks": ", ".join(str(TITLES[code]) for code in found.failed),
    }
    if not found.failed:
        text = _("A baseline here needs a plan that is “%(wanted)s”, and this one has no score yet.")
    else:
        text = _(
            "A baseline here needs a plan that is “%(wanted)s”. These checks are failed: %(checks)s. "
            "Correct the plan, or waive a check with a reason."
        )
    raise DomainError(text % values, code="PLAN_NOT_GOOD_ENOUGH")
