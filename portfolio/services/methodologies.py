"""Versions of methodologies: loaded, submitted, approved, published, withdrawn (STD-1, STD-21)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio import actions
from portfolio.choices import MethodologyState as State
from portfolio.interchange.methodology_file import MethodologyFile, read_methodology, shipped_files
from portfolio.models import Methodology, MethodologyVersion
from portfolio.rollup.codec import to_plain
from portfolio.rollup.methodology_check import ContentFault, faults_of
from portfolio.services.methodology_notices import (
    tell_of_day,
    tell_of_decision,
    tell_of_new_version,
    tell_of_waiting,
)
from portfolio.services.version_numbers import rank_of, require_newer


class ContentFaultyError(DomainError):
    """The content would not work; ``faults`` lists where and why."""

    code = "METHODOLOGY_FAULTY"

    def __init__(self, faults: list[ContentFault]) -> None:
        super().__init__(_("The methodology is not complete yet. What is missing is listed on its page."))
        self.faults = faults


@transaction.atomic
def load_methodology(*, actor: User | None, file: MethodologyFile, today: date) -> MethodologyVersion | None:
    """
    Bring in the version a file describes and return it; None when it is there, or in force under another
    number, unchanged.

    The first version of a methodology is in force at once. A further one becomes an approved version that
    somebody publishes; a version that is there is never changed.

    Raises
    ------
    Conflict
        If the version is there with another content (``VERSION_KNOWN``), or below one that is in force
        (``NEWER_IN_FORCE``), so that nobody could publish it.
    """
    methodology, _made = Methodology.objects.get_or_create(code=file.code, defaults={"family": file.family})
    versions = MethodologyVersion.objects.select_for_update().filter(methodology=methodology)
    known = versions.filter(version=file.version).first()
    document = file.content.to_dict()
    if known is not None:
        if known.content != file.content:
            raise Conflict(
                _("%(name)s is there with another content. Give the file a new version number.")
                % {"name": known},
                code="VERSION_KNOWN",
            )
        return None
    in_force = versions.filter(state=State.EFFECTIVE).first()
    if in_force is not None and in_force.content == file.content:
        return None
    require_newer(in_force, rank_of(file.version))
    is_first = not versions.exists()
    made = MethodologyVersion(
        methodology=methodology,
        version=file.version,
        rank=rank_of(file.version),
        state=State.EFFECTIVE if is_first else State.APPROVED,
        effective_from=today if is_first else None,
        changelog=to_plain(file.changelog),
        document=document,
        owner=actor,
    )
    made.full_clean(exclude=["created_at"])
    made.save()
    _record(actor, actions.METHODOLOGY_LOADED, made, after={"state": made.state})
    if not is_first:
        tell_of_waiting(version=made, besides=actor)
    return made


def load_shipped_methodologies(*, actor: User | None, today: date) -> list[MethodologyVersion]:
    """Bring in the methodologies that come with the portal; return those that were not there."""
    found = [
        load_methodology(actor=actor, file=read_methodology(path), today=today) for path in shipped_files()
    ]
    return [version for version in found if version is not None]


@dataclass(frozen=True)
class Kept:
    """What the daily look at the methodologies did."""

    loaded: int
    brought_into_force: int


@transaction.atomic
def keep_methodologies(*, today: date) -> Kept:
    """Bring due versions into force, and the shipped methodologies into an installation without any."""
    is_empty = not Methodology.objects.exists()
    loaded = load_shipped_methodologies(actor=None, today=today) if is_empty else []
    return Kept(loaded=len(loaded), brought_into_force=bring_due_into_force(today=today))


@transaction.atomic
def submit_version(*, actor: User, version: MethodologyVersion) -> MethodologyVersion:
    """
    Hand a draft to the PMO head.

    Raises
    ------
    ContentFaultyError
        If the content would not work; nothing changes.
    DomainError
        If nothing differs, or if it does not say what changes (``CHANGELOG_NEEDED``).
    """
    require_right(actor, "methodology.edit")
    locked = lock_version(version, State.DRAFT)
    faults = faults_of(locked.content)
    if faults:
        raise ContentFaultyError(faults)
    if locked.based_on is not None and locked.based_on.document == locked.document:
        raise DomainError(
            _("Nothing differs from the version it is based on, so there is nothing to submit.")
        )
    if not locked.says_what_changes:
        raise DomainError(
            _("Say what changes with this version, and why."), field="changelog", code="CHANGELOG_NEEDED"
        )
    moved = _move(actor, locked, State.IN_REVIEW, actions.METHODOLOGY_SUBMITTED, submitted_by=actor)
    tell_of_waiting(version=moved, besides=actor)
    return moved


@transaction.atomic
def return_version(*, actor: User, version: MethodologyVersion, reason: str) -> MethodologyVersion:
    """Give a version back to its authors, with the reason."""
    require_right(actor, "methodology.edit")
    locked = lock_version(version, State.IN_REVIEW)
    if not reason.strip():
        raise DomainError(_("Say what should be changed."), field="reason")
    author, why = locked.submitted_by, reason.strip()
    moved = _move(
        actor,
        locked,
        State.DRAFT,
        actions.METHODOLOGY_RETURNED,
        reason=why,
        submitted_by=None,
        edition=locked.edition + 1,
    )
    tell_of_decision(version=moved, author=author, actor=actor, reason=why)
    return moved


@transaction.atomic
def approve_version(*, actor: User, version: MethodologyVersion, now: datetime) -> MethodologyVersion:
    """
    Approve a version that was submitted.

    Raises
    ------
    NotAllowed
        If the person submitted it: nobody approves the own request (ORG-8).
    """
    require_right(actor, "methodology.approve")
    locked = lock_version(version, State.IN_REVIEW)
    if locked.submitted_by_id == actor.pk:
        raise NotAllowed(
            _("You submitted this version, so somebody else has to approve it."), code="OWN_REQUEST"
        )
    moved = _move(
        actor, locked, State.APPROVED, actions.METHODOLOGY_APPROVED, approved_by=actor, approved_at=now
    )
    tell_of_decision(version=moved, author=moved.submitted_by, actor=actor)
    return moved


@transaction.atomic
def publish_version(
    *, actor: User, version: MethodologyVersion, effective_from: date, today: date
) -> MethodologyVersion:
    """
    Let an approved version be in force from a day on; the former one is superseded on that day (STD-1).

    Raises
    ------
    DomainError
        If the day is over, or a newer version is in force already.
    """
    require_right(actor, "methodology.approve")
    locked = lock_version(version, State.APPROVED)
    if effective_from < today:
        raise DomainError(_("Choose today or a later day."), field="effective_from")
    require_newer(_versions_of(locked).filter(state=State.EFFECTIVE).first(), locked.rank)
    locked.effective_from = effective_from
    locked.save(update_fields=["effective_from"])
    _record(actor, actions.METHODOLOGY_PUBLISHED, locked, after={"effective_from": effective_from})
    if effective_from <= today:
        bring_into_force(locked, actor=actor)
    else:
        tell_of_day(version=locked, actor=actor)
    return locked


@transaction.atomic
def bring_due_into_force(*, today: date) -> int:
    """Bring the published versions whose day has come into force; return how many. Safe to run twice."""
    due = MethodologyVersion.objects.select_for_update(of=("self",)).due(today)
    found = list(due.select_related("methodology", "submitted_by").order_by("effective_from", "rank"))
    for version in found:
        bring_into_force(version, actor=None)
    return len(found)


def bring_into_force(version: MethodologyVersion, *, actor: User | None) -> None:
    """Supersede the version in force, put this one in its place, and tell whom it concerns."""
    former = _versions_of(version).filter(state=State.EFFECTIVE).first()
    if former is not None:
        former.state, former.superseded_on = State.SUPERSEDED, version.effective_from
        former.save(update_fields=["state", "superseded_on"])
        _record(actor, actions.METHODOLOGY_SUPERSEDED, former, after={"by": version.version})
    version.state = State.EFFECTIVE
    version.save(update_fields=["state"])
    tell_of_decision(version=version, author=version.submitted_by, actor=actor)
    tell_of_new_version(version=version, actor=actor)


@transaction.atomic
def withdraw_version(*, actor: User, version: MethodologyVersion, reason: str) -> MethodologyVersion:
    """Take back a version that was approved and is not in force."""
    require_right(actor, "methodology.approve")
    locked = lock_version(version, State.APPROVED)
    if not reason.strip():
        raise DomainError(_("Say why the version is withdrawn."), field="reason")
    why = reason.strip()
    moved = _move(
        actor, locked, State.WITHDRAWN, actions.METHODOLOGY_WITHDRAWN, reason=why, effective_from=None
    )
    tell_of_decision(version=moved, author=moved.submitted_by, actor=actor, reason=why)
    return moved


def require_right(actor: User, permission: str) -> None:
    """Go on if the person holds the permission for the whole organization."""
    if not may(actor, permission, organization_node()):
        raise NotAllowed(_("Methodologies are kept by the PMO of the whole organization."))


def lock_version(version: MethodologyVersion, *states: str) -> MethodologyVersion:
    """
    Return the row, locked, if it is in one of the states.

    Raises
    ------
    StaleObject
        If somebody discarded it.
    Conflict
        If it is in another state; a published version is never changed (STD-1).
    """
    rows = MethodologyVersion.objects.select_for_update(of=("self",))
    locked = rows.select_related("methodology", "based_on", "submitted_by").filter(pk=version.pk).first()
    if locked is None:
        raise StaleObject(_("Somebody discarded this draft meanwhile."))
    if locked.state not in states:
        raise Conflict(
            _("Version %(version)s is now in the state “%(state)s”, which does not allow this.")
            % {"version": locked.version, "state": locked.get_state_display()},
            code="WRONG_STATE",
        )
    return locked


def _versions_of(version: MethodologyVersion) -> Any:
    return MethodologyVersion.objects.select_for_update(of=("self",)).filter(
        methodology_id=version.methodology_id
    )


def _move(
    actor: User, version: MethodologyVersion, state: str, action: str, *, reason: str = "", **columns: Any
) -> MethodologyVersion:
    before = version.state
    version.state = state
    for name, value in columns.items():
        setattr(version, name, value)
    version.save(update_fields=["state", *columns])
    _record(actor, action, version, before={"state": before}, after={"state": state}, reason=reason)
    return version


def _record(actor: User | None, action: str, version: MethodologyVersion, **values: Any) -> None:
    audit.record(actor=actor, action=action, target=version, node=organization_node(), **values)
