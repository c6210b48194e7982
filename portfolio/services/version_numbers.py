"""Numbers of versions: their order, the usual next one, and what a draft may be called."""

from typing import Protocol

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import Conflict, DomainError
from portfolio.interchange.toml_table import SEMVER

NUMBERS = 1_000_000


class Numbered(Protocol):
    """A version of something."""

    version: str


class Ranked(Numbered, Protocol):
    """A version that knows its place among all."""

    rank: int


def rank_of(version: str) -> int:
    """Return the place of a version such as ``1.10.0`` among all."""
    major, minor, patch = (int(part) for part in version.split("."))
    return (major * NUMBERS + minor) * NUMBERS + patch


def next_version(version: str) -> str:
    """Return the usual number of the next version: one more in the middle."""
    major, minor, _patch = version.split(".")
    return f"{major}.{int(minor) + 1}.0"


def require_no_draft(begun: Numbered | None) -> None:
    """Refuse a second draft beside one that was begun."""
    if begun is not None:
        raise Conflict(
            _("Version %(version)s is being worked on already.") % {"version": begun.version},
            code="DRAFT_BEGUN",
        )


def require_newer(in_force: Ranked | None, rank: int) -> None:
    """Refuse a version below the one in force."""
    if in_force is not None and in_force.rank > rank:
        raise Conflict(
            _("The newer version %(version)s is in force already.") % {"version": in_force.version},
            code="NEWER_IN_FORCE",
        )


def require_number(version: str, *, newest: str, field: str = "version") -> None:
    """
    Go on if a draft may have the number.

    Parameters
    ----------
    newest : str
        The highest number that is there.
    field : str
        Where a refusal belongs.

    Raises
    ------
    DomainError
        If it is no three numbers, or not above the newest.
    """
    if not SEMVER.fullmatch(version):
        raise DomainError(_("Give three numbers such as 1.1.0."), field=field)
    if rank_of(version) <= rank_of(newest):
        raise DomainError(
            _("Give a number above %(version)s.") % {"version": newest}, field=field, code="NOT_ABOVE"
        )
