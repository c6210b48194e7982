"""Check how well plans are built, and keep the result by date (domain 5.11)."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from pmo_portal.accounts.models import User
from pmo_portal.common.jobs import LeaseLost
from pmo_portal.common.labels import Label
from pmo_portal.common.queue import Order, enqueue, enqueue_many
from pmo_portal.common.upserts import upsert_rows
from projects.engine.calendar import EmptyCalendarError
from projects.engine.measure import Measure, Reason
from projects.engine.schedule_quality.policy import VERSION_1
from projects.engine.schedule_quality.quality import assess_schedule
from projects.engine.schedule_quality.result import CheckResult, Offender, ScheduleQuality
from projects.engine.scheduling.order import CycleError
from projects.engine.scheduling.schedule import compute_schedule
from projects.models import Project, ScheduleAssessment
from projects.selectors.plan_facts import StoredPlan, load_plan_facts

logger = logging.getLogger(__name__)
Guard = Callable[[], AbstractContextManager[None]]

CHECKS_VERSION = 5
"""Raised when the checks give another result for the same plan."""
OFFENDERS_KEPT = 500
CHECK_PLAN = "projects.check_plan"


def check_plan(
    *, actor: User | None, project: Project, as_of: date, guard: Guard = transaction.atomic
) -> bool:
    """
    Check the plan as it stands and keep the result for ``as_of``; return whether it differs from before.

    A plan that is as it was at its newest check is not checked again. Of two runs at once the one that read
    later stays. Nobody's facts change, so nothing is audited.

    Parameters
    ----------
    actor : User or None
        Who asked.
    guard : callable
        Makes the transaction of the writing; that of a job refuses whoever lost it.
    """
    read_at = Project.objects.values_list(Now()).get(pk=project.pk)[0]
    stored = load_plan_facts(project, as_of=as_of)
    digest = sha256(repr((CHECKS_VERSION, VERSION_1.version, stored.fingerprint)).encode()).hexdigest()
    newest = ScheduleAssessment.objects.known_on(as_of).filter(project=project).first()
    if newest is not None and newest.input_hash == digest:
        with guard():
            same = ScheduleAssessment.objects.filter(pk=newest.pk, assessed_at__lt=read_at)
            same.update(assessed_at=read_at)
        return False
    row = {
        "project_id": project.pk,
        "as_of": as_of,
        "input_hash": digest,
        "assessed_at": read_at,
        **_columns(stored, project),
    }
    with guard():
        return _keep(row, read_at)


def _keep(row: dict[str, Any], read_at: datetime) -> bool:
    """Write the row unless one that was read later is there."""
    same_day = ScheduleAssessment.objects.select_for_update().filter(
        project_id=row["project_id"], as_of=row["as_of"]
    )
    if same_day.filter(assessed_at__gt=read_at).exists():
        return False
    upsert_rows(ScheduleAssessment, [row], key=("project_id", "as_of"))
    return True


def _columns(stored: StoredPlan, project: Project) -> dict[str, Any]:
    """Return the score or its reason, and the checks as JSON."""
    found: dict[str, Any] = {
        "data_date": stored.data_date,
        "policy_version": VERSION_1.version,
        "passed": 0,
        "applicable": 0,
        "grade": "",
        "reason": str(Reason.NOT_PLANNED_YET),
        "result": {},
    }
    if not stored.plan.network.size or not stored.plan.has_start:
        return found
    try:
        quality = assess_schedule(stored.facts(compute_schedule(stored.plan.network, stored.plan.options)))
    except (CycleError, EmptyCalendarError, OverflowError):
        logger.warning("plan not checked", exc_info=True, extra={"project": project.pk})
        return found | {"reason": str(Reason.CALC_ERROR)}
    return found | {
        "passed": quality.passed,
        "applicable": quality.applicable,
        "grade": "" if quality.grade is None else str(quality.grade),
        "reason": quality.score.reason or "",
        "result": quality_document(quality, stored),
    }


def quality_document(quality: ScheduleQuality, stored: StoredPlan) -> dict[str, Any]:
    """
    Return the checks and findings as JSON.

    Numbers are texts with all their decimals. An offender is a list: key of the task, of the link's
    predecessor or null, flaw, working days or null; at most 500 are kept beside their number.
    """
    return {
        "checks": [_result(item, stored) for item in quality.checks],
        "findings": [_result(item, stored) for item in quality.findings],
    }


def _result(item: CheckResult, stored: StoredPlan) -> dict[str, Any]:
    return {
        "code": str(item.code),
        "verdict": str(item.verdict),
        **_value(item.value),
        "numerator": _text(item.numerator),
        "denominator": _text(item.denominator),
        "subject": None if item.subject is None else int(stored.plan.task_ids[item.subject]),
        "offenders_total": len(item.offenders),
        "offenders": [_offender(one, stored) for one in item.offenders[:OFFENDERS_KEPT]],
    }


def _value(measure: Measure) -> dict[str, str | None]:
    return {"value": _text(measure.value), "reason": measure.reason}


def _text(number: Any) -> str | None:
    return None if number is None else str(number)


def _offender(one: Offender, stored: StoredPlan) -> list[Any]:
    plan = stored.plan
    before = None
    if one.link is not None:
        before = int(plan.task_ids[plan.network.links[one.link, 0]])
    return [int(plan.task_ids[one.activity]), before, str(one.flaw), _text(one.days)]


def check_plan_safely(*, project_id: int, as_of: date, guard: Guard = transaction.atomic) -> bool:
    """Check a plan for the system, if it is still there; a fault is logged and stops nothing else."""
    project = Project.objects.select_related("calendar").filter(pk=project_id).first()
    if project is None:
        return False
    try:
        return check_plan(actor=None, project=project, as_of=as_of, guard=guard)
    except LeaseLost:
        raise
    except Exception:
        logger.exception("plan not checked", extra={"project": project_id})
        return False


def order_check(*, actor: User, project: Project) -> None:
    """Order a fresh check of one plan; the health that rests on it follows."""
    enqueue(
        "portfolio.refresh_health",
        key=str(project.pk),
        arguments={"project_id": project.pk},
        label=Label(gettext_noop("Health of %(project)s"), {"project": project.code}),
        owner=actor,
    )


@transaction.atomic
def order_missing_checks() -> int:
    """
    Order the check of every active plan that changed since it was last checked; return their number.

    A change orders its check itself; this finds plans that came in with an upgrade or a bulk load.
    """
    current = ScheduleAssessment.objects.filter(
        project_id=OuterRef("pk"), assessed_at__gte=OuterRef("updated_at")
    )
    waiting = Project.objects.active().filter(~Exists(current)).order_by("pk")
    orders = [
        Order(
            CHECK_PLAN,
            key=str(project_id),
            arguments={"project_id": project_id},
            label=Label(gettext_noop("Check of the plan of %(project)s"), {"project": code}),
            priority=7,
        )
        for project_id, code in waiting.values_list("pk", "code")
    ]
    enqueue_many(orders)
    return len(orders)
