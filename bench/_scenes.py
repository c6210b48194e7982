"""What must exist before an operation of the API can succeed, and what only that tells about its body."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

REASON = "Agreed with the steering committee."
MEMBER = "BOB"
OPEN_ENDED = {"planned_start": "2026-03-02", "planned_finish": None, "must_finish_by": None}
TABLE_MAPPING = {
    "columns": {"name": ["Name"], "finish": ["End"], "confidence": ["Status"], "budget": ["Cost"]}
}


@dataclass(frozen=True)
class Scene:
    """Fields of the body, parts of the address, who may do it, and a file to send."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    column: str = ""
    file: tuple[str, bytes] | None = None


def scene_of(name: str, world: Any, rng: Random) -> Scene:
    """Return the scene of a named address."""
    from bench._agreement_scenes import SCENES as AGREEMENTS
    from bench._knowledge_scenes import SCENES as KNOWLEDGE
    from bench._office_scenes import SCENES as OFFICE
    from bench._training_scenes import SCENES as TRAINING

    make = {**SCENES, **OFFICE, **KNOWLEDGE, **AGREEMENTS, **TRAINING}.get(name)
    return make(world, rng) if make else Scene()


def prepare(world: Any) -> None:
    """Give the colleague of the world the rights of a project manager: imports and messages are his own."""
    from pmo_portal.accounts.choices import Role
    from projects.models import Project
    from tests import factories

    factories.grant(world.bob, Role.PROJECT_MANAGER, world.own.node)
    factories.grant(world.bob, Role.PORTFOLIO_MANAGER, world.own_node)
    Project.objects.filter(pk=world.own.pk).update(data_date=date(2026, 3, 31))
    world.own.refresh_from_db()


def _task(world: Any) -> Any:
    from tests import factories

    return factories.task(world.own, "Task", planned_start=factories.moment(2))


def _code(rng: Random) -> str:
    return f"C{rng.randint(1, 10**9)}"


def _policy(_world: Any, rng: Random) -> Scene:
    from portfolio.services.policies import ensure_organization_policy

    fields = {"document": ensure_organization_policy().document, "effective_from": soon(rng)}
    return Scene({**fields, "reason": REASON}, {}, "DIR")


def _link(world: Any, _rng: Random) -> Scene:
    return Scene({"predecessor": _task(world).uid, "successor": _task(world).uid, "lag": 0})


def _progress(world: Any, rng: Random) -> Scene:
    task = _task(world)
    entry = {"uid": task.uid, "version": task.version, "percent_complete": str(rng.randint(1, 99))}
    return Scene({"entries": [{**entry, "actual_start": "2026-03-02T08:00:00Z"}]}, {}, "PM")


def _changes(world: Any, rng: Random) -> Scene:
    uid = _task(world).uid
    changes: list[dict[str, Any]] = [
        {"act": "set", "uid": uid, "fields": {"name": _code(rng)}, "was": {"name": "Task"}},
        {"act": "add", "key": "n1", "after": uid, "fields": {"name": "Added", "duration": "3d"}},
        {"act": "delete", "uids": [uid]},
        {"act": "copy", "uids": [uid], "parent": None, "after": None},
    ]
    return Scene({"key": _code(rng), "changes": [rng.choice(changes)]}, {}, "PM")


def _undo(world: Any, rng: Random) -> Scene:
    from projects.models import PlanChange
    from tests.test_permission_matrix import _client

    step = {"key": _code(rng), "changes": [{"act": "add", "key": "n1", "fields": {"name": "Added"}}]}
    address = f"/api/v1/projects/{world.own.code}/plan/changes/"
    _client(world, "PM").post(address, step, content_type="application/json")
    newest = PlanChange.objects.filter(project=world.own).order_by("-number").first()
    return Scene({"key": _code(rng)}, {"number": newest.number if newest else 1}, "PM")


def _grant(world: Any, rng: Random) -> Scene:
    from tests import factories

    person = factories.user(_code(rng), email=f"{_code(rng).lower()}@example.org")
    given = {"user": person.email, "role": "TEAM_MEMBER", "node": world.own.node.pk, "valid_to": None}
    return Scene(given, {}, "DIR")


def _member(_world: Any, rng: Random) -> Scene:
    from tests import factories

    person = factories.user(_code(rng), email=f"{_code(rng).lower()}@example.org")
    return Scene({"user": person.pk, "role": "TEAM_MEMBER", "valid_to": None})


def _token(world: Any, _rng: Random) -> Scene:
    from pmo_portal.accounts.services.tokens import create_token

    made = create_token(actor=world.bob, user=world.bob, name="own")
    return Scene({}, {"id": made.token.token_key}, MEMBER)


def _home(world: Any) -> str:
    from portfolio.models import Portfolio

    return Portfolio.objects.create(code="OWN", name="Own", node=world.own_node).code


def _schedule_upload(world: Any, _rng: Random) -> Scene:
    from tests.projects.interchange.samples import BRIDGE, mspdi

    return Scene({"target": world.own_node.pk}, {}, MEMBER, ("plan.xml", mspdi(BRIDGE)))


def _table_upload(world: Any, _rng: Random) -> Scene:
    return Scene({"portfolio": _home(world)}, {}, "", ("table.csv", b"Code,Name\nNEW-1,New\n"))


def _read_schedule(world: Any, *, node: Any) -> None:
    """Bring the imports of the colleague to where a worker has read their file."""
    from projects.models import ScheduleImport

    ScheduleImport.objects.filter(owner=world.bob).update(
        state="READ", preview={"projects": [{"name": "Bridge"}]}, target_node=node
    )


def _schedule_confirmed(world: Any, rng: Random) -> Scene:
    _read_schedule(world, node=world.own_node)
    chosen = {"name": "Bridge", "code": _code(rng), "is_confidential": False, "is_included": True}
    return Scene({"projects": [chosen], "update": ..., "target": ...}, {}, MEMBER)


def _asked_baseline(world: Any, _rng: Random) -> Scene:
    from projects.services.baseline_requests import ask_for_baseline

    _task(world)
    day = date(2026, 3, 2)
    ask_for_baseline(actor=world.users["PM"], project=world.own, effective_from=day, reason=REASON)
    return Scene({"reason": REASON}, {}, "DIR")


def _schedule_imported(world: Any, rng: Random) -> Scene:
    """Return the scene of an import that made a project nobody has touched since."""
    from django.utils import timezone

    from projects.models import ScheduleImport
    from projects.services.document_writing import Incoming, write_projects
    from tests.projects.services.plan_update import files

    document = files.plan([files.row(1, "Dig"), files.row(2, "Pour")], [files.Link(1, 2)])
    made = write_projects(
        actor=world.bob,
        incoming=[Incoming(document=document, name="Bridge", code=_code(rng).lower())],
        parent_node=world.own_node,
        today=timezone.localdate(),
        file_name="plan.xml",
    )
    found = ScheduleImport.objects.get(owner=world.bob)
    found.projects.set(made)
    own = ScheduleImport.objects.filter(pk=found.pk)
    own.update(state="IMPORTED", preview={}, target_node=world.own_node)
    return Scene({}, {}, MEMBER)


def _schedule_compared(world: Any, _rng: Random) -> Scene:
    _read_schedule(world, node=world.own.node)
    return Scene({}, {}, MEMBER)


def _read_table(fields: Mapping[str, Any]) -> Callable[[Any, Random], Scene]:
    """Return the maker of a scene in which a table was read, mapped and previewed."""

    def make(world: Any, _rng: Random) -> Scene:
        from portfolio.models import PortfolioImport

        counts = {"CREATE": 1, "UPDATE": 0, "LATER_KNOWN": 0, "REFUSED": 0}
        plan = {"counts": counts, "rows_total": 1, "leavers": {"proposal": "KEEP", "projects": []}}
        PortfolioImport.objects.filter(owner=world.bob).update(
            state="READ", preview={"headers": ["Name"], "rows_total": 1, "plan": plan}
        )
        return Scene(fields, {}, MEMBER)

    return make


def _moved(world: Any, _rng: Random) -> Scene:
    from tests import factories

    return Scene({"parent": factories.portfolio_node("Other").pk, "reason": REASON}, {}, "DIR")


def _assignment(world: Any, _rng: Random) -> Scene:
    from projects.models import Resource

    resource = Resource.objects.create(project=world.own, name="Bea", kind="PERSON")
    return Scene({"resource": resource.pk, "person": ...})


def _baseline(world: Any, _rng: Random) -> Scene:
    _task(world)
    return Scene({"effective_from": "2026-03-02", "reason": REASON})


def soon(rng: Random) -> str:
    """Return a day that is not past."""
    from django.utils import timezone

    return (timezone.localdate() + timedelta(days=rng.randint(0, 60))).isoformat()


def _waiver(_world: Any, rng: Random) -> Scene:
    return Scene({"reason": REASON, "valid_until": soon(rng)})


def _publication(_world: Any, rng: Random) -> Scene:
    return replace(_methodology("APPROVED")(_world, rng), fields={"effective_from": soon(rng)})


def _methodology(state: str, **fields: Any) -> Callable[[Any, Random], Scene]:
    """Return the maker of a scene in which the newest version is in a state, written by somebody else."""

    def make(_world: Any, _rng: Random) -> Scene:
        from portfolio.models import MethodologyVersion

        MethodologyVersion.objects.update(state=state, effective_from=None)
        return Scene(fields)

    return make


SCENES: dict[str, Callable[[Any, Random], Scene]] = {
    "api-links": _link,
    "api-links-trial": _link,
    "api-progress": _progress,
    "api-progress-trial": _progress,
    "api-plan-changes": _changes,
    "api-plan-change-undo": _undo,
    "api-grant-list": _grant,
    "api-members": _member,
    "api-token-detail": _token,
    "api-schedule-imports": _schedule_upload,
    "api-schedule-import-discard": lambda world, rng: Scene(column=MEMBER),
    "api-schedule-import-take-back": _schedule_imported,
    "api-schedule-import-compare": _schedule_compared,
    "api-schedule-import-confirm": _schedule_confirmed,
    "api-portfolio-import-list": _table_upload,
    "api-portfolio-import-discard": lambda world, rng: Scene(column=MEMBER),
    "api-portfolio-import-mapping": _read_table(
        {"mapping": TABLE_MAPPING, "name": ..., "same_projects": ..., "as_of": ...}
    ),
    "api-portfolio-import-confirm": _read_table({"leavers": ...}),
    "api-notification-read": lambda world, rng: Scene(column=MEMBER),
    "api-project-move": _moved,
    "api-project-secrecy": lambda world, rng: Scene(
        {"is_confidential": True, "stays_in_sight": True, "reason": REASON}, {}, "DIR"
    ),
    "api-project-state": lambda world, rng: Scene({"state": "APPROVED", "reason": REASON}),
    "api-project-data-date": lambda world, rng: Scene({"reason": REASON}),
    "api-project-schedule": lambda world, rng: Scene({"is_auto_scheduled": True}),
    "api-projects": lambda world, rng: Scene(
        {
            "parent": world.own_node.pk,
            "code": _code(rng),
            "org_unit": None,
            "calendar": ...,
            "currency": "EUR",
        }
    ),
    "api-program-list": lambda world, rng: Scene({"portfolio": _home(world), "code": _code(rng)}),
    "api-program-detail": lambda world, rng: Scene({"portfolio": ...}, {}, "DIR"),
    "api-policy-list": _policy,
    "api-organization-calendar-default": lambda world, rng: Scene({}, {}, "DIR"),
    "api-portfolio-list": lambda world, rng: Scene(
        {"code": _code(rng), "reporting_currency": "EUR", "parent": None}
    ),
    "api-portfolio-detail": lambda world, rng: Scene({"reporting_currency": "EUR", "parent": None}),
    "api-emergency-access-list": lambda world, rng: Scene({"project": world.own.code, "reason": REASON}),
    "api-task-move": lambda world, rng: Scene({"parent": _task(world).uid}),
    "api-project": lambda world, rng: Scene(
        {"org_unit": None, "currency": "EUR", "calendar": ..., **OPEN_ENDED}
    ),
    "api-tasks": lambda world, rng: Scene(
        {"parent": None, "calendar": None, "owner": None, "ev_details": ..., "interruptions": ...}
    ),
    "api-task": lambda world, rng: Scene({"calendar": None, "owner": None, "interruptions": ...}),
    "api-task-trial": lambda world, rng: Scene({"calendar": None, "owner": None, "interruptions": ...}),
    "api-task-technique": lambda world, rng: Scene(
        {"ev_technique": "PERCENT_COMPLETE", "ev_details": {}, "reason": REASON}
    ),
    "api-task-progress": lambda world, rng: Scene(
        {
            "actual_start": "2026-03-02T08:00:00Z",
            "percent_complete": str(rng.randint(1, 99)),
            "actual_finish": ...,
            "data_date": ...,
            "quantity_done": ...,
            "steps_reached": ...,
        }
    ),
    "api-assignments": _assignment,
    "api-baselines": _baseline,
    "api-baselines-ask": _baseline,
    "api-baselines-decline": _asked_baseline,
    "api-check-waivers": _waiver,
    "api-actual-costs": lambda world, rng: Scene({"task": None, "line": None, "currency": "EUR"}),
    "api-actual-cost-reverse": lambda world, rng: Scene({"posting_date": "2026-03-02"}),
    "api-budget-lines": lambda world, rng: Scene({"task": None, "currency": "EUR"}),
    "api-budget-line": lambda world, rng: Scene({"task": None, "currency": "EUR"}),
    "api-commitments": lambda world, rng: Scene({"line": None, "currency": "EUR", "invoiced": "0"}),
    "api-commitment": lambda world, rng: Scene({"line": None, "currency": "EUR"}),
    "api-forecast": lambda world, rng: Scene({"line": None}),
    "api-rate-list": lambda world, rng: Scene(
        {"source": "USD", "target": "EUR", "rate": "0.9", "expected_rate": ..., "reason": REASON}
    ),
    "api-calendars": lambda world, rng: Scene({"base": None, "hours_per_day": "8", "days_off": []}),
    "api-calendar": lambda world, rng: Scene({"base": None, "hours_per_day": "8", "days_off": []}),
    "api-organization-calendar-list": lambda world, rng: Scene(
        {"base": None, "hours_per_day": "8", "days_off": []}, {}, "DIR"
    ),
    "api-organization-calendar-detail": lambda world, rng: Scene(
        {"base": None, "hours_per_day": "8", "days_off": []}, {}, "DIR"
    ),
    "api-period-list": lambda world, rng: Scene(
        {"months": rng.randint(1, 6), "code": ..., "start": ..., "end": ...}
    ),
    "api-org-unit-list": lambda world, rng: Scene(
        {"code": _code(rng), "parent": None, "manager": None, "currency": "EUR", "valid_to": None}
    ),
    "api-org-unit-detail": lambda world, rng: Scene(
        {"parent": None, "manager": None, "currency": "EUR", "valid_to": None}
    ),
    "api-person-list": lambda world, rng: Scene(
        {"email": f"{_code(rng)}@example.org", "org_unit": None, "fte": "1", "active_to": None}
    ),
    "api-person-detail": lambda world, rng: Scene({"org_unit": None, "fte": "1", "active_to": None}),
    "api-me": lambda world, rng: Scene({"language": rng.choice(["en", "de"])}),
    "api-board-limits": lambda world, rng: Scene({"by": "state", "limits": {}}),
    "api-methodology-draft": lambda world, rng: Scene({"version": f"{rng.randint(2, 9)}.0.0"}),
    "api-methodology-content": _methodology(
        "DRAFT", edition=1, document=None, changelog={"en": REASON, "de": ""}
    ),
    "api-methodology-detail": _methodology("DRAFT"),
    "api-methodology-submit": _methodology("DRAFT"),
    "api-methodology-give-back": _methodology("IN_REVIEW", reason=REASON),
    "api-methodology-approve": _methodology("IN_REVIEW"),
    "api-methodology-publish": _publication,
    "api-methodology-withdraw": _methodology("APPROVED", reason=REASON),
    "api-rollup-list": lambda world, rng: Scene({"kind": "ADHOC"}),
}
