"""Gates for tests: a project before G0 of the stage-gate methodology, with its forum."""

from dataclasses import dataclass
from datetime import date, timedelta

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from portfolio.models import GateReview, Portfolio, PortfolioComponent
from portfolio.services.artefacts import record_step
from portfolio.services.gate_decisions import decide_review
from portfolio.services.gate_forums import set_forum
from portfolio.services.gate_preparation import Given, answer_checks
from portfolio.services.gate_reviews import cast_vote, request_review
from portfolio.services.governance import bind_methodology, plan_gates
from projects.models import Project
from projects.services.states import change_state
from tests.factories import grant, manager_of, person, project, user
from tests.portfolio.methods import DAY, stage_gate

G0_DAY = DAY + timedelta(days=10)
G1_DAY = DAY + timedelta(days=40)


@dataclass(frozen=True)
class Scene:
    """A project with a manager, a sponsor, and Petra, who manages the portfolio and so decides G0."""

    project: Project
    alice: User
    petra: User
    stella: User


def scene(tier: str = "T1") -> Scene:
    """Return a project that follows SG 1.0.2 with G0 and G1 planned."""
    made = project("P-1", tier=tier)
    alice, petra, stella = manager_of(made), user("Petra"), user("Stella")
    grant(petra, Role.PORTFOLIO_MANAGER, made.node.parent)
    grant(stella, Role.SPONSOR, made.node)
    bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)
    dates: dict[tuple[str, int], date | None] = {("G0", 1): G0_DAY, ("G1", 1): G1_DAY}
    plan_gates(actor=None, project=made, dates=dates, today=DAY)
    return Scene(made, alice, petra, stella)


def prepare(
    found: Scene, *, answers: dict[str, str] | None = None, approved: tuple[str, ...] = ("SG-01", "SG-02")
) -> None:
    """Approve artefacts, answer G0 and name its forum."""
    for code in approved:
        for state in ("SUBMITTED", "APPROVED"):
            record_step(actor=None, project=found.project, requirement=code, state=state, today=DAY)
    given = answers or {"G0-1": "YES", "G0-2": "YES", "G0-3": "YES"}
    answer_checks(
        actor=found.alice,
        project=found.project,
        gate="G0",
        occurrence=1,
        answers={code: Given(answer, "As said") for code, answer in given.items()},
        today=DAY,
    )
    set_forum(
        actor=found.alice,
        project=found.project,
        gate="G0",
        occurrence=1,
        chair=found.petra,
        deciders=[found.stella],
        today=DAY,
    )


def requested(found: Scene, **given: object) -> GateReview:
    """Return the review of G0, requested by Alice."""
    prepare(found, **given)  # type: ignore[arg-type]
    return request_review(actor=found.alice, project=found.project, gate="G0", occurrence=1, today=DAY)


def voted(review: GateReview, vote: str, *people: User) -> GateReview:
    """Let people vote alike."""
    for each in people:
        cast_vote(actor=each, review=review, vote=vote, reason="Convinced", today=DAY)
    review.refresh_from_db()
    return review


def decided(found: Scene, decision: str, review: GateReview | None = None, **given: object) -> GateReview:
    """Return the review of G0, voted for and decided by Petra."""
    made = voted(review or requested(found), decision, found.petra, found.stella)
    return decide_review(
        actor=found.petra, review=made, decision=decision, reason="As voted by all", today=DAY, **given
    )  # type: ignore[arg-type]


def executing() -> Scene:
    """Return the scene with a project that is carried out."""
    found = scene()
    for state in ("APPROVED", "INITIATING", "PLANNING", "EXECUTING"):
        change_state(actor=None, project=found.project, state=state, today=DAY)
    found.project.refresh_from_db()
    return found


def killed(found: Scene | None = None) -> tuple[Scene, GateReview]:
    """Return a project its sponsor and Petra, who owns the portfolio, have killed at G0."""
    found = found or executing()
    owner = person("Petra", of=found.petra)
    home = Portfolio.objects.create(code="PF", name="PF", node=found.project.node.parent, owner=owner)
    PortfolioComponent.objects.create(project=found.project, portfolio=home)
    review = decided(found, "KILL")
    found.project.refresh_from_db()
    return found, review
