"""The library of the demo: starter content with a year of use, ratings and a few open ends."""

from datetime import date, timedelta
from random import Random

from pmo_portal.accounts.models import User
from portfolio.choices import UsageKind
from portfolio.models import KnowledgeVersion, SearchGap, UsageEvent
from portfolio.models.knowledge import LIVE
from portfolio.services.demo.cast import Cast
from portfolio.services.library import Content, edit_item
from portfolio.services.library_content import load_library
from portfolio.services.library_upkeep import review_library
from portfolio.services.library_use import rate, use_in_project
from projects.models import Project

LOADED_DAYS_AGO = 380
REVIEWED_CODES = ("tool-risk-scale", "guide-earned-value")
USED_CODES = ("project-charter", "risk-register", "project-plan", "status-report", "checklist-baseline")
RATED = 24
VIEWS = 8
GAPS = (("monte carlo", 9), ("offshore permit", 6), ("vendor scorecard", 4), ("outage calendar", 3))


def fill_library(cast: Cast, *, as_of: date, seed: int) -> None:
    """Publish the starter content more than a year ago, and let people read, rate and use it since."""
    rng = Random(f"library/{seed}")  # noqa: S311 - a story, no secret
    load_library(today=as_of - timedelta(days=LOADED_DAYS_AGO), owner=cast.pmo)
    _confirm_most(as_of)
    review_library(today=as_of)
    versions = list(
        KnowledgeVersion.objects.filter(state__in=LIVE, item__language="en")
        .select_related("item")
        .order_by("pk")
    )
    readers = [user for mailbox, user in cast.users.items() if mailbox not in {"admin", "pmo.head"}]
    _read(versions, readers, rng, as_of)
    for version in rng.sample(versions, RATED):
        for reader in rng.sample(readers, rng.randint(2, 9)):
            rate(actor=reader, item=version.item, stars=rng.choice((3, 4, 4, 5, 5)))
    _use(cast, versions, rng, as_of)
    _draft_one(cast, versions)
    SearchGap.objects.bulk_create(
        SearchGap(
            words=words,
            language="en",
            count=count,
            first_on=as_of - timedelta(days=90),
            last_on=as_of - timedelta(days=3 + number),
        )
        for number, (words, count) in enumerate(GAPS)
    )


def _confirm_most(as_of: date) -> None:
    """Let all but two items have been reviewed in time."""
    versions = KnowledgeVersion.objects.filter(state__in=LIVE).select_related("item").order_by("pk")
    for number, version in enumerate(versions):
        if version.item.code not in REVIEWED_CODES:
            version.item.review_by = as_of + timedelta(days=40 + 7 * (number % 45))
            version.item.save(update_fields=["review_by"])


def _read(versions: list[KnowledgeVersion], readers: list[User], rng: Random, as_of: date) -> None:
    events = []
    for version in versions:
        for _each in range(rng.randint(1, VIEWS)):
            kind = rng.choice((UsageKind.VIEW, UsageKind.VIEW, UsageKind.VIEW, UsageKind.HELPFUL))
            day = as_of - timedelta(days=rng.randint(1, 300))
            reader = rng.choice(readers)
            about = {"item_id": version.item_id, "version": version, "user": reader}
            events.append(UsageEvent(**about, kind=kind, day=day))
    UsageEvent.objects.bulk_create(events, ignore_conflicts=True)


def _use(cast: Cast, versions: list[KnowledgeVersion], rng: Random, as_of: date) -> None:
    by_code = {version.item.code: version for version in versions}
    projects = list(Project.objects.filter(node__is_confidential=False).order_by("pk"))
    for project in projects:
        for code in rng.sample(USED_CODES, rng.randint(1, 4)):
            day = project.planned_start or as_of
            use_in_project(actor=cast.pmo, version=by_code[code], project=project, day=min(day, as_of))


def _draft_one(cast: Cast, versions: list[KnowledgeVersion]) -> None:
    """Leave a next version of one template half written."""
    version = next(each for each in versions if each.item.code == "gate-pack")
    content = Content(
        title=version.title,
        summary=version.summary,
        body=f"{version.body}\n\n# Dissent\nWho saw it differently, and why.",
        change_note="Asks for dissent, as the gates of last quarter showed.",
        tags=("gate", "decision", "evidence"),
        roles=("PROJECT_MANAGER", "SPONSOR", "EXECUTIVE"),
        methodologies=("SG",),
    )
    edit_item(actor=cast.users["pmo.analyst"], item=version.item, content=content)
