"""Training of the demo: most passed what their roles require, some are late, failed or about to lapse."""

from datetime import date, timedelta
from random import Random

from pmo_portal.accounts.models import User
from portfolio.choices import EnrolmentState, KnowledgeKind
from portfolio.models import Course, Enrolment, KnowledgeItem
from portfolio.rollup.quiz import right_answer
from portfolio.selectors.required_training import Standing, people_in, standings
from portfolio.services.course_content import load_courses
from portfolio.services.demo.cast import Cast
from portfolio.services.demo.habits import habit_of
from portfolio.services.library import months_after
from portfolio.services.training import asked_in, hand_in, start_attempt
from portfolio.services.training_upkeep import keep_training

LOADED_DAYS_AGO = 1_300
REVIEW_AHEAD = timedelta(days=150)
PASSED, SECOND, ENDING, ENDED, LATE, FAILED, SOON = range(7)


def train_people(cast: Cast, *, as_of: date, seed: int) -> None:
    """Publish the starter courses years ago, and let people take what their roles require."""
    rng = Random(f"training/{seed}")  # noqa: S311 - a story, no secret
    load_courses(today=as_of - timedelta(days=LOADED_DAYS_AGO), owner=cast.pmo)
    KnowledgeItem.objects.filter(kind=KnowledgeKind.COURSE).update(review_by=as_of + REVIEW_AHEAD)
    required = [row for row in standings(today=as_of) if row.is_required]
    people = people_in(required)
    for row in required:
        who = people[row.user_id]
        fates = habit_of(unit_of(who)).fates
        _tell(who, row, rng.choices(range(len(fates)), fates)[0], rng, as_of)
    keep_training(today=as_of)


def unit_of(person: User) -> str:
    """Return the code of the unit somebody works in."""
    unit = person.person.org_unit if hasattr(person, "person") else None
    return unit.code if unit else ""


def _tell(person: User, row: Standing, fate: int, rng: Random, as_of: date) -> None:
    """Let one person live through one course."""
    months = row.course.validity_months
    if fate in (ENDING, ENDED) and not months:
        fate = PASSED
    day = as_of - timedelta(days=rng.randint(40, 330))
    if fate in (ENDING, ENDED):
        last = as_of + timedelta(days=rng.randint(4, 28) * (1 if fate == ENDING else -1))
        day = months_after(last, -(months or 0))
    late, soon = as_of - timedelta(days=rng.randint(5, 70)), as_of + timedelta(days=rng.randint(3, 25))
    due = {LATE: late, FAILED: late, SOON: soon}.get(fate, day + timedelta(days=rng.randint(1, 20)))
    Enrolment.objects.create(user=person, course=row.course, state=EnrolmentState.ASSIGNED, due=due)
    tries = {SECOND: (False, True), FAILED: (False,) * row.course.max_attempts, LATE: (), SOON: ()}
    for number, is_right in enumerate(tries.get(fate, (True,))):
        before = late - timedelta(days=9) if fate == FAILED else day
        _attempt(person, row.course, is_right, before + timedelta(days=2 * number), rng)


def _attempt(person: User, course: Course, is_right: bool, day: date, rng: Random) -> None:
    """Take a quiz: all right, or about half of it."""
    attempt = start_attempt(
        actor=person, course=course, language=person.language or "en", today=day, seed=rng.randrange(2**32)
    )
    asked = asked_in(attempt)
    known = asked if is_right else asked[: len(asked) // 2]
    answers = {each.question.code: right_answer(each) for each in known}
    hand_in(actor=person, attempt=attempt, answers=answers, today=day)
