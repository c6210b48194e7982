"""The closing checklist of a project: canceling it opens one, its people tick it off (domain 2.5)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pmo_portal.accounts.access import may
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import nearest_holders
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.services import notify, settle
from portfolio import actions
from portfolio.access import who_sees
from portfolio.choices import GateDecision
from portfolio.models import ClosingItem, GateReview
from portfolio.rollup.codec import to_plain
from portfolio.rollup.methodology import NO_WORDS, ClosingRule, Content, Words
from portfolio.selectors.closing_lists import closing_url
from portfolio.selectors.governance import governance_of
from portfolio.services.governance import lock_project, record
from projects.models import Project
from projects.services.cost_holds import end_cost_hold, finish_costs

OWN_LINES = (
    _("Tell the team, suppliers and everybody concerned that the project ends, and why."),
    _("End or settle contracts and open orders."),
    _("Make the final cost statement, with all that is still owed."),
    _("Release people, rooms and equipment."),
    _("File the documents, and write down the lessons."),
)
"""What is left to do for a project whose methodology does not say so, or that follows none."""
LONGEST_NOTE = 400


def open_closing_list(*, actor: User | None, project: Project, today: date) -> list[ClosingItem]:
    """
    Return the lines that are left to do for a project that is canceled, and tell their people once.

    They are those of its methodology, each with who holds its role; without them the portal's own. Where
    nobody holds the role the project manager does it.
    """
    known = governance_of(project, today)
    content = known.content if known else Content(name=NO_WORDS)
    made = [
        ClosingItem(
            project=project,
            number=number,
            text=to_plain(row.text),
            role=to_plain(role.title if (role := content.role(row.role)) else NO_WORDS),
            owner=_owner(project, content, row.role),
        )
        for number, row in enumerate(content.closing or _own_rules(), start=1)
    ]
    for item in made:
        item.full_clean()
        item.save()
    record(actor, actions.CLOSING_OPENED, project, project, after={"lines": len(made)})
    _tell(project, [item.owner for item in made if item.owner])
    return made


@transaction.atomic
def tick_closing_item(*, actor: User | None, item: ClosingItem, note: str, today: date) -> ClosingItem:
    """
    Say that a line is done, with a note if one is needed; with the last one the costs are final.

    Raises
    ------
    NotAllowed
        If the person neither owns the line nor keeps the governance of the project.
    DomainError
        ``TOO_LONG`` on the note.
    Conflict
        If it is done already; ``COMMITMENTS_OPEN`` on the last line while a commitment is open.
    """
    project, locked = _lock(actor, item)
    if locked.done_on is not None:
        raise Conflict(_("This line is ticked off already."), code="DONE")
    if len(note.strip()) > LONGEST_NOTE:
        sentence = _("A note has at most %(count)s characters.") % {"count": LONGEST_NOTE}
        raise DomainError(sentence, code="TOO_LONG", field="note")
    locked.done_on, locked.done_by, locked.note = today, actor, note.strip()
    locked.full_clean()
    locked.save()
    after = {"line": locked.number, "done_on": today}
    record(actor, actions.CLOSING_DONE, locked, project, after=after, reason=locked.note)
    if not ClosingItem.objects.filter(project=project, done_on=None).exists():
        settle(keys=[_key(project)])
        finish_costs(actor=actor, project=project, cause=_cause(project), today=today)
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
    project = lock_project(actor, item.project, "project.view")
    locked = ClosingItem.objects.select_for_update().get(pk=item.pk)
    is_owner = actor is None or locked.owner_id == actor.pk
    if not is_owner and not may(actor, "governance.edit", project.node):
        raise NotAllowed(_("Its owner, or who keeps the governance of the project, ticks it off."))
    return project, locked


def _own_rules() -> list[ClosingRule]:
    """Return the portal's own lines, in the languages of the portal."""
    return [ClosingRule(code="", text=Words(**_said(line))) for line in OWN_LINES]


def _said(line: Any) -> dict[str, str]:
    found = {}
    for language in ("en", "de"):
        with override(language):
            found[language] = str(line)
    return found


def _owner(project: Project, content: Content, code: str) -> User | None:
    """Return who does a line: who holds its role nearest to the project, else the project manager."""
    role = content.role(code)
    for roles in (role.held_by if role else (), (Role.PROJECT_MANAGER.value,)):
        found = nearest_holders(project.node, roles) if roles else []
        if found:
            return found[0]
    return None


def _cause(project: Project) -> str:
    """Return the gate that killed the project; "" where none did."""
    killer = GateReview.objects.filter(project=project, decision=GateDecision.KILL).first()
    return killer.label if killer else ""


def _tell(project: Project, owners: Iterable[User]) -> None:
    """Tell the owners of lines, each in their own language; who does not see the project is not told."""
    people = {person.pk: person for person in owners}
    by_language: dict[str, list[User]] = defaultdict(list)
    for key in who_sees(project, list(people.values())):
        by_language[people[key].spoken_language].append(people[key])
    for language, users in by_language.items():
        with override(language):
            title = _("Lines of the closing checklist are yours: %(project)s") % {"project": project.name}
            notify(
                users=users,
                kind="closing_list",
                title=str(title),
                url=closing_url(project.code),
                dedupe_key=_key(project),
            )


def _key(project: Project) -> str:
    return f"closing:{project.pk}"
