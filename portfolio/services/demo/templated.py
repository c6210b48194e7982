"""Projects of the demo made from a template, what their people changed, and the standards that followed."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from pmo_portal.accounts.choices import Role
from portfolio.models import MethodologyVersion, TemplateUse, TemplateVersion
from portfolio.rollup.methodology import TIERS, CheckRule, RequirementKind, RequirementRule, TierRule, Words
from portfolio.selectors.gates import gate_stands, reviews_of
from portfolio.services.demo.cast import Cast
from portfolio.services.demo.gates import pass_before
from portfolio.services.demo.governance import live_by
from portfolio.services.governance import bound, plan_gates
from portfolio.services.methodologies import approve_version, submit_version
from portfolio.services.methodologies import publish_version as publish_methodology
from portfolio.services.methodology_drafts import begin_draft, edit_head, save_row
from portfolio.services.project_templates import propose_version, publish_version
from portfolio.services.template_projects import Order, create_from_template
from projects.choices import ProjectState
from projects.models import Project, Task
from projects.services.members import add_member
from projects.services.states import change_state
from projects.services.tasks import create_task, delete_task, edit_task

TEMPLATE, METHOD, NEXT = "SG-T2-SERVICE", "SG", "1.1.0"
DAY_OF_WORK = 480
STANDARDS_AGO = timedelta(days=21)
"""How long ago the new versions of methodology and template came into force."""


@dataclass(frozen=True)
class Made:
    """A project made from the template: its people, its start, and what they changed in its plan."""

    code: str
    name: str
    portfolio: str
    manager: str
    sponsor: str
    starts_in: int
    total: int
    longer: tuple[tuple[str, int], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[tuple[str, str, int], ...] = ()
    factor: str = "1"


BEFORE = (
    Made(
        *("NWT-001", "Outage messaging service", "CUSTOMER", "liam.oconnor", "maria.petrova", -25, 340_000),
        longer=(("4.3", 20), ("4.5", 15), ("2.3", 15)),
        renamed=(("4.6", "Training of the call center"),),
        added=(("4.4", "Load test with the call center", 5),),
    ),
    Made(
        *("NWT-002", "Permit desk", "CORPORATE", "tomas.rossi", "george.bennett", -18, 210_000),
        longer=(("4.3", 20), ("1.2", 10)),
        removed=("3.3",),
        added=(("4.4", "Load test with two partners", 4), ("2.1", "Workshop with the city", 3)),
    ),
)
AFTER = (
    Made(
        *("NWT-003", "Meeting room booking", "CORPORATE", "noor.haddad", "george.bennett", 18, 90_000),
        longer=(("1.1", 6),),
        factor="0.5",
    ),
)
MADE = len(BEFORE) + len(AFTER)


def make_from_template(cast: Cast, *, as_of: date) -> None:
    """Make projects before and after the PMO learned from the first ones, and let it change its standards."""
    for made in BEFORE:
        _make(cast, made, as_of)
    _improve_methodology(cast, as_of - STANDARDS_AGO)
    _improve_template(cast, as_of - STANDARDS_AGO)
    for made in AFTER:
        _make(cast, made, as_of)


def _make(cast: Cast, made: Made, as_of: date) -> None:
    start = as_of + timedelta(days=made.starts_in)
    day = min(start, as_of)
    order = Order(
        name=made.name,
        start=start,
        portfolio=cast.portfolios[made.portfolio],
        manager=cast.users[made.manager],
        duration_factor=Decimal(made.factor),
        total=Decimal(made.total),
        request_key=made.code,
        facts={"code": made.code, "org_unit": cast.people[made.manager].org_unit},
    )
    version = TemplateVersion.objects.select_related("template").get(
        template__code=TEMPLATE, state="PUBLISHED"
    )
    project = create_from_template(actor=cast.pmo, version=version, order=order, today=day)
    sponsor = cast.users[made.sponsor]
    add_member(actor=cast.pmo, project=project, user=sponsor, role=Role.SPONSOR, today=day)
    states = (ProjectState.APPROVED, ProjectState.INITIATING, ProjectState.PLANNING)
    for state in states if start <= as_of else states[:1]:
        change_state(actor=cast.pmo, project=project, state=state, today=day)
    _change_plan(cast, project, made)
    if start <= as_of:
        _pass_the_first_gate(project, start, as_of)


def _pass_the_first_gate(project: Project, start: date, as_of: date) -> None:
    """Score the project, show what its first gate asks, and record that it was passed."""
    plan_gates(actor=None, project=project, dates={("G0", 1): start}, today=start)
    live_by(project, start=start, as_of=as_of)
    known = bound(project, as_of)
    stands = gate_stands(known, reviews_of(project), as_of)
    pass_before(project, known, stands[0], as_of)


def _change_plan(cast: Cast, project: Project, made: Made) -> None:
    """Change the plan as its manager did."""
    actor = cast.users[made.manager]
    uids = TemplateUse.objects.get(project=project).rows

    def task(key: str) -> Task:
        return Task.objects.get(project=project, uid=uids[key])

    def edit(key: str, **changes: object) -> None:
        edit_task(actor=actor, task=task(key), changes=changes, expected_version=None)

    for key, days in made.longer:
        edit(key, duration=days * DAY_OF_WORK)
    for key, name in made.renamed:
        edit(key, name=name)
    for key, name, days in made.added:
        beside = task(key)
        facts = {"parent": beside.parent, "duration": days * DAY_OF_WORK}
        create_task(actor=actor, project=project, name=name, **facts)  # type: ignore[arg-type]
    for key in made.removed:
        delete_task(actor=actor, task=task(key), expected_version=None)


def _improve_methodology(cast: Cast, day: date) -> None:
    """Bring a second version of the stage-gate method into force; running projects keep theirs."""
    base = MethodologyVersion.objects.get(methodology__code=METHOD, state="EFFECTIVE")
    analyst, head = cast.users["pmo.analyst"], cast.pmo
    draft = begin_draft(actor=analyst, base=base, version=NEXT)
    privacy = RequirementRule(
        code="SG-35",
        kind=RequirementKind.ARTEFACT,
        title=Words("Data protection note", "Notiz zum Datenschutz"),
        purpose=Words("Which personal data are kept, and why.", "Welche Personendaten warum da sind."),
        tiers=dict(zip(TIERS, map(TierRule, ("-", "R", "M", "M")), strict=True)),
        gate="G2",
        approver="SECURITY",
    )
    procurement = next(row for row in base.content.requirements if row.code == "SG-20")
    procurement = replace(procurement, tiers={**procurement.tiers, "T2": TierRule.MANDATORY})
    load = CheckRule(
        code="G4-6", gate="G4", text=Words("The load test was passed.", "Der Lasttest ist bestanden.")
    )
    for part, row, code in (
        ("requirements", privacy, ""),
        ("requirements", procurement, "SG-20"),
        ("checks", load, ""),
    ):
        draft = save_row(actor=analyst, version=draft, edition=draft.edition, part=part, row=row, code=code)
    why = Words(
        "Lessons of the year: a data protection note at G2, a load test at G4, a procurement plan for T2.",
        "Erfahrungen des Jahres: Datenschutznotiz zu G2, Lasttest zu G4, Beschaffungsplan bei T2.",
    )
    draft = edit_head(actor=analyst, version=draft, edition=draft.edition, values={"changelog": why})
    submitted = submit_version(actor=analyst, version=draft)
    moment = datetime.combine(day, time(9), tzinfo=UTC)
    approved = approve_version(actor=head, version=submitted, now=moment)
    publish_methodology(actor=head, version=approved, effective_from=day, today=day)


def _improve_template(cast: Cast, day: date) -> None:
    """Publish a second version of the template: what its users changed most often."""
    former = TemplateVersion.objects.get(template__code=TEMPLATE, state="PUBLISHED")
    content = former.content
    rows = tuple(replace(row, days=Decimal(20)) if row.key == "4.3" else row for row in content.rows)
    draft = propose_version(
        actor=cast.users["pmo.analyst"],
        code=TEMPLATE,
        content=replace(content, rows=rows),
        changelog="Data preparation takes 20 days: both projects made from 1.0.1 had to lengthen it.",
    )
    publish_version(actor=cast.pmo, version=draft, now=datetime.combine(day, time(9), tzinfo=UTC))
