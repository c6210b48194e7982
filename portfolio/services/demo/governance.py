"""Let some projects of the demo follow a methodology, with artefacts, controls and a waiver."""

from collections.abc import Iterator
from datetime import date, timedelta

from portfolio.choices import ArtefactState
from portfolio.models import MethodologyVersion
from portfolio.rollup.methodology import RequirementRule, TierRule
from portfolio.rollup.tier import WEIGHTS
from portfolio.selectors.governance import Governance
from portfolio.services.artefacts import record_step
from portfolio.services.demo.cast import Cast
from portfolio.services.demo.habits import Habit, habit_in
from portfolio.services.demo.papers import sign_paper
from portfolio.services.governance import bind_methodology, bound, plan_gates, score_complexity, tailor
from portfolio.services.responsibilities import fill_matrix
from portfolio.services.waivers import decide_waiver, request_waiver
from projects.choices import ProjectState
from projects.models import Project

FOLLOWERS = 14
METHODS = {"Software": "AH", "Policy": "P2"}
PLACES: dict[str, dict[str, tuple[float, ...]]] = {
    "SG": {
        "G0": (0.01,),
        "G1": (0.08,),
        "G2": (0.2,),
        "G3": (0.4,),
        "G4": (0.85,),
        "G5": (1.0,),
        "G6": (1.5,),
    },
    "AH": {"A0": (0.01,), "A1": (0.1,), "A2": (0.35, 0.6, 0.8), "A3": (0.9,), "A4": (1.0,)},
    "P2": {"RfP": (0.08,), "RfE": (0.2,), "RfC": (0.9,), "CLOSE": (1.0,)},
}
"""When each gate is, as a part of the planned duration."""
MONTH = timedelta(days=28)


def follow_methodologies(cast: Cast, *, as_of: date) -> None:
    """Bind the first running projects of the stories, each with what it did since its start."""
    running = Project.objects.filter(
        code__startswith="NWU-",
        state__in=[ProjectState.EXECUTING, ProjectState.PLANNING],
        planned_start__lt=as_of,
        planned_finish__isnull=False,
    )
    for number, project in enumerate(running.select_related("node", "org_unit").order_by("code")[:FOLLOWERS]):
        follow(cast, project, as_of=as_of, is_waived=number == 1)


def follow(cast: Cast, project: Project, *, as_of: date, is_waived: bool = False) -> None:
    """Bind a project from its start on, and let it do what it did up to a day."""
    start, finish = project.planned_start, project.planned_finish
    if start is None or finish is None:
        return
    code = METHODS.get(project.category, "SG")
    version = MethodologyVersion.objects.get(methodology__code=code, state="EFFECTIVE")
    bind_methodology(actor=None, project=project, version=version, today=start)
    days = (finish - start).days
    dates: dict[tuple[str, int], date | None] = {
        (gate, occurrence): start + timedelta(days=round(days * part))
        for gate, parts in PLACES[code].items()
        for occurrence, part in enumerate(parts, start=1)
    }
    plan_gates(actor=None, project=project, dates=dates, today=start)
    known = live_by(project, start=start, as_of=as_of)
    if is_waived:
        _waive(cast, project, known, as_of)


def live_by(project: Project, *, start: date, as_of: date) -> Governance:
    """Let a bound project do what its methodology asks from its start to a day; return what it does then."""
    answer = int(project.tier[1])
    answers = dict.fromkeys(WEIGHTS, answer) | {"F1": min(answer + 1, 5), "F10": max(answer - 1, 1)}
    score_complexity(actor=None, project=project, answers=answers, today=start)
    known = bound(project, start)
    _keep_one(project, known, start)
    fill_matrix(actor=None, project=project, today=start)
    habit = habit_in(project)
    _show_artefacts(project, known, habit, as_of=as_of)
    _do_controls(project, known, start=start, as_of=as_of, is_careless=habit.is_careless)
    return known


def _keep_one(project: Project, known: Governance, day: date) -> None:
    tier = known.records.tier
    for row in known.content.requirements:
        if row.rule_for(tier) == TierRule.RECOMMENDED:
            note = "The sponsor wants to see it."
            tailor(actor=None, project=project, requirement=row.code, choice="KEEP", note=note, today=day)
            return


def _show_artefacts(project: Project, known: Governance, habit: Habit, *, as_of: date) -> None:
    """Submit and approve before each gate of the past; what the habit leaves open is the newest."""
    due = [(row, on) for row, on in _dues(known) if on <= as_of]
    for place, (row, on) in enumerate(due):
        day = max(on - timedelta(days=4), known.records.bound_on)
        is_approved = place < len(due) - habit.gaps
        if is_approved and row.template in habit.papers and sign_paper(project, known, row, day=day):
            continue
        record_step(
            actor=None, project=project, requirement=row.code, state=ArtefactState.SUBMITTED, today=day
        )
        if is_approved:
            state = ArtefactState.APPROVED
            record_step(actor=None, project=project, requirement=row.code, state=state, today=day)


def _dues(known: Governance) -> Iterator[tuple[RequirementRule, date]]:
    """Yield mandatory artefacts with each day they are due, in the order of days."""
    tier = known.records.tier
    found = [
        (row, on)
        for row in known.content.requirements
        if row.rule_for(tier) == TierRule.MANDATORY and not row.cadence
        for gate in known.content.gates_of(row)
        for on in known.records.gate_dates.get(gate, ())
    ]
    yield from sorted(found, key=lambda pair: (pair[1], pair[0].code))


def _do_controls(project: Project, known: Governance, *, start: date, as_of: date, is_careless: bool) -> None:
    for row in known.content.requirements:
        day = start + MONTH
        last = as_of - 2 * MONTH if is_careless else as_of
        while row.cadence and day <= last:
            record_step(
                actor=None, project=project, requirement=row.code, state=ArtefactState.DONE, today=day
            )
            day += MONTH


def _waive(cast: Cast, project: Project, known: Governance, as_of: date) -> None:
    """Ask for a waiver of the next artefact, and let it be approved by somebody else."""
    code = next((row.code for row, on in _dues(known) if on > as_of), "")
    if not code:
        return
    waiver = request_waiver(
        actor=cast.pmo,
        project=project,
        requirement=code,
        reason="The supplier brings its own document, which covers the same.",
        risk="Our own form would show a gap sooner.",
        compensating_control="The quality reviewer reads the supplier's document line by line.",
        expires_on=as_of + timedelta(days=150),
        today=as_of,
    )
    decide_waiver(actor=None, waiver=waiver, is_approved=True, note="Agreed.", today=as_of)
