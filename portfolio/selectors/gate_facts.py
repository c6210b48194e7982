"""What a gate asks and how it is answered: by the portal where it knows, else by the project (STD-13)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from portfolio.choices import DocumentState
from portfolio.models import ArtefactStep, DocumentVersion, GateCheck, GateReview, ProjectHealth
from portfolio.rollup.compliance import ItemStatus, applies, items_on
from portfolio.rollup.methodology import CheckRule, GateRule, Probe, RequirementRule, Words
from portfolio.rollup.readiness import Answer, Line, Readiness, readiness_of
from portfolio.selectors.governance import Governance, governance_address
from projects.engine.schedule_quality.vocabulary import Check, Verdict
from projects.models import Baseline, Project, ScheduleAssessment
from projects.selectors.money import money_totals

PORTAL, PERSON, ARTEFACT = "PORTAL", "PERSON", "ARTEFACT"
STATUS_ANSWERS = {
    ItemStatus.MET: Answer.YES,
    ItemStatus.PARTLY: Answer.PARTLY,
    ItemStatus.WAIVED: Answer.NOT_APPLICABLE,
}
CHECKED = {"7": Check.NEGATIVE_FLOAT, "12": Check.CRITICAL_PATH_TEST}
RATED = ("HS1", "HC1")
COLOR_ANSWERS = {"RED": Answer.NO, "AMBER": Answer.PARTLY, "GREEN": Answer.YES, "BLUE": Answer.YES}


@dataclass(frozen=True)
class Found:
    """What the portal found out: the answer, why in a code with values, and where to look."""

    answer: Answer
    reason: str
    url: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sealed:
    """The document of a requirement; number and seal are those of its newest approved version, if any."""

    url: str = ""
    number: str = ""
    checksum: str = ""

    def seal_of(self, status: ItemStatus) -> dict[str, str]:
        """Return what a met requirement is sealed with; a draft is no evidence (STD-15)."""
        if status != ItemStatus.MET or not self.number:
            return {}
        return {"document": self.number, "checksum": self.checksum}


NO_DOCUMENT = Sealed()


@dataclass(frozen=True)
class Asked:
    """
    A line of the readiness of a gate.

    ``by`` tells who answers: `PORTAL`, `PERSON`, or an `ARTEFACT`; ``reason`` is a code of `gate_words`.
    """

    code: str
    text: Words
    by: str
    weight: int
    is_knock_out: bool
    is_evidence_required: bool
    is_waived: bool
    answer: Answer | None
    reason: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    link: str = ""
    url: str = ""

    @property
    def line(self) -> Line:
        """The line as the sum counts it."""
        return Line(self.code, self.weight, self.answer, self.is_knock_out, self.is_waived)


def asked_at(
    known: Governance,
    gate: GateRule,
    occurrence: int,
    *,
    project: Project,
    answers: Iterable[GateCheck],
    today: date,
) -> tuple[Asked, ...]:
    """
    Return everything a gate asks of a project, artefacts first.

    One query, and those of the sources of the portal its checklist names, at most eight.
    """
    given = {row.check_code: row for row in answers}
    known_facts: dict[Probe, Found] = {}
    lines = [
        _artefact(known, row, found) for row, found in _due_here(known, gate, occurrence, project, today)
    ]
    for check in known.content.checks_of(gate.code):
        if not check.is_asked_of(known.records.tier):
            continue
        if check.answered_by is not None and check.answered_by not in known_facts:
            known_facts[check.answered_by] = PROBES[check.answered_by](project, today)
        found = known_facts[check.answered_by] if check.answered_by else None
        lines.append(_check(known, check, found, given.get(check.code), today))
    return tuple(lines)


def readiness_at(gate: GateRule, lines: Iterable[Asked]) -> Readiness:
    """Return the readiness of a gate from its lines."""
    return readiness_of([asked.line for asked in lines], threshold=gate.pass_threshold)


def frozen_readiness(review: GateReview, known: Governance, today: date) -> Readiness:
    """Return the readiness a review was requested with; knock-outs waived since are lifted (STD-13)."""
    percent = review.evidence.get("percent")
    found = Readiness(
        percent=Decimal(percent) if percent else None,
        threshold=Decimal(review.evidence.get("threshold", "0")),
        failed=tuple(review.evidence.get("failed", ())),
    )
    return found.without([code for code in found.failed if is_waived(known, code, today)])


def is_waived(known: Governance, code: str, day: date) -> bool:
    """Whether an approved waiver covers a requirement or question on a day."""
    return any(span.covers(day) for span in known.records.waivers.get(code, ()))


def day_of(known: Governance, gate: str, occurrence: int) -> date | None:
    """Return the day a review is planned for."""
    return known.gate_days.get((gate, occurrence))


def _due_here(
    known: Governance, gate: GateRule, occurrence: int, project: Project, today: date
) -> Iterable[tuple[RequirementRule, Found]]:
    """Yield the artefacts of a gate with their status as if it were held now; what came earlier stays."""
    planned = day_of(known, gate.code, occurrence) or today
    at = max(planned, today)
    dates = {
        code: tuple(on for on in days if on < planned) for code, days in known.records.gate_dates.items()
    }
    own = [on for (code, number), on in known.gate_days.items() if code == gate.code and number < occurrence]
    dates[gate.code] = (*(own if gate.is_repeatable else ()), planned)
    items = {
        item.code: item for item in items_on(known.content, replace(known.records, gate_dates=dates), at)
    }
    documents = _documents(project)
    for row in known.content.requirements:
        wanted = applies(row.rule_for(known.records.tier), known.records.choice(row.code))
        if row.cadence or not wanted or gate.code not in known.content.gates_of(row):
            continue
        status = items[row.code].status
        answer = STATUS_ANSWERS.get(status, Answer.NO)
        document = documents.get(row.code, NO_DOCUMENT)
        values = {**_step_values(_step_of(known, row, status)), **document.seal_of(status)}
        yield (
            row,
            Found(
                answer, f"ARTEFACT_{status.value}", document.url or governance_address(project.code), values
            ),
        )


def _documents(project: Project) -> dict[str, Sealed]:
    """Return the document of each requirement: its address, its newest approved version. One query."""
    rows = DocumentVersion.objects.filter(document__project=project).exclude(document__requirement="")
    found: dict[str, Sealed] = {}
    for row in rows.select_related("document").defer("sections").order_by("number", "pk"):
        url = reverse("portfolio:document", args=[project.code, row.document_id])
        former = found.get(row.document.requirement, NO_DOCUMENT)
        is_approved = row.state == DocumentState.APPROVED
        found[row.document.requirement] = (
            Sealed(url, str(row.number), row.checksum) if is_approved else replace(former, url=url)
        )
    return found


def _step_of(known: Governance, row: RequirementRule, status: ItemStatus) -> ArtefactStep | None:
    """Return the step a status rests on: work begun again after an approval does not undo it."""
    steps = known.approvals if status == ItemStatus.MET else known.last_steps
    return steps.get(row.code)


def _step_values(step: ArtefactStep | None) -> dict[str, str]:
    if step is None:
        return {}
    name = step.made_by.name if step.made_by else "PMO Portal"
    return {"state": step.state, "day": step.made_on.isoformat(), "name": name, "step": str(step.pk)}


def _artefact(known: Governance, row: RequirementRule, found: Found) -> Asked:
    step = _step_of(known, row, ItemStatus.MET if found.answer == Answer.YES else ItemStatus.PARTLY)
    return Asked(
        code=row.code,
        text=row.title,
        by=ARTEFACT,
        weight=0 if row.code in known.records.own else row.weight,  # own ones must not lift the readiness
        is_knock_out=row.is_knock_out,
        is_evidence_required=False,
        is_waived=found.reason == "ARTEFACT_WAIVED",
        answer=found.answer,
        reason=found.reason,
        values=found.values,
        note=step.note if step else "",
        link=step.link if step else "",
        url=found.url,
    )


def _check(
    known: Governance, check: CheckRule, found: Found | None, given: GateCheck | None, today: date
) -> Asked:
    asked = Asked(
        code=check.code,
        text=check.text,
        by=PORTAL if found else PERSON,
        weight=check.weight,
        is_knock_out=check.is_knock_out,
        is_evidence_required=check.is_evidence_required,
        is_waived=is_waived(known, check.code, today),
        answer=None,
    )
    if found is not None:
        return replace(asked, answer=found.answer, reason=found.reason, values=found.values, url=found.url)
    if given is None:
        return replace(asked, reason="UNANSWERED")
    name = given.made_by.name if given.made_by else "PMO Portal"
    return replace(
        asked,
        answer=Answer(given.answer),
        reason="ANSWERED",
        values={"name": name, "day": given.made_on.isoformat()},
        note=given.note,
        link=given.link,
    )


def _baseline(project: Project, today: date) -> Found:
    url = reverse("projects:baselines", args=[project.code])
    row = Baseline.objects.filter(project=project, is_current=True).first()
    if row is None:
        return Found(Answer.NO, "NO_BASELINE", url)
    values = {"number": str(row.number), "day": row.effective_from.isoformat()}
    return Found(Answer.YES, "BASELINE_APPROVED", url, values)


def _funds(project: Project, today: date) -> Found:
    url = reverse("projects:money", args=[project.code])
    totals = money_totals(project)
    if totals.budget is None:
        return Found(Answer.NO, "NO_BUDGET", url)
    if totals.left_out:
        return Found(Answer.PARTLY, "RATE_MISSING", url)
    needed = totals.spoken_for if totals.forecast is None else totals.forecast
    is_within = needed <= totals.budget
    return Found(*((Answer.YES, "WITHIN_BUDGET") if is_within else (Answer.NO, "ABOVE_BUDGET")), url)


def _schedule_checks(project: Project, today: date) -> Found:
    url = reverse("projects:quality", args=[project.code])
    newest = ScheduleAssessment.objects.known_on(today).filter(project=project).first()
    made = {row["code"]: row["verdict"] for row in newest.result.get("checks", ())} if newest else {}
    verdicts = {number: made.get(str(check)) for number, check in CHECKED.items()}
    if newest is None or not any(verdict in (Verdict.PASS, Verdict.FAIL) for verdict in verdicts.values()):
        return Found(Answer.NO, "CHECKS_NOT_MADE", url)
    failed = [number for number, verdict in verdicts.items() if verdict == Verdict.FAIL]
    values = {"day": newest.as_of.isoformat(), "checks": ", ".join(failed)}
    return Found(*((Answer.NO, "CHECKS_FAILED") if failed else (Answer.YES, "CHECKS_PASSED")), url, values)


def _forecast(project: Project, today: date) -> Found:
    url = reverse("portfolio:project_health_panel", args=[project.code])
    newest = ProjectHealth.objects.filter(project=project, as_of__lte=today).order_by("-as_of").first()
    rows = newest.indicators if newest else []
    colors = {row["raw"]["code"]: row["color"] for row in rows if row["raw"]["code"] in RATED}
    rated = {code: color for code, color in colors.items() if color in COLOR_ANSWERS}
    if newest is None or not rated:
        return Found(Answer.NO, "FORECAST_NOT_RATED", url)
    answers = {code: COLOR_ANSWERS[color] for code, color in rated.items()}
    worst = min(answers.values(), key=(Answer.NO, Answer.PARTLY, Answer.YES).index)
    off = ", ".join(code for code in RATED if answers.get(code) == worst)
    reasons = {Answer.YES: "FORECAST_WITHIN", Answer.PARTLY: "FORECAST_CLOSE", Answer.NO: "FORECAST_OUTSIDE"}
    return Found(worst, reasons[worst], url, {"codes": off, "day": newest.as_of.isoformat()})


PROBES: dict[Probe, Callable[[Project, date], Found]] = {
    Probe.BASELINE: _baseline,
    Probe.FUNDS: _funds,
    Probe.SCHEDULE_CHECKS: _schedule_checks,
    Probe.FORECAST: _forecast,
}


def evidence_of(
    review: GateReview,
    lines: Iterable[Asked],
    found: Readiness,
    *,
    project: Project,
    known: Governance,
    gate: GateRule,
    today: date,
) -> dict[str, Any]:
    """Return what a review is requested on: texts only, so that its checksum can be computed again."""
    planned = day_of(known, gate.code, review.occurrence)
    return {
        "project": project.code,
        "name": project.name,
        "state": project.state,
        "methodology": str(known.version),
        "tier": known.records.tier,
        "gate": gate.code,
        "occurrence": review.occurrence,
        "planned_on": planned.isoformat() if planned else "",
        "requested_on": today.isoformat(),
        "quorum": gate.quorum,
        "percent": "" if found.percent is None else str(found.percent),
        "threshold": str(found.threshold),
        "failed": list(found.failed),
        "compliance": _compliance(known, today),
        "lines": [_plain(asked) for asked in lines],
    }


def _compliance(known: Governance, today: date) -> str:
    value = known.compliance(today).percent
    return "" if value is None else str(value)


def _plain(asked: Asked) -> dict[str, Any]:
    return {
        "code": asked.code,
        "text": {"en": asked.text.en, "de": asked.text.de},
        "by": asked.by,
        "weight": asked.weight,
        "is_knock_out": asked.is_knock_out,
        "is_waived": asked.is_waived,
        "answer": asked.answer.value if asked.answer else "",
        "reason": asked.reason,
        "values": dict(asked.values),
        "note": asked.note,
        "link": asked.link,
        "url": asked.url,
    }


def frozen_lines(evidence: Mapping[str, Any]) -> tuple[Asked, ...]:
    """Return the lines of frozen evidence."""
    return tuple(
        Asked(
            code=row["code"],
            text=Words(**row["text"]),
            by=row["by"],
            weight=row["weight"],
            is_knock_out=row["is_knock_out"],
            is_evidence_required=False,
            is_waived=row["is_waived"],
            answer=Answer(row["answer"]) if row["answer"] else None,
            reason=row["reason"],
            values=row["values"],
            note=row["note"],
            link=row["link"],
            url=row["url"],
        )
        for row in evidence.get("lines", ())
    )
