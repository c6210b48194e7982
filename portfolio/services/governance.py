"""What a project does about its methodology: version, tier, choices, gate dates (STD-2 to STD-4)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.common.queue import Order, enqueue_many
from portfolio import actions
from portfolio.choices import MethodologyState, TailoringKind
from portfolio.models import (
    ComplexityScore,
    GateDate,
    GateReview,
    MethodologyBinding,
    MethodologyVersion,
    TailoringChoice,
)
from portfolio.models.gate import label_of
from portfolio.rollup.compliance import OPEN_CHOICES
from portfolio.rollup.methodology import RequirementRule, TierRule
from portfolio.rollup.tier import complexity, missing_answers
from portfolio.selectors.gates import calendar_version, decided_gates
from portfolio.selectors.governance import Governance, budget_of, governance_of, name_of
from projects.models import Project
from projects.services.changes import require_version
from projects.services.projects import keep_tier


class NotBoundError(Conflict):
    """The project follows no methodology yet."""

    code = "NO_METHODOLOGY"


@transaction.atomic
def bind_methodology(
    *, actor: User | None, project: Project, version: MethodologyVersion, today: date, note: str = ""
) -> MethodologyBinding:
    """
    Let a project follow a version from today on (STD-2).

    Raises
    ------
    Conflict
        If it follows one already (migration is an act of its own), or the version is not in force.
    """
    project = lock_project(actor, project)
    if governance_of(project, today) is not None:
        raise Conflict(_("The project follows a methodology already."), code="BOUND_ALREADY")
    if version.state != MethodologyState.EFFECTIVE:
        raise Conflict(_("Choose a version that is in force."), code="NOT_IN_FORCE")
    made = MethodologyBinding.objects.create(
        project=project, version=version, tier=project.tier, made_on=today, made_by=actor, note=note.strip()
    )
    record(
        actor, actions.METHODOLOGY_BOUND, made, project, after={"version": str(version), "tier": made.tier}
    )
    return made


@transaction.atomic
def score_complexity(
    *, actor: User | None, project: Project, answers: Mapping[str, int], today: date
) -> ComplexityScore:
    """
    Keep the ten answers with score and tier (STD-4).

    A first score, and a lower tier, count at once; a higher tier from the next gate, if one is planned.
    The header of the project shows the tier that counts.

    Raises
    ------
    ValidationError
        ``ANSWERS_MISSING`` on the field of each answer that is missing.
    """
    project = lock_project(actor, project)
    missing = missing_answers(answers)
    if missing:
        sentence = _("Choose an answer: the tier needs all ten.")
        raise ValidationError({code: ValidationError(sentence, code="ANSWERS_MISSING") for code in missing})
    known = bound(project, today)
    result = complexity(answers, budget=budget_of(project, today))
    is_first = not ComplexityScore.objects.filter(project=project).exists()
    is_higher = result.tier > known.records.tier
    applies_from = (known.next_gate_on(today) or today) if is_higher and not is_first else today
    made = ComplexityScore.objects.create(
        project=project,
        answers={code: answers[code] for code in sorted(answers)},
        score=result.score,
        tier=result.tier,
        floors=[floor.value for floor in result.floors],
        applies_from=applies_from,
        made_on=today,
        made_by=actor,
    )
    after = {"score": result.score, "tier": result.tier, "applies_from": made.applies_from}
    record(actor, actions.COMPLEXITY_SCORED, made, project, after=after)
    if applies_from <= today:
        keep_tier(actor=actor, project=project, tier=made.tier)
    return made


@transaction.atomic
def tailor(
    *, actor: User | None, project: Project, requirement: str, choice: str, note: str, today: date
) -> TailoringChoice:
    """
    Keep, drop or add a requirement; "" takes the former choice back (STD-3).

    Raises
    ------
    DomainError
        If a mandatory one is to be dropped (that needs a waiver), one is kept, dropped or added that is not
        open to that at the tier, or dropping has no note.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    row = requirement_of(known, requirement)
    rule = row.rule_for(known.records.tier)
    if row.code in known.records.own:
        raise DomainError(
            _("%(code)s is the project’s own. Change it, or let it end.") % {"code": row.code}, code="OWN"
        )
    if rule == TierRule.MANDATORY and choice == TailoringKind.DROP:
        raise DomainError(
            _("%(code)s is mandatory at tier %(tier)s. Ask for a waiver instead.")
            % {"code": row.code, "tier": known.records.tier},
            code="MANDATORY",
            field="choice",
        )
    if choice == TailoringKind.ADD and rule != TierRule.NOT_NEEDED:
        raise DomainError(_("It is part of this tier already."), field="choice", code="PART_ALREADY")
    if choice and choice not in OPEN_CHOICES[rule]:
        raise DomainError(
            _("Only what is recommended is kept or dropped."), field="choice", code="NOT_RECOMMENDED"
        )
    if choice == TailoringKind.DROP and not note.strip():
        raise DomainError(_("Say in a note why it is dropped."), field="note", code="NOTE_MISSING")
    made = TailoringChoice(
        project=project, requirement=row.code, choice=choice, note=note.strip(), made_on=today, made_by=actor
    )
    made.full_clean()
    made.save()
    record(
        actor,
        actions.REQUIREMENT_TAILORED,
        made,
        project,
        after={"requirement": row.code, "choice": choice},
        reason=made.note,
        label=name_of(known, row.code) + (f": {made.get_choice_display()}" if choice else ""),
    )
    return made


@transaction.atomic
def plan_gates(
    *,
    actor: User | None,
    project: Project,
    dates: Mapping[tuple[str, int], date | None],
    today: date,
    expected_version: int | None = None,
) -> list[GateDate]:
    """
    Set the days of gates, by code and occurrence; only those that differ are written.

    Raises
    ------
    StaleObject
        If somebody set a day since the calendar was read (`portfolio.selectors.gates.calendar_version`).
    DomainError
        If a gate is not in the version; a second occurrence has only a repeatable gate, or one that is held
        again.
    Conflict
        ``GATE_DECIDED``: what was due at a gate that was decided stays due.
    """
    project = lock_project(actor, project)
    require_version(calendar_version(project), expected=expected_version)
    known = bound(project, today)
    later = {*known.gate_days, *_begun_reviews(project)}
    decided = decided_gates(project)
    made = []
    for (code, occurrence), due_on in dates.items():
        gate = known.content.gate(code)
        is_there = occurrence == 1 or (code, occurrence) in later
        label = label_of(code, occurrence)
        if gate is None or not (is_there or gate.is_repeatable):
            raise DomainError(_("There is no such gate in this version."), field=label, code="NO_SUCH_GATE")
        planned = known.gate_days.get((code, occurrence))
        if planned != due_on:
            if planned is not None and (code, occurrence) in decided:
                raise Conflict(
                    _("Gate %(gate)s is decided, so its day stays.") % {"gate": label},
                    code="GATE_DECIDED",
                    field=label,
                )
            made.append(
                GateDate.objects.create(
                    project=project,
                    gate=code,
                    occurrence=occurrence,
                    due_on=due_on,
                    made_on=today,
                    made_by=actor,
                )
            )
    for row in made:
        before = {"due_on": known.gate_days.get((row.gate, row.occurrence))}
        after = {"gate": row.gate, "occurrence": row.occurrence, "due_on": row.due_on}
        label = label_of(row.gate, row.occurrence)
        record(actor, actions.GATE_PLANNED, row, project, before=before, after=after, label=label)
    return made


def _begun_reviews(project: Project) -> set[tuple[str, int]]:
    return set(GateReview.objects.filter(project=project).values_list("gate", "occurrence"))


def lock_project(actor: User | None, project: Project, permission: str = "governance.edit") -> Project:
    """Return the project, locked, if the person holds the permission on it."""
    locked = Project.objects.select_for_update(of=("self",)).select_related("node").get(pk=project.pk)
    if actor is not None and not may(actor, permission, locked.node):
        raise NotAllowed(_("You may see this project but not change its governance."))
    return locked


def bound(project: Project, today: date) -> Governance:
    """Return what the project does about its methodology; refuse while it follows none."""
    known = governance_of(project, today)
    if known is None:
        raise NotBoundError(_("The project follows no methodology yet. Choose one first."))
    return known


def requirement_of(known: Governance, code: str) -> RequirementRule:
    """Return a requirement of the project's version."""
    row = known.content.requirement(code)
    if row is None:
        raise DomainError(
            _("There is no such requirement in this version."),
            code="NO_SUCH_REQUIREMENT",
            field="requirement",
        )
    return row


def record(actor: User | None, action: str, target: Any, project: Project, **values: Any) -> None:
    """Write the line in the trail, and order fresh health: compliance is an indicator (HG1)."""
    audit.record(actor=actor, action=action, target=target, node=project.node, **values)
    enqueue_many(
        [Order("portfolio.refresh_health", key=str(project.pk), arguments={"project_id": project.pk})]
    )
