"""What the variable parts of the portfolio's addresses stand for in the permission matrix."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from pmo_portal.accounts.models import Person, ScopeNode, User
from pmo_portal.documents.services.files import store_generated
from portfolio.interchange.document_file import SHIPPED as DOCUMENTS
from portfolio.interchange.document_file import read_document
from portfolio.interchange.methodology_file import SHIPPED, read_methodology
from portfolio.models import (
    Assessment,
    DocumentTemplate,
    DocumentVersion,
    Enrolment,
    GapAction,
    GateCondition,
    GateMember,
    HealthPolicy,
    HelpRequest,
    LessonOffer,
    MethodologyVersion,
    OwnRequirement,
    PhasePlacement,
    Pmo,
    PmoMember,
    Portfolio,
    PortfolioComponent,
    PortfolioImport,
    ProjectDocument,
    Respondent,
    ResponsibilityRow,
    RollupRun,
    SavedView,
    StandardChange,
    TemplateUse,
    TemplateVersion,
    Waiver,
)
from portfolio.services.document_templates import load_document
from portfolio.services.governance import bind_methodology
from portfolio.services.methodologies import load_methodology
from portfolio.services.project_templates import load_shipped_templates
from portfolio.services.structure import create_program
from portfolio.services.training import hand_in, start_attempt
from projects.models import Calendar, Period, Project
from tests.matrix_gates import closing_items, review_of
from tests.portfolio.courses import course, right_answers
from tests.portfolio.lessons import captured
from tests.portfolio.lessons import published as published_lesson
from tests.portfolio.libraries import published

MISSING = 987_654_321
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Values = dict[str, tuple[Any, Any, Any]]


def portfolio_values(name: str, world: Any) -> Values:
    """Return part → (own, foreign, missing) of an address of the portfolio."""
    makers: dict[str, Callable[[Any], Values]] = {
        "portfolio:project_health_panel": _project,
        "portfolio:project_funds": _project,
        "portfolio:project_move": _project,
        "portfolio:project_secrecy": _project,
        "api-project-move": _project,
        "api-project-secrecy": _project,
        "portfolio:document_template": _document_template,
        "api-document-template": _document_template,
        "portfolio:document_new": _project,
        "portfolio:documents": _project,
        "portfolio:project_start": _stage,
        "portfolio:document": _document,
        "api-project-documents": _project,
        "api-project-document": _document,
        "portfolio:template_drift": _template_use,
        "portfolio:template_from_project": _template_use,
        "api-project-template-use": _template_use,
        "api-project-template": _template_number,
        "portfolio:template_": _template,
        "portfolio:project_template": _template,
        "portfolio:program_edit": _program,
        "portfolio:view_delete": _view,
        "portfolio:import_": _import,
        "portfolio:period_": _period,
        "portfolio:calendar_": _calendar,
        "api-organization-calendar": _calendar,
        "portfolio:projects_export": _kind,
        "portfolio:compare_export": _kind,
        "portfolio:gates_export": _kind,
        "portfolio:project_gates": _governance,
        "portfolio:gate_vote": _running_gate,
        "portfolio:gate_decide": _running_gate,
        "portfolio:gate_withdraw": _running_gate,
        "portfolio:gate": _gate,
        "portfolio:condition_": _condition,
        "portfolio:closing_": _closing,
        "api-project-gate": _governance,
        "api-gate-vote": _running_gate,
        "api-gate-decision": _running_gate,
        "api-gate-withdraw": _running_gate,
        "api-gate": _gate,
        "api-condition": _condition,
        "api-closing-item-reopen": partial(_closing, done_on=DAY),
        "api-closing": _closing,
        "portfolio:governance_migrate": _behind,
        "api-governance-methodology": _unbound,
        "api-governance-migration": _behind,
        "api-governance": _governance,
        "portfolio:governance": _governance,
        "portfolio:own_requirement": _tailored,
        "portfolio:increments": _tailored,
        "api-own-requirement": _tailored,
        "api-increments": _tailored,
        "portfolio:raci_export": _raci_kind,
        "portfolio:raci_restore": _raci_left_out,
        "portfolio:raci": _raci,
        "api-responsibility-restore": _raci_left_out,
        "api-responsibilit": _raci,
        "portfolio:waiver_revoke": _approved_waiver,
        "api-project-waiver-end": _approved_waiver,
        "api-project-waiver-decision": _waiver,
        "api-project-waiver-withdraw": _waiver,
        "api-project-waivers": _governance,
        "api-project-compliance": _governance,
        "portfolio:waiver_": _waiver,
        "portfolio:methodolog": _methodology,
        "api-methodology": _methodology_number,
        "portfolio:course": _course,
        "portfolio:quiz": _course,
        "portfolio:attempt": _attempt,
        "portfolio:certificate": _certificate,
        "portfolio:training_export": _kind,
        "portfolio:adoption_export": _kind,
        "portfolio:compliance_export": _compliance_table,
        "portfolio:waivers_export": _kind,
        "portfolio:project_adoption": _project,
        "portfolio:training_": _trainee,
        "api-course-attempts": _course,
        "api-course-attempt": _attempt,
        "api-course-hand-in": _attempt,
        "api-course": _course,
        "api-certificate": _certificate,
        "api-training": _trainee,
        "api-project-lessons": _project,
        "api-lesson-offer": _offer,
        "api-lesson": _lesson,
        "api-standard-change": _standard_change,
        "portfolio:project_lessons": _project,
        "portfolio:lesson_new": _project,
        "portfolio:lessons_none": _project,
        "portfolio:lesson_tags": _project,
        "portfolio:lesson_look": _project,
        "portfolio:lesson_mark": _offer,
        "portfolio:lesson": _lesson,
        "portfolio:change_": _standard_change,
        "portfolio:guidance_place": _place_with_help,
        "portfolio:library_": _knowledge_item,
        "api-library": _knowledge_number,
        "portfolio:assessment_file": _answered_assessment,
        "api-assessment-pdf": _answered_assessment,
        "portfolio:assessment": _assessment,
        "api-assessment": _assessment,
        "portfolio:gap_plan": _assessment,
        "portfolio:gap_action": _gap_action,
        "api-gap-action": _gap_action,
        "portfolio:office_export": _office_list,
        "portfolio:office": _office,
        "portfolio:charter": _office,
        "portfolio:member_new": _office,
        "portfolio:member_edit": _office_member,
        "portfolio:help_": _help_request,
        "api-office-member": _member_of_office,
        "api-office": _office,
        "api-help-request": _help_request,
        "portfolio:": _portfolio,
        "api-portfolio-import": _import,
        "api-portfolio": _portfolio,
        "api-program": _program,
        "api-project-health": _health,
        "api-rollup": _run,
        "api-period": _period_code,
        "api-policy": _policy,
    }
    return next(make for start, make in makers.items() if name.startswith(start))(world)


def _home(code: str, node: ScopeNode, project: Project) -> Portfolio:
    portfolio = Portfolio.objects.create(code=code, name=code, node=node)
    PortfolioComponent.objects.create(project=project, portfolio=portfolio)
    return portfolio


def _portfolio(world: Any) -> Values:
    own = _home("OWN", world.own_node, world.own)
    foreign = _home("FOREIGN", world.foreign_node, world.foreign)
    return {"code": (own.code, foreign.code, "NONE-1")}


def _program(world: Any) -> Values:
    own = _home("OWN", world.own_node, world.own)
    foreign = _home("FOREIGN", world.foreign_node, world.foreign)
    codes = [
        create_program(actor=None, code=f"PRG-{home.code}", name=home.code, portfolio=home).code
        for home in (own, foreign)
    ]
    return {"code": (*codes, "NONE-1")}


def _starter() -> TemplateVersion:
    return load_shipped_templates(actor=None, now=NOW)[0]


def _template(_world: Any) -> Values:
    """A published version: read by everybody with a role."""
    version = _starter()
    return {"code": (version.template.code, None, "NONE-1"), "version": (version.version, None, "9.9.9")}


def _template_number(_world: Any) -> Values:
    return {"pk": (_starter().pk, None, MISSING)}


def _template_use(world: Any) -> Values:
    version = _starter()
    for project in (world.own, world.foreign):
        TemplateUse.objects.create(project=project, version=version, start=DAY, language="en", rows={})
    return {"code": (world.own.code, world.foreign.code, "NONE-1")}


def _project(world: Any) -> Values:
    return {"code": (world.own.code, world.foreign.code, "NONE-1")}


def _health(world: Any) -> Values:
    return {"project": (world.own.code, world.foreign.code, "NONE-1")}


def _run(_world: Any) -> Values:
    return {"pk": (RollupRun.objects.create(as_of=DAY, state="COMPLETE").pk, None, MISSING)}


def _policy(world: Any) -> Values:
    numbers = [
        HealthPolicy.objects.create(
            portfolio=home, version=1, document={}, reason="Own", effective_from=DAY
        ).pk
        for home in (_home("OWN", world.own_node, world.own), _home("FOR", world.foreign_node, world.foreign))
    ]
    return {"pk": (*numbers, MISSING)}


def _methodology(_world: Any) -> Values:
    """A version in force: read by everybody with a role, a draft by nobody but the PMO."""
    version = _loaded()
    return {
        "code": (version.methodology.code, None, "NONE"),
        "version": (version.version, None, "9.9.9"),
        "part": ("phases", None, "none"),
        "row": ("SG0", None, "NONE"),
    }


def _methodology_number(_world: Any) -> Values:
    return {"pk": (_loaded().pk, None, MISSING)}


def _loaded() -> MethodologyVersion:
    file = read_methodology(SHIPPED / "sg.toml")
    return load_methodology(actor=None, file=file, today=DAY) or MethodologyVersion.objects.get()


def _governance(world: Any) -> Values:
    """Both projects follow SG; the addresses below a project name one of its requirements."""
    version = _loaded()
    for project in (world.own, world.foreign):
        bind_methodology(actor=None, project=project, version=version, today=DAY)
    return {**_project(world), "requirement": ("SG-01", "SG-01", "NONE")}


def _unbound(world: Any) -> Values:
    """A methodology is in force, and no project follows it yet."""
    _loaded()
    return _project(world)


def _gate(world: Any) -> Values:
    return {**_governance(world), "gate": ("G0", "G0", "NONE"), "occurrence": (1, 1, 1)}


def _running_gate(world: Any) -> Values:
    """A review of G0 of each project that was requested; the portfolio manager chairs the own one."""
    values = _gate(world)
    for project in (world.own, world.foreign):
        review = review_of(project, state="REQUESTED", requested_on=DAY)
        GateMember.objects.create(review=review, user=world.users["PFM"], part="CHAIR")
    return values


def _condition(world: Any) -> Values:
    """A condition of each project, owned by Bob; the portfolio manager chaired the own review."""
    values = _governance(world)
    numbers = []
    for project in (world.own, world.foreign):
        review = review_of(project, state="DECIDED", decision="CONDITIONAL_GO", decided_on=DAY)
        GateMember.objects.create(review=review, user=world.users["PFM"], part="CHAIR")
        made = GateCondition.objects.create(review=review, number=1, text="Own", owner=world.bob, due=DAY)
        numbers.append(made.pk)
    return {**values, "pk": (*numbers, MISSING)}


def _closing(world: Any, **columns: Any) -> Values:
    return {**_governance(world), "pk": (*closing_items(world, **columns), MISSING)}


def _tailored(world: Any) -> Values:
    """Both projects ask something of themselves, and work in increments inside SG4."""
    values = _governance(world)
    hybrid = load_methodology(actor=None, file=read_methodology(SHIPPED / "ah.toml"), today=DAY)
    for project in (world.own, world.foreign):
        OwnRequirement.objects.create(
            project=project, code="OWN-1", title="Own", reason="Own", gate="G0", approver="PM",
            owner=world.users["PM"], made_on=DAY,
        )  # fmt: skip
        PhasePlacement.objects.create(
            project=project, version=hybrid, phase="AH2", inside="SG4", cadence="MONTHLY", made_on=DAY
        )
    return {**values, "requirement": ("OWN-1", "OWN-1", "OWN-9")}


def _raci(world: Any) -> Values:
    """A row of its own in the matrix of each project."""
    pks = [
        ResponsibilityRow.objects.create(project=project, kind="PROCESS", title="Own", code=f"X{number}").pk
        for number, project in enumerate((world.own, world.foreign))
    ]
    return {**_governance(world), "pk": (*pks, MISSING)}


def _raci_left_out(world: Any) -> Values:
    values = _raci(world)
    ResponsibilityRow.objects.update(is_left_out=True)
    return values


def _raci_kind(world: Any) -> Values:
    return {**_raci(world), **_kind(world)}


def _waiver(world: Any) -> Values:
    """A waiver of each project, asked for by a colleague; sponsor and PMO head decide (STD-7)."""
    for project in (world.own, world.foreign):
        project.tier = "T3"
        project.save(update_fields=["tier"])
    values = _governance(world)
    pks = [
        Waiver.objects.create(
            project=project,
            requirement="SG-04",
            reason="Own",
            risk="Own",
            compensating_control="Own",
            expires_on=DAY,
            requested_on=DAY,
            requested_by=world.users["PM"],
        ).pk
        for project in (world.own, world.foreign)
    ]
    return {**values, "pk": (*pks, MISSING)}


def _document_template(_world: Any) -> Values:
    """A version read by everybody who reads templates."""
    made = _charter()
    return {
        "code": (made.code, None, "none"),
        "version": (made.version, None, "9.9.9"),
        "section": ("purpose", None, "none"),
        "pk": (made.pk, None, MISSING),
    }


def _charter() -> DocumentTemplate:
    made = load_document(actor=None, file=read_document(DOCUMENTS / "charter.toml"), today=DAY)
    return made or DocumentTemplate.objects.get()


def _stage(world: Any) -> Values:
    """Both projects follow SG, which asks for a charter, and there is a template of it."""
    _charter()
    return _governance(world)


def _document(world: Any) -> Values:
    """The charter of each project, as a draft that says nothing yet."""
    values = _stage(world)
    pks = []
    for project in (world.own, world.foreign):
        made = ProjectDocument.objects.create(
            project=project, template=_charter(), requirement="SG-06", title="Charter", language="en",
            made_on=DAY,
        )  # fmt: skip
        part = {"code": "purpose", "title": "Purpose", "text": "", "is_money": False}
        DocumentVersion.objects.create(
            document=made, number=1, sections=[part], checksum="0" * 64, written_on=DAY
        )
        pks.append(made.pk)
    return {
        **values,
        "pk": (*pks, MISSING),
        "section": ("purpose", "purpose", "none"),
        "kind": ("md", "md", "none"),
    }


def _behind(world: Any) -> Values:
    """A newer version is in force than the one the projects follow."""
    values = _governance(world)
    former = MethodologyVersion.objects.get()
    MethodologyVersion.objects.update(state="SUPERSEDED")
    MethodologyVersion.objects.create(
        methodology=former.methodology,
        version="1.1.0",
        rank=former.rank + 1,
        state="EFFECTIVE",
        effective_from=DAY,
        document=former.document,
    )
    return values


def _approved_waiver(world: Any) -> Values:
    values = _waiver(world)
    Waiver.objects.update(state="APPROVED", approved_on=DAY)
    return values


def _assessment(_world: Any) -> Values:
    """An open round that asks nobody, of which only people who read assessments know."""
    return {"pk": (Assessment.objects.create(kind="NEED", title="Need", held_on=DAY).pk, None, MISSING)}


def _answered_assessment(world: Any) -> Values:
    """An open round somebody has answered: the result is there for people who read assessments."""
    values = _assessment(world)
    person = Person.objects.create(name="Rita")
    Respondent.objects.create(assessment_id=values["pk"][0], person=person, answers={}, answered_at=NOW)
    return values


def _gap_action(_world: Any) -> Values:
    """An action without an owner."""
    held = Assessment.objects.create(kind="MATURITY", scope="PORTFOLIO", title="Maturity", held_on=DAY)
    each = GapAction.objects.create(
        assessment=held, statement="RISK-2a", perspective="RISK", level=2, priority=1
    )
    return {"pk": (each.pk, None, MISSING)}


def _pmo() -> Pmo:
    return Pmo.objects.get_or_create(name="PMO", mandate="CONTROLLING")[0]


def _office(_world: Any) -> Values:
    return {"pk": (_pmo().pk, None, MISSING)}


def _office_member(_world: Any) -> Values:
    person = Person.objects.create(name="Paula")
    made = PmoMember.objects.create(pmo=_pmo(), person=person, discipline="RISK", valid_from=DAY)
    return {"pk": (made.pk, None, MISSING)}


def _member_of_office(world: Any) -> Values:
    """A member below the address of the office."""
    return {"pk": (_pmo().pk, None, MISSING), "member": _office_member(world)["pk"]}


def _office_list(world: Any) -> Values:
    return {"which": ("members", None, "none"), **_kind(world)}


def _help_request(world: Any) -> Values:
    """A question of Bob's, seen by him, by members of the office, and by who sets offices up."""
    made = HelpRequest.objects.create(
        pmo=_pmo(), discipline="RISK", title="Help", asked_by=world.bob, asked_on=DAY, due_on=DAY
    )
    return {"pk": (made.pk, None, MISSING)}


def _calendar(_world: Any) -> Values:
    return {"pk": (Calendar.objects.create(name="Own").pk, None, MISSING)}


def _period(_world: Any) -> Values:
    made = Period.objects.create(code="2026-02", start=date(2026, 2, 1), end=date(2026, 2, 28))
    return {"pk": (made.pk, None, MISSING)}


def _period_code(_world: Any) -> Values:
    _period(_world)
    return {"code": ("2026-02", None, "NONE")}


def _view(world: Any) -> Values:
    own = SavedView.objects.create(owner=world.bob, name="Red", is_shared=True)
    foreign = SavedView.objects.create(owner=world.users["STRANGER"], name="Mine")
    return {"pk": (own.pk, foreign.pk, MISSING)}


def _import(world: Any) -> Values:
    return {"pk": (_import_of(world.bob), _import_of(world.users["STRANGER"]), MISSING)}


def _import_of(owner: User) -> int:
    file = store_generated(owner=owner, title="A", file_name="a.csv", content=b"Name", media_type="text/csv")
    return PortfolioImport.objects.create(owner=owner, file=file).pk


def _place_with_help(_world: Any) -> Values:
    published("estimate", places=("task.duration",))
    return {"place": ("task.duration", None, "nowhere")}


def _knowledge_item(_world: Any) -> Values:
    return {"code": (published().code, None, "none"), "language": ("en", None, "xx")}


def _knowledge_number(_world: Any) -> Values:
    return {"pk": (published().pk, None, MISSING)}


def _lesson(world: Any) -> Values:
    """A captured lesson of each project: seen by people who see the project."""
    own, foreign = captured(world.own), captured(world.foreign)
    return {"pk": (own.pk, foreign.pk, MISSING)}


def _offer(world: Any) -> Values:
    """A published lesson offered to each project."""
    lesson = published_lesson(world.own)
    offers = [
        LessonOffer.objects.create(
            project=project, lesson=lesson, occasion="START", points=1, offered_on=DAY
        ).pk
        for project in (world.own, world.foreign)
    ]
    return {**_project(world), "pk": (*offers, MISSING)}


def _standard_change(world: Any) -> Values:
    """A request only people know of who decide on standards."""
    change = StandardChange.objects.create(
        lesson=captured(world.own), standard="methodology:SG", found_in="1.0.0", wish="Own", opened_on=DAY
    )
    return {"pk": (change.pk, None, MISSING)}


def _course(_world: Any) -> Values:
    return {
        "code": (course().code, None, "none"),
        "module": ("one", None, "none"),
        "language": ("en", None, "xx"),
    }


def _attempt(world: Any) -> Values:
    """The attempt of the team member: everybody else has none of this number."""
    made = start_attempt(actor=world.users["MEM"], course=course(), language="en", today=DAY)
    return {"code": ("basics", None, "none"), "number": (made.number, None, MISSING)}


def _certificate(world: Any) -> Values:
    """A certificate of a stranger: checked by whoever has its number."""
    stranger = world.users["STRANGER"]
    made = start_attempt(actor=stranger, course=course(), language="en", today=DAY)
    hand_in(actor=stranger, attempt=made, answers=right_answers(made), today=DAY)
    return {"number": (made.certificate.number, None, "2026-NONE")}


def _trainee(world: Any) -> Values:
    Enrolment.objects.create(user=world.users["STRANGER"], course=course())
    return {"pk": (world.users["STRANGER"].pk, None, MISSING), "code": ("basics", None, "none")}


def _compliance_table(_world: Any) -> Values:
    return {"which": ("requirements", None, "none"), "kind": ("csv", None, "pdf")}


def _kind(_world: Any) -> Values:
    return {"kind": ("csv", None, "pdf")}
