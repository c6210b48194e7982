"""Projects made from templates: dates, money, roles, and that a request is answered once."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from portfolio.models import Portfolio, TemplateUse, TemplateVersion
from portfolio.selectors.governance import governance_of
from portfolio.selectors.responsibilities import load_matrix
from portfolio.services.project_templates import load_shipped_templates, withdraw_version
from portfolio.services.structure import create_portfolio
from portfolio.services.template_projects import Order, create_from_template, try_template
from projects.models import Assignment, BudgetLine, Link, Project, ScheduleAssessment, Task
from projects.selectors.plan_dates import shown_finish
from projects.services.schedule_quality import check_plan
from tests.factories import grant, user
from tests.portfolio.methods import stage_gate

pytestmark = pytest.mark.django_db

TODAY = date(2026, 8, 3)
NOW = datetime(2026, 8, 3, 9, tzinfo=UTC)
START = date(2026, 9, 1)
DAY = 480


@pytest.fixture
def version() -> TemplateVersion:
    """The starter template of the stage-gate method."""
    (loaded,) = load_shipped_templates(actor=None, now=NOW)
    return loaded


@pytest.fixture
def portfolio() -> Portfolio:
    """Where the projects go."""
    return create_portfolio(actor=None, name="Services", code="SERVICES")


@pytest.fixture
def order(portfolio: Portfolio) -> Order:
    """The project of EX-STD-4."""
    return Order(name="Parking permits online", start=START, portfolio=portfolio, total=Decimal(400_000))


def by_key(project: Project) -> dict[str, Task]:
    """Return the rows of a project by their key in the template."""
    rows = {task.uid: task for task in project.tasks.all()}
    return {key: rows[uid] for key, uid in project.template_use.rows.items()}


def test_dates_and_float_are_those_of_the_worked_example(version: TemplateVersion, order: Order) -> None:
    """EX-STD-4, STD-8: gates on their days, float in working days, 30 links."""
    project = create_from_template(actor=None, version=version, order=order, today=TODAY)

    rows = by_key(project)
    gates = {key: shown_finish(rows[key].planned_finish) for key in ("G1", "G2", "G3", "G4", "G5")}
    floats = {
        key: row.total_float // DAY for key, row in rows.items() if key[0] in "12345" and row.total_float
    }
    assert gates == {
        "G1": date(2026, 9, 29),
        "G2": date(2026, 11, 4),
        "G3": date(2026, 12, 9),
        "G4": date(2027, 3, 10),
        "G5": date(2027, 4, 12),
    }
    assert floats == {"2.3": 11, "2.4": 3, "3.2": 17, "4.3": 25, "4.6": 35, "5.3": 15}
    assert Link.objects.filter(project=project).count() == 30
    assert (project.planned_finish, project.is_auto_scheduled) == (date(2027, 4, 12), True)


def test_halved_durations_are_those_of_the_worked_example(version: TemplateVersion, order: Order) -> None:
    """EX-STD-4, STD-12."""
    halved = replace(order, duration_factor=Decimal("0.5"))

    project = create_from_template(actor=None, version=version, order=halved, today=TODAY)

    rows = by_key(project)
    assert {key: rows[key].duration / DAY for key in ("1.2", "1.3", "2.4")} == {
        "1.2": 4,
        "1.3": 1.5,
        "2.4": 2.5,
    }


def test_template_passes_the_checks_of_its_schedule(version: TemplateVersion, order: Order) -> None:
    """Domain 2.9: all links FS without lag; checks 1 to 8 of a fresh plan pass."""
    project = create_from_template(actor=None, version=version, order=order, today=TODAY)

    check_plan(actor=None, project=project, as_of=TODAY)
    checks = ScheduleAssessment.objects.get(project=project).result["checks"]
    failed = [check["code"] for check in checks[:8] if check["verdict"] == "FAIL"]
    assert (len(checks), failed) == (14, [])


def test_budget_roles_techniques_and_manager_come_along(version: TemplateVersion, order: Order) -> None:
    """STD-8, STD-9: lines add up to the total beside the reserves; roles carry the hours of their rows."""
    alice = user("Alice")

    project = create_from_template(
        actor=None, version=version, order=replace(order, manager=alice), today=TODAY
    )

    lines = dict(BudgetLine.objects.filter(project=project).values_list("category", "amount"))
    reserves = (lines.pop("CONTINGENCY"), lines.pop("MANAGEMENT_RESERVE"))
    assert (sum(lines.values()), reserves) == (400_000, (40_000, 20_000))
    rows = by_key(project)
    work = Assignment.objects.get(task=rows["1.1"])
    assert (work.resource.name, work.work_hours, rows["1.1"].work_hours) == ("Business analyst", 80, 80)
    assert (rows["1.3"].ev_technique, rows["1.2"].ev_technique) == ("FIXED_0_100", "FIXED_50_50")
    assert rows["2.3"].ev_details == {
        "milestones": [
            {"name": "Market asked", "weight": "50.00", "on": "2026-10-07"},
            {"name": "Tender documents ready", "weight": "50.00", "on": "2026-10-15"},
        ]
    }
    assert project.node.grants.get(role=Role.PROJECT_MANAGER).user == alice
    facts = (project.tier, project.category, project.state, project.description)
    assert facts == ("T2", "IT service", "PROPOSED", "")


def test_german_order_makes_a_german_plan(version: TemplateVersion, order: Order) -> None:
    """Names, roles and budget lines in the language of who asked."""
    project = create_from_template(
        actor=None, version=version, order=replace(order, language="de"), today=TODAY
    )

    assert by_key(project)["G5"].name == "Abgeschlossen"
    assert BudgetLine.objects.get(project=project, category="TRAINING").name == "Schulung"


def test_repeated_request_gets_the_same_project(version: TemplateVersion, order: Order) -> None:
    """STD-10: one project a key; somebody else's key is another one."""
    paula, bob = user("Paula"), user("Bob")
    asked = replace(order, request_key="abc")

    first = create_from_template(actor=paula, version=version, order=asked, today=TODAY)
    again = create_from_template(actor=paula, version=version, order=asked, today=TODAY)
    other = create_from_template(actor=bob, version=version, order=asked, today=TODAY)

    assert (first == again, first == other, Project.objects.count()) == (True, False, 2)
    assert AuditEntry.objects.filter(action="template.used").count() == 2


def test_trial_tells_the_dates_and_keeps_nothing(version: TemplateVersion, order: Order) -> None:
    """What would be made is shown before it is."""
    before = AuditEntry.objects.count()

    forecast = try_template(actor=None, version=version, order=order, today=TODAY)

    days = [(item.key, item.day) for item in forecast.milestones]
    assert (forecast.finish, forecast.rows, forecast.links) == (date(2027, 4, 12), 31, 30)
    assert days[0] == ("G1", date(2026, 9, 29))
    assert (Project.objects.count(), TemplateUse.objects.count(), AuditEntry.objects.count()) == (
        0,
        0,
        before,
    )


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"total": None}, "TOTAL_NEEDED", "total"),
        ({"total": Decimal(-1)}, "NEGATIVE_AMOUNT", "total"),
        ({"duration_factor": Decimal("0.05")}, "FACTOR", "duration_factor"),
        ({"cost_factor": Decimal(11)}, "FACTOR", "cost_factor"),
        ({"facts": {"code": "new"}}, "REFUSED", "code"),
    ],
)
def test_refused_order_leaves_nothing(
    version: TemplateVersion, order: Order, change: dict[str, object], code: str, field: str
) -> None:
    """STD-8: all or nothing, the refusal on its field."""
    before = AuditEntry.objects.count()

    with pytest.raises(DomainError) as refusal:
        create_from_template(actor=None, version=version, order=replace(order, **change), today=TODAY)

    found = (refusal.value.code, refusal.value.field, Project.objects.count(), Task.objects.count())
    assert found == (code, field, 0, 0)
    assert AuditEntry.objects.count() == before


def test_withdrawn_version_makes_no_project(version: TemplateVersion, order: Order) -> None:
    """Only what is published is used."""
    paula = user("Paula")
    grant(paula, Role.PMO_HEAD, organization_node())
    withdrawn = withdraw_version(actor=paula, version=version, reason="The method changed.")

    with pytest.raises(DomainError) as refusal:
        create_from_template(actor=paula, version=withdrawn, order=order, today=TODAY)

    assert (refusal.value.code, Project.objects.count()) == ("NOT_PUBLISHED", 0)


def test_project_follows_the_methodology_of_its_template(version: TemplateVersion, order: Order) -> None:
    """STD-2, EX-STD-4: bound at creation, gates on the days of their milestones, a matrix without gaps."""
    stage_gate()

    project = create_from_template(actor=None, version=version, order=order, today=TODAY)

    known = governance_of(project, TODAY)
    assert known is not None
    assert (str(known.version), known.records.tier) == ("SG 1.0.2", "T2")
    assert known.gate_days == {
        ("G1", 1): date(2026, 9, 29),
        ("G2", 1): date(2026, 11, 4),
        ("G3", 1): date(2026, 12, 9),
        ("G4", 1): date(2027, 3, 10),
        ("G5", 1): date(2027, 4, 12),
    }
    assert load_matrix(project, known, TODAY).completeness == Decimal(100)


def test_project_follows_none_while_no_version_is_in_force(version: TemplateVersion, order: Order) -> None:
    project = create_from_template(actor=None, version=version, order=order, today=TODAY)

    assert governance_of(project, TODAY) is None
