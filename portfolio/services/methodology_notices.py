"""Messages about versions of methodologies: who decides, who asked, and whose projects keep a former one."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import holders_of
from pmo_portal.notifications.services import settle
from portfolio.choices import MethodologyState as State
from portfolio.models import MethodologyVersion
from portfolio.selectors.governance import projects_before
from portfolio.services.standard_messages import approvers, tell_each

DECIDED = {
    State.DRAFT: _("Given back: %(name)s"),
    State.APPROVED: _("Approved, not in force yet: %(name)s"),
    State.EFFECTIVE: _("In force: %(name)s"),
    State.WITHDRAWN: _("Withdrawn: %(name)s"),
}


def tell_of_waiting(*, version: MethodologyVersion, besides: User | None) -> int:
    """Tell everybody who may approve or publish a version that it waits, but who brought it in."""
    title = _("Waiting for your approval: %(name)s")
    if version.state == State.APPROVED:
        title = _("Waiting to be published: %(name)s")
    return _tell(approvers(besides=besides), version, title, f"waiting:{version.edition}")


def tell_of_decision(
    *, version: MethodologyVersion, author: User | None, actor: User | None, reason: str = ""
) -> int:
    """Tell who submitted a version what became of it; nobody has to decide on it any more."""
    settle(keys=[f"methodology:{version.pk}:waiting"])
    if author is None or author == actor:
        return 0
    title = DECIDED[State(version.state)]
    return _tell([author], version, title, f"{version.state}:{version.edition}", reason)


def tell_of_day(*, version: MethodologyVersion, actor: User | None) -> int:
    """Tell who submitted a version from which later day on it will be in force."""
    author = version.submitted_by
    if author is None or author == actor:
        return 0
    return _tell([author], version, _("Published for a later day: %(name)s"), f"day:{version.effective_from}")


def tell_of_new_version(*, version: MethodologyVersion, actor: User | None) -> int:
    """
    Tell the managers of live projects on a former version, each about all their projects at once (STD-2).

    Their projects keep their version; the message leads to what differs.
    """
    projects = {row.node_id: row for row in projects_before(version)}
    grants = holders_of(Role.PROJECT_MANAGER).filter(node__in=projects).select_related("user")
    names: dict[User, list[str]] = {}
    for grant in grants.order_by("pk"):
        names.setdefault(grant.user, []).append(projects[grant.node_id].code)
    names.pop(actor, None)  # type: ignore[arg-type]
    return sum(
        _tell(
            [person],
            version,
            _("A new version is in force: %(name)s. Your projects keep theirs."),
            "new",
            ", ".join(sorted(set(codes))),
        )
        for person, codes in names.items()
    )


def _tell(people: Iterable[User], version: MethodologyVersion, title: Any, key: str, body: str = "") -> int:
    return tell_each(
        people,
        kind="methodology",
        title=lambda: str(title % {"name": f"{version.name} {version.version}"}),
        body=lambda: body or version.changes,
        url=version.get_absolute_url(),
        key=f"methodology:{version.pk}:{key}",
    )
