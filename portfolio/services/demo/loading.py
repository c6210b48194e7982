"""Load the demo organization, at any scale, the same for the same seed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.notifications.models import Notification
from portfolio.services.demo.cast import Cast, build_cast
from portfolio.services.demo.catalogue import STORIES
from portfolio.services.demo.dependencies import let_projects_wait
from portfolio.services.demo.example_health import load_health_examples
from portfolio.services.demo.example_plans import load_earned_value_example, load_schedule_example
from portfolio.services.demo.gates import hold_gates
from portfolio.services.demo.governance import follow_methodologies
from portfolio.services.demo.habits import SINCE
from portfolio.services.demo.histories import tell_story
from portfolio.services.demo.judgements import assess_organization
from portfolio.services.demo.knowledge import fill_library
from portfolio.services.demo.lessons import teach_lessons
from portfolio.services.demo.office import staff_office
from portfolio.services.demo.templated import MADE, make_from_template
from portfolio.services.demo.training import train_people
from portfolio.services.document_templates import load_shipped_documents
from portfolio.services.methodologies import load_shipped_methodologies
from portfolio.services.policies import ensure_organization_policy
from portfolio.services.project_templates import load_shipped_templates
from projects.choices import ProjectState
from projects.models import Project, Task
from projects.services.changes import touched_once
from projects.services.schedules import preview_schedule, set_auto_scheduling

EXAMPLES = 7
WHOLE = EXAMPLES + len(STORIES) + MADE
"""From this many projects on some are made from a template: nothing of the catalogue is left out for them."""
SMALLEST_PLAN = 3
OLD_NEWS = ("artefact_step", "gate_decided", "lesson_decided", "lessons_offered")
"""Messages about what happened long before the first visit."""


@dataclass(frozen=True)
class Loaded:
    """What was made."""

    people: int
    projects: int
    tasks: int


def require_demo_allowed() -> None:
    """Refuse in production: a demo has sign-ins everybody knows."""
    if not settings.IS_DEMO_ALLOWED:
        raise DomainError(
            _("The demo organization is not for production: its sign-ins are known to everybody."),
            code="DEMO_NOT_ALLOWED",
        )


def load_demo(
    *, as_of: date, projects: int, tasks_per_project: int, seed: int, tell: Callable[[str], None]
) -> Loaded:
    """
    Build Northwind Utilities; all or nothing.

    Parameters
    ----------
    as_of : date
        The day that is "today" in the demo; all but the worked examples with printed dates follow it.
    projects : int
        Number of projects, the worked examples among them; these are always there. With `WHOLE` of them some
        are made from a template.
    tasks_per_project : int
        Rows of each invented plan, at least 3.
    seed : int
        The same seed gives the same organization.
    tell : callable
        Receives a line now and then.

    Raises
    ------
    DomainError
        In production, or with a plan too small.
    Conflict
        If somebody or something is in the portal already.
    """
    require_demo_allowed()
    if tasks_per_project < SMALLEST_PLAN:
        raise DomainError(_("A plan of the demo has at least 3 rows."), code="TOO_SMALL")
    if get_user_model().objects.exists() or Project.objects.exists():
        raise Conflict(
            _("The portal is not empty, so the demo is not loaded. `manage.py clear_demo` sets it aside."),
            code="NOT_EMPTY",
        )
    return _load(as_of=as_of, projects=projects, rows=tasks_per_project, seed=seed, tell=tell)


@transaction.atomic
def _load(*, as_of: date, projects: int, rows: int, seed: int, tell: Callable[[str], None]) -> Loaded:
    ensure_organization_policy()
    load_shipped_methodologies(actor=None, today=as_of - SINCE)
    load_shipped_documents(actor=None, today=as_of - SINCE)
    load_shipped_templates(actor=None, now=datetime.combine(as_of - SINCE, time(), tzinfo=UTC))
    cast = build_cast(as_of=as_of, password=settings.DEMO_PASSWORD)
    with touched_once():
        load_health_examples(cast, as_of=as_of)
        load_schedule_example(cast)
        load_earned_value_example(cast)
        made = MADE if projects >= WHOLE else 0
        count = max(projects - EXAMPLES - made, 0)
        _tell_stories(cast, as_of=as_of, count=count, rows=rows, seed=seed, tell=tell)
        follow_methodologies(cast, as_of=as_of)
        _hand_over_dates(cast)
        let_projects_wait(as_of=as_of)
        hold_gates(as_of=as_of)
        if made:
            make_from_template(cast, as_of=as_of)
    fill_library(cast, as_of=as_of, seed=seed)
    train_people(cast, as_of=as_of, seed=seed)
    teach_lessons(cast, as_of=as_of)
    assess_organization(cast, as_of=as_of)
    staff_office(cast, as_of=as_of)
    Notification.objects.unread().filter(kind__in=OLD_NEWS).update(read_at=Now())
    return Loaded(people=len(cast.people), projects=Project.objects.count(), tasks=Task.objects.count())


def _hand_over_dates(cast: Cast) -> None:
    """Let the portal compute the plans it would not move; the others show what handing over does."""
    open_ones = Project.objects.active().exclude(state=ProjectState.ON_HOLD).select_related("calendar")
    for project in open_ones.order_by("pk")[: EXAMPLES + len(STORIES)]:
        if not preview_schedule(project).moves:
            set_auto_scheduling(actor=cast.pmo, project=project, is_auto=True, expected_version=None)


def _tell_stories(
    cast: Cast, *, as_of: date, count: int, rows: int, seed: int, tell: Callable[[str], None]
) -> None:
    """Tell as many stories as asked for, the catalogue again and again."""
    for number in range(count):
        lot = number // len(STORIES)
        tell_story(
            STORIES[number % len(STORIES)],
            cast=cast,
            as_of=as_of,
            rng=Random(f"{seed}/{number}"),  # noqa: S311 - a story, no secret
            number=number,
            rows=rows,
            suffix=f" {lot + 1}" if lot else "",
        )
        if number % 10 == 9:
            tell(f"  {number + 1} of {count} projects")
