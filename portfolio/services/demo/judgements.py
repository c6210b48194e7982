"""Assess the demo organization: its need of a PMO and its maturity, two years in a row."""

from datetime import UTC, date, datetime, time, timedelta

from portfolio.choices import AssessmentKind, Effort, GapState, MaturityScope
from portfolio.models import Assessment
from portfolio.rollup import maturity, need
from portfolio.rollup.maturity import Aim
from portfolio.services.assessments import (
    AssessmentDraft,
    answer_assessment,
    close_assessment,
    start_assessment,
)
from portfolio.services.demo.cast import Cast
from portfolio.services.gap_plans import edit_gap_action, plan_gaps

YEAR = timedelta(days=364)
RESPONDENTS = ("pmo.head", "portfolio.manager", "executive")
# Answers in the order of the questions; the first row of the former year is EX-NEED.
NEED_BEFORE = ("32432321232212112101", "22332231222211101001", "32423221232212111000")
NEED_NOW = ("32443321242323222211", "22432231232211112101", "33432321242212112001")
# One row for each perspective: two statements for each level from 2 to 5.
MATURITY_BEFORE = ("32110000", "21100000", "11000000", "22110000", "21010000", "22110000", "21000000")
MATURITY_NOW = ("33221100", "32221000", "22100000", "32211000", "22120000", "32221200", "22110000")
EVIDENCE = "Seen in the portal and in the minutes of the PMO"
AIMS = {"BENEFITS": Aim(3, 3), "RESOURCES": Aim(3, 2), "FINANCE": Aim(3, 1), "CONTROL": Aim(4, 1)}


def assess_organization(cast: Cast, *, as_of: date) -> None:
    """Hold the assessments of last year and of this one, and plan what follows."""
    now = as_of - timedelta(days=20)
    for day, rows in ((now - YEAR, NEED_BEFORE), (now, NEED_NOW)):
        _assess_need(cast, day, rows)
    for day, row in ((now - YEAR, MATURITY_BEFORE), (now, MATURITY_NOW)):
        held = _assess_maturity(cast, day, row)
    _plan(cast, held, as_of)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(10), tzinfo=UTC)


def _start(cast: Cast, draft: AssessmentDraft, mailboxes: tuple[str, ...]) -> Assessment:
    people = [cast.people[mailbox] for mailbox in mailboxes]
    return start_assessment(actor=cast.pmo, draft=draft, people=people)


def _close(cast: Cast, held: Assessment, day: date) -> Assessment:
    return close_assessment(actor=cast.pmo, assessment=held, expected_version=None, now=_moment(day))


def _assess_need(cast: Cast, day: date, rows: tuple[str, ...]) -> None:
    draft = AssessmentDraft(AssessmentKind.NEED, f"PMO need {day.year}", day)
    held = _start(cast, draft, RESPONDENTS)
    for mailbox, row in zip(RESPONDENTS, rows, strict=True):
        answers = {code: int(value) for code, value in zip(need.CODES, row, strict=True)}
        answer_assessment(actor=cast.users[mailbox], assessment=held, answers=answers, now=_moment(day))
    _close(cast, held, day)


def _assess_maturity(cast: Cast, day: date, rows: tuple[str, ...]) -> Assessment:
    draft = AssessmentDraft(
        AssessmentKind.MATURITY, f"Maturity of portfolios {day.year}", day, MaturityScope.PORTFOLIO
    )
    held = _start(cast, draft, RESPONDENTS[:2])
    answers = {code: int(value) for code, value in zip(maturity.CODES, "".join(rows), strict=True)}
    shown = {code: EVIDENCE for code, value in answers.items() if value >= maturity.EVIDENCE_FROM}
    for mailbox in RESPONDENTS[:2]:
        answer_assessment(
            actor=cast.users[mailbox], assessment=held, answers=answers, evidence=shown, now=_moment(day)
        )
    return _close(cast, held, day)


def _plan(cast: Cast, held: Assessment, as_of: date) -> None:
    """Plan the gaps: one action is done, one is late, one is under way, the others wait."""
    actions = plan_gaps(actor=cast.pmo, assessment=held, aims=AIMS)
    planned = (
        ("Name an owner and a measure for every benefit", "portfolio.manager", 30, Effort.MEDIUM, ""),
        ("Hold a benefit review six months after closing", "pmo.analyst", -5, Effort.SMALL, ""),
        (
            "Plan capacity by role each quarter",
            "pmo.analyst",
            60,
            Effort.LARGE,
            "The sheet is in use",
        ),
    )
    for action, (text, mailbox, days, effort, note) in zip(actions, planned, strict=False):
        changes = {
            "action": text,
            "owner": cast.people[mailbox],
            "due": as_of + timedelta(days=days),
            "effort": effort,
            "note": note,
            "state": GapState.DONE if note else GapState.OPEN,
        }
        edit_gap_action(
            actor=cast.pmo, gap_action=action, changes=changes, today=as_of, expected_version=action.version
        )
