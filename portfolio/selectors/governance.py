"""What projects do about their methodology, as it was known on a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from pmo_portal.common.among import Among
from portfolio.choices import ArtefactState, MethodologyState, WaiverState
from portfolio.models import (
    ArtefactStep,
    ComplexityScore,
    GateDate,
    MethodologyBinding,
    MethodologyVersion,
    OwnRequirement,
    PhasePlacement,
    Portfolio,
    TailoringChoice,
    Waiver,
)
from portfolio.rollup.compliance import (
    Choice,
    Compliance,
    Item,
    Records,
    Step,
    StepState,
    WaiverSpan,
    compliance_of,
    items_on,
)
from portfolio.rollup.methodology import Content, RequirementRule
from portfolio.selectors.methodologies import said
from portfolio.selectors.tailored import Additions, additions_of
from projects.choices import FxKind
from projects.models import Project
from projects.selectors.currency import rate_on
from projects.selectors.money import money_totals

CHUNK = 200
HELD_WAIVERS = (
    WaiverState.APPROVED,
    WaiverState.EXPIRED,
    WaiverState.REVOKED,
    WaiverState.RENEWED,
)


@dataclass(frozen=True)
class Governance:
    """
    A project's version and everything it did about it up to a day.

    ``content`` is what the version says together with what the project added. ``score`` gave the present
    tier; ``scored_on`` is the day of the last one, even where its tier applies later.
    """

    binding: MethodologyBinding
    content: Content
    records: Records
    gate_days: Mapping[tuple[str, int], date]
    last_steps: Mapping[str, ArtefactStep]
    approvals: Mapping[str, ArtefactStep]
    choices: Mapping[str, TailoringChoice]
    score: ComplexityScore | None
    scored_on: date | None
    additions: Additions
    waivers: tuple[Waiver, ...] = field(default_factory=tuple)

    @property
    def version(self) -> MethodologyVersion:
        """The version the project follows."""
        return self.binding.version

    def method_of(self, code: str) -> str:
        """Return the code of the methodology a requirement comes from: increments bring their own."""
        placed = self.additions.placement
        if placed is not None and code in self.additions.placed:
            return placed.version.methodology.code
        return self.version.methodology.code

    def next_gate_on(self, today: date) -> date | None:
        """Return the day of the next gate, if one is planned."""
        return min((on for on in self.gate_days.values() if on > today), default=None)

    def items(self, day: date) -> list[Item]:
        """Return the requirements that apply, with their status on a day."""
        return items_on(self.content, self.records, day)

    def compliance(self, day: date) -> Compliance:
        """Return the compliance of a day with what the methodology asks."""
        return compliance_of([item for item in self.items(day) if not item.is_own])

    def own_compliance(self, day: date) -> Compliance:
        """Return the compliance of a day with what the project asks of itself."""
        return compliance_of([item for item in self.items(day) if item.is_own])


def governance_of(project: Project, day: date) -> Governance | None:
    """Return what a project does about its methodology; None while it follows none. At most eight queries."""
    return load_governance([project.pk], day).get(project.pk)


def load_governance(project_ids: Sequence[int], day: date) -> dict[int, Governance]:
    """Return it for many projects, those without a methodology left out. One query, or eight."""
    bindings = {
        row.project_id: row
        for row in MethodologyBinding.objects.filter(Among("project_id", project_ids), made_on__lte=day)
        .select_related("version__methodology", "made_by")
        .order_by("made_on", "pk")
    }
    if not bindings:
        return {}
    ids = list(bindings)
    contents: dict[int, Content] = {}
    own = _rows(OwnRequirement, ids, day, "owner")
    placed = _rows(PhasePlacement, ids, day, "version__methodology")
    for row in (*bindings.values(), *(each for rows in placed.values() for each in rows[-1:])):
        if row.version_id not in contents:
            contents[row.version_id] = row.version.content
    added = {pk: additions_of(placed[pk], own[pk], contents) for pk in ids}
    scores, choices = _rows(ComplexityScore, ids, day), _rows(TailoringChoice, ids, day)
    steps, gates = _rows(ArtefactStep, ids, day), _rows(GateDate, ids, day)
    waivers: dict[int, list[Waiver]] = defaultdict(list)
    wished = Waiver.objects.filter(project_id__in=ids, requested_on__lte=day)
    for waiver in wished.select_related("requested_by", "decided_by").order_by("requested_on", "pk"):
        waivers[waiver.project_id].append(waiver)
    return {
        pk: _governance(
            row,
            contents[row.version_id],
            added[pk],
            day,
            scores[pk],
            choices[pk],
            steps[pk],
            gates[pk],
            waivers[pk],
        )
        for pk, row in bindings.items()
    }


def governed_chunks(day: date) -> Iterator[dict[Project, Governance]]:
    """Yield the live projects that follow a methodology, some hundred at a time. Nine queries each time."""
    bound = MethodologyBinding.objects.filter(made_on__lte=day).values("project_id")
    rows = list(Project.objects.active().filter(pk__in=bound).select_related("node").order_by("pk"))
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        known = load_governance([row.pk for row in chunk], day)
        yield {row: known[row.pk] for row in chunk if row.pk in known}


def approver_roles(known: Governance, row: RequirementRule) -> tuple[str, ...]:
    """
    Return the roles of the portal that decide on a requirement.

    What is submitted is decided by those of the day it was submitted.
    """
    last = known.last_steps.get(row.code)
    if last is not None and last.state == ArtefactState.SUBMITTED:
        return last.approver_roles
    return roles_asked(known, row)


def name_of(known: Governance | None, code: str) -> str:
    """Return what a code of a methodology stands for; the code alone where the version has it no more."""
    rule = known.content.requirement(code) if known else None
    if rule is not None:
        return f"{said(rule.title)} ({code})"
    check = known.content.check(code) if known else None
    return f"{said(check.text)} ({code})" if check is not None else code


def roles_asked(known: Governance, row: RequirementRule) -> tuple[str, ...]:
    """Return the roles of the portal that decide on what is submitted now."""
    role = known.content.role(row.approver)
    return role.held_by if role else ()


def pending_score(project: Project, day: date) -> ComplexityScore | None:
    """Return the score whose tier applies later than a day, if there is one. One query."""
    rows = ComplexityScore.objects.filter(project=project, made_on__lte=day)
    newest = rows.order_by("-made_on", "-pk").first()
    return newest if newest is not None and newest.applies_from > day else None


def newer_version(known: Governance) -> MethodologyVersion | None:
    """Return the version in force of the project's methodology if it is another than its own. One query."""
    rows = MethodologyVersion.objects.filter(
        methodology_id=known.version.methodology_id, state=MethodologyState.EFFECTIVE
    )
    return rows.exclude(pk=known.version.pk).select_related("methodology").first()


def projects_before(version: MethodologyVersion) -> list[Project]:
    """Return the live projects that follow a version of the methodology below this one. One query."""
    bindings = MethodologyBinding.objects.filter(project__in=Project.objects.active())
    rows = bindings.select_related("version", "project").order_by("project_id", "made_on", "pk")
    newest = {row.project_id: row for row in rows}.values()
    of_same = [row for row in newest if row.version.methodology_id == version.methodology_id]
    return [row.project for row in of_same if row.version.rank < version.rank]


def governance_address(code: str) -> str:
    """Return the address of the page."""
    return reverse("portfolio:governance", args=[code])


def budget_of(project: Project, day: date) -> Decimal | None:
    """Return the budget in the currency of the portfolio; None while there is none, or no rate."""
    found = money_totals(project)
    portfolio = Portfolio.objects.filter(components__project=project).first()
    if found.budget is None or portfolio is None:
        return found.budget
    rate = rate_on(source=found.currency, target=portfolio.reporting_currency, day=day, kind=FxKind.BUDGET)
    return None if rate is None else found.budget * rate


def _rows(model: Any, ids: Sequence[int], day: date, *related: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    rows = model.objects.filter(project_id__in=ids, made_on__lte=day).select_related("made_by", *related)
    for row in rows.order_by("made_on", "pk"):
        found[row.project_id].append(row)
    return found


def _governance(
    binding: MethodologyBinding,
    version: Content,
    additions: Additions,
    day: date,
    scores: Iterable[ComplexityScore],
    choices: Iterable[TailoringChoice],
    steps: Iterable[ArtefactStep],
    gates: Iterable[GateDate],
    waivers: Iterable[Waiver],
) -> Governance:
    content = additions.within(version)
    scored = list(scores)
    score = next((row for row in reversed(scored) if row.applies_from <= day), None)
    chosen = {row.requirement: row for row in choices}
    chosen = {code: row for code, row in chosen.items() if row.choice}
    by_code: dict[str, list[ArtefactStep]] = defaultdict(list)
    for step in steps:
        by_code[step.requirement].append(step)
    gate_days = {(row.gate, row.occurrence): row.due_on for row in gates}
    known_days = {key: on for key, on in gate_days.items() if on is not None}
    by_gate: dict[str, list[date]] = defaultdict(list)
    for (gate, _occurrence), on in sorted(known_days.items()):
        rule = content.gate(gate)
        if rule is not None and not rule.is_repeatable:
            by_gate[gate].clear()  # held again: what it asks is due on its newest day
        by_gate[gate].append(on)
    asked = tuple(waivers)
    spans: dict[str, list[WaiverSpan]] = defaultdict(list)
    for waiver in asked:
        if waiver.state in HELD_WAIVERS and waiver.approved_on is not None and waiver.approved_on <= day:
            spans[waiver.requirement].append(_span(waiver))
    return Governance(
        binding=binding,
        content=content,
        records=Records(
            bound_on=binding.made_on,
            tier=score.tier if score else binding.tier,
            choices={code: Choice(row.choice) for code, row in chosen.items()},
            steps={
                code: tuple(Step(StepState(row.state), row.made_on) for row in rows)
                for code, rows in by_code.items()
            },
            waivers={code: tuple(rows) for code, rows in spans.items()},
            gate_dates={gate: tuple(days) for gate, days in by_gate.items()},
            windows=additions.windows(version, by_gate),
            own=frozenset(additions.own),
        ),
        gate_days=known_days,
        last_steps={code: rows[-1] for code, rows in by_code.items()},
        approvals=_approvals(by_code),
        choices=chosen,
        score=score,
        scored_on=max((row.made_on for row in scored), default=None),
        additions=additions,
        waivers=asked,
    )


def _approvals(steps: Mapping[str, Iterable[ArtefactStep]]) -> dict[str, ArtefactStep]:
    """Return the newest approval of each artefact."""
    approved = ArtefactState.APPROVED
    return {code: step for code, rows in steps.items() for step in rows if step.state == approved}


def _span(waiver: Waiver) -> WaiverSpan:
    last = waiver.expires_on
    if waiver.revoked_on is not None:
        last = min(last, waiver.revoked_on - timedelta(days=1))
    return WaiverSpan(waiver.approved_on or waiver.requested_on, last)
