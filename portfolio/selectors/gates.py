"""Gates of a project: where each stands, and what still keeps a review from being requested (STD-17)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolio.choices import ConditionState, GateDecision, GateState
from portfolio.models import GateDate, GateReview
from portfolio.models.gate import PASSED
from portfolio.rollup.methodology import GateRule
from portfolio.rollup.readiness import Decision, Readiness, open_decisions
from portfolio.selectors.gate_facts import PERSON, Asked
from portfolio.selectors.gate_forum import Blocker, forum_blockers, parts_of
from portfolio.selectors.governance import Governance
from projects.choices import ProjectState
from projects.models import Project
from projects.selectors.states import next_states

CLOSED = frozenset({ProjectState.CLOSED, ProjectState.CANCELED})
NEW = 1
ENDED = (GateState.DECIDED, GateState.CLOSED, GateState.WITHDRAWN)


@dataclass(frozen=True)
class GateStand:
    """A review of a gate, held or to come; ``is_newest`` among those of the same gate."""

    gate: GateRule
    occurrence: int
    day: date | None
    review: GateReview | None
    is_newest: bool
    is_lapsed: bool = False
    is_overdue: bool = False

    @property
    def state(self) -> str:
        """State of the review; one nobody began is planned."""
        return self.review.state if self.review else str(GateState.PLANNED)

    @property
    def version(self) -> int:
        """Version of the review; one nobody began counts as new."""
        return self.review.version if self.review else NEW

    @property
    def label(self) -> str:
        """The gate as people call it: with a number from its second review on."""
        return self.gate.code if self.occurrence == 1 else f"{self.gate.code}.{self.occurrence}"

    @property
    def is_ended(self) -> bool:
        """Whether it was decided or withdrawn."""
        return self.state in ENDED

    @property
    def is_renewable(self) -> bool:
        """Whether its decision lapsed and is not taken again yet."""
        return self.is_lapsed and self.is_newest

    @property
    def is_passed(self) -> bool:
        """Whether the project may go on from here, conditions aside."""
        return self.review is not None and self.review.is_passed


@dataclass(frozen=True)
class PlannedGate:
    """An occurrence of a gate with its day, if it has one."""

    code: str
    occurrence: int
    day: date | None
    is_decided: bool


@dataclass(frozen=True)
class GateCalendar:
    """The days of all gates of a project."""

    version: int
    days: tuple[PlannedGate, ...]


def reviews_of(project: Project) -> list[GateReview]:
    """Return the reviews of a project with all that belongs to them but the evidence. Four queries."""
    rows = GateReview.objects.with_use().filter(project=project).defer("evidence")
    rows = rows.select_related("requested_by", "decided_by")
    found = rows.prefetch_related(
        "members__user", "answers__made_by", "conditions__owner", "conditions__evidence_by"
    )
    return list(found.order_by("gate", "occurrence"))


def decided_gates(project: Project) -> frozenset[tuple[str, int]]:
    """Return the gates, with their occurrence, on which somebody decided. One query."""
    rows = GateReview.objects.filter(project=project, state__in=[GateState.DECIDED, GateState.CLOSED])
    return frozenset(rows.values_list("gate", "occurrence"))


def gate_calendar(known: Governance | None, project: Project) -> GateCalendar:
    """Return all gates of the version in order, each with its day. Two queries."""
    decided = decided_gates(project)
    return GateCalendar(
        version=calendar_version(project),
        days=tuple(_planned(known, decided)) if known else (),
    )


def _planned(known: Governance, decided: frozenset[tuple[str, int]]) -> Iterator[PlannedGate]:
    for gate in known.content.gates:
        planned = {number for code, number in (*known.gate_days, *decided) if code == gate.code}
        for number in sorted(planned | {1}):
            key = (gate.code, number)
            yield PlannedGate(*key, day=known.gate_days.get(key), is_decided=key in decided)


def calendar_version(project: Project) -> int:
    """Return how often a day of a gate was set: whoever saw fewer saw an older calendar. One query."""
    return GateDate.objects.filter(project=project).count()


def passed_gates(project: Project) -> frozenset[str]:
    """Return the codes of the gates whose newest decision lets the project go on. One query."""
    decided = GateReview.objects.filter(project=project).exclude(decision="").order_by("occurrence")
    newest = dict(decided.values_list("gate", "decision"))
    return frozenset(gate for gate, decision in newest.items() if decision in PASSED)


def gate_stands(known: Governance, reviews: Iterable[GateReview], today: date) -> list[GateStand]:
    """Return all gates of the version in order, each with every review held or planned. No query."""
    held = {(row.gate, row.occurrence): row for row in reviews}
    stands = []
    for gate in known.content.gates:
        numbers = {number for code, number in (*held, *known.gate_days) if code == gate.code} or {1}
        stands += [
            _stand(known, gate, number, held.get((gate.code, number)), number == max(numbers), today)
            for number in sorted(numbers)
        ]
    return stands


def stand_of(stands: Sequence[GateStand], gate: str, occurrence: int) -> GateStand | None:
    """Return one of the stands."""
    return next((row for row in stands if (row.gate.code, row.occurrence) == (gate, occurrence)), None)


def next_stand(stands: Sequence[GateStand]) -> GateStand | None:
    """Return the review that comes next: the first one that is neither decided nor withdrawn."""
    return next((row for row in stands if not row.is_ended), None)


def score_request(stand: GateStand, stands: Sequence[GateStand], known: Governance, project: Project) -> str:
    """Return why the complexity is to be scored for a gate, "" if it need not be (STD-4). No query."""
    is_running = stand.review is not None and stand.review.is_running
    if stand is not next_stand(stands) or is_running or project.state in CLOSED:
        return ""
    if known.scored_on is None:
        return _("The complexity is not scored yet: ten answers give the tier.")
    passed = [
        row.review.decided_on for row in stands if row.review and row.is_passed and row.review.decided_on
    ]
    if not passed or known.scored_on >= max(passed):
        return ""
    values = {"day": date_format(known.scored_on, "SHORT_DATE_FORMAT")}
    return (
        _("The complexity was scored on %(day)s, before the last gate. Score it again for this one.") % values
    )


def order_blockers(stand: GateStand, stands: Sequence[GateStand]) -> list[Blocker]:
    """Return what earlier gates still keep from this one (STD-17). No query."""
    found = []
    for former in stands:
        if former.gate.code == stand.gate.code:
            break
        if former.is_newest and not former.is_passed:
            values = {"gate": former.label}
            found.append(
                Blocker("ORDER", _("Gate %(gate)s has to be passed first: gates are in order.") % values)
            )
    earlier = [
        row for row in stands if row.gate.code == stand.gate.code and row.occurrence < stand.occurrence
    ]
    if any(not row.is_ended for row in earlier):
        found.append(Blocker("ORDER", _("The review before this one is not decided yet.")))
    before = _before(stand, stands)
    limit = before.review.valid_until if before is not None and before.review is not None else None
    if before is not None and before.is_lapsed and limit is not None:
        values = {"gate": before.label, "day": date_format(limit, "SHORT_DATE_FORMAT")}
        sentence = _("The decision of %(gate)s held until %(day)s and no work went on. Renew it first.")
        found.append(Blocker("LAPSED", sentence % values))
    found += [
        Blocker("CONDITIONS_OPEN", _("A condition of %(gate)s is open: %(text)s") % values)
        for values in _open_conditions(stands)
    ]
    return found


def decisions_for(found: Readiness, project: Project) -> tuple[Decision, ...]:
    """Return what may be decided: readiness (STD-14) and state of the project (ORG-5) allow it. No query."""
    return tuple(each for each in open_decisions(found) if _has_effect(each, project))


def _has_effect(decision: Decision, project: Project) -> bool:
    """Whether the project can follow: one on hold may be held longer, a closed one goes nowhere."""
    following = next_states(project)
    if decision == Decision.KILL:
        return ProjectState.CANCELED in following
    if decision == Decision.HOLD:
        return ProjectState.ON_HOLD in (project.state, *following)
    return project.state not in CLOSED


def request_blockers(
    stand: GateStand,
    stands: Sequence[GateStand],
    lines: Sequence[Asked],
    *,
    project: Project,
    barred: Iterable[int],
    requester_id: int | None,
) -> list[Blocker]:
    """Return everything that keeps a review from being requested. No query."""
    found = []
    if project.state in CLOSED:
        found.append(Blocker("PROJECT_CLOSED", _("The project is closed, so no gate lies ahead of it.")))
    found += order_blockers(stand, stands)
    if stand.day is None:
        found.append(Blocker("NO_DAY", _("Plan a day for this gate first.")))
    open_ones = [asked.code for asked in lines if asked.answer is None]
    if open_ones:
        values = {"codes": ", ".join(open_ones)}
        found.append(Blocker("UNANSWERED", _("Not answered yet: %(codes)s.") % values))
    bare = [asked.code for asked in lines if _lacks_evidence(asked)]
    if bare:
        values = {"codes": ", ".join(bare)}
        found.append(Blocker("EVIDENCE", _("Answered without the evidence they need: %(codes)s.") % values))
    parts = parts_of(stand.review.members.all()) if stand.review else {}
    return found + forum_blockers(parts, quorum=stand.gate.quorum, barred=barred, requester_id=requester_id)


def _lacks_evidence(asked: Asked) -> bool:
    is_claimed = asked.answer is not None and asked.answer.value in ("YES", "PARTLY")
    return asked.by == PERSON and asked.is_evidence_required and is_claimed and not (asked.link or asked.note)


def _stand(
    known: Governance,
    gate: GateRule,
    number: int,
    review: GateReview | None,
    is_newest: bool,
    today: date,
) -> GateStand:
    day = known.gate_days.get((gate.code, number))
    is_last = known.content.gates[-1].code == gate.code
    is_used = bool(getattr(review, "is_used", True))
    is_lapsed = bool(review and not is_last and review.has_lapsed(today, is_used=is_used))
    is_open = review is None or review.state not in ENDED
    return GateStand(
        gate=gate,
        occurrence=number,
        day=day,
        review=review,
        is_newest=is_newest,
        is_lapsed=is_lapsed,
        is_overdue=is_open and day is not None and day < today,
    )


def _before(stand: GateStand, stands: Sequence[GateStand]) -> GateStand | None:
    """Return the newest review of the gate before this one."""
    earlier: list[GateStand] = []
    for row in stands:
        if row.gate.code == stand.gate.code:
            break
        earlier.append(row)
    return earlier[-1] if earlier else None


def _open_conditions(stands: Sequence[GateStand]) -> list[dict[str, str]]:
    return [
        {"gate": row.label, "text": condition.text}
        for row in stands
        if row.review is not None and row.review.decision == GateDecision.CONDITIONAL_GO
        for condition in row.review.conditions.all()
        if condition.state == ConditionState.OPEN
    ]
