"""The closing checklist of a project: a kill opens it, its people tick it off (domain 2.5)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import nearest_holders
from pmo_portal.common.errors import Conflict, NotAllowed
from portfolio import actions
from portfolio.models import ClosingItem, GateReview
from portfolio.rollup.codec import to_plain
from portfolio.rollup.methodology import NO_WORDS, Content
from portfolio.selectors.closing_lists import closing_url
from portfolio.services.gate_messages import settle_asked, tell
from portfolio.services.governance import bound, lock_project, record
from projects.models import Project
from projects.services.cost_holds import end_cost_hold, hold_costs

ASKED = "closing"


def open_closing_list(
    review: GateReview, project: Project, *, actor: User | None, today: date
) -> list[ClosingItem]:
    """
    Return the lines a kill opens, each with who holds its role, and tell these people once.

    Where nobody holds the role the project manager does it. A version without a closing checklist opens none.
    """
    content = bound(project, today).content
    made = [
        ClosingItem(
            review=review,
            number=number,
            text=to_plain(row.text),
            role=to_plain(role.title if (role := content.role(row.role)) else NO_WORDS),
            owner=_owner(project, content, row.role),
        )
        for number, row in enumerate(content.closing, start=1)
    ]
    for item in made:
        item.full_clean()
        item.save()
    if made:
        record(actor, actions.CLOSING_OPENED, review, project, after={"lines": len(made)})
        _tell(review, project, [item.owner for item in made if item.owner])
    return made


@transaction.atomic
def tick_closing_item(*, actor: User | None, item: ClosingItem, note: str, today: date) -> ClosingItem:
    """
    Say that a line is done, with a note if one is needed; with the last one the costs are final.

    Raises
    ------
    NotAllowed
        If the person neither owns the line nor keeps the governance of the project.
    Conflict
        If it is done already.
    """
    project, locked = _lock(actor, item)
    if locked.done_on is not None:
        raise Conflict(_("This line is ticked off already."), code="DONE")
    locked.done_on, locked.done_by, locked.note = today, actor, note.strip()
    locked.full_clean()
    locked.save()
    after = {"line": locked.number, "done_on": today}
    record(actor, actions.CLOSING_DONE, locked, project, after=after, reason=locked.note)
    if not ClosingItem.objects.filter(review=locked.review_id, done_on=None).exists():
        settle_asked(locked.review, ASKED)
        hold_costs(actor=actor, project=project, cause=locked.review.label, lines=(), today=today)
    return locked


@transaction.atomic
def reopen_closing_item(*, actor: User | None, item: ClosingItem, today: date) -> ClosingItem:
    """
    Take back that a line is done; costs are booked again.

    Raises
    ------
    NotAllowed
        If the person neither owns the line nor keeps the governance of the project.
    Conflict
        If it is not done.
    """
    project, locked = _lock(actor, item)
    if locked.done_on is None:
        raise Conflict(_("This line is open already."), code="OPEN")
    before = {"line": locked.number, "done_on": locked.done_on}
    locked.done_on, locked.done_by, locked.note = None, None, ""
    locked.full_clean()
    locked.save()
    record(actor, actions.CLOSING_REOPENED, locked, project, before=before)
    end_cost_hold(actor=actor, project=project, today=today)
    return locked


def _lock(actor: User | None, item: ClosingItem) -> tuple[Project, ClosingItem]:
    project = lock_project(actor, item.review.project, "project.view")
    rows = ClosingItem.objects.select_for_update(of=("self",)).select_related("review__project")
    locked = rows.get(pk=item.pk)
    is_owner = actor is None or locked.owner_id == actor.pk
    if not is_owner and not may(actor, "governance.edit", project.node):
        raise NotAllowed(_("Its owner, or who keeps the governance of the project, ticks it off."))
    return project, locked


def _owner(project: Project, content: Content, code: str) -> User | None:
    """Return who does a line: who holds its role nearest to the project, else the project manager."""
    role = content.role(code)
    for roles in (role.held_by if role else (), (Role.PROJECT_MANAGER.value,)):
        found = nearest_holders(project.node, roles) if roles else []
        if found:
            return found[0]
    return None


def _tell(review: GateReview, project: Project, people: Iterable[User]) -> None:
    tell(
        review,
        {person.pk: person for person in people}.values(),
        kind="closing_list",
        title=_("Lines of the closing checklist are yours: %(project)s"),
        url=closing_url(project.code),
        key=ASKED,
    )
