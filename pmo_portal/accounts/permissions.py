"""
The permission matrix as data (``permissions.csv``; security requirements, section 4).

A cell is ``y`` (holds within the scope of the grant), ``o`` (own objects only) or ``-``.
"""

import csv
from functools import cache
from pathlib import Path

from pmo_portal.accounts.choices import Role

MATRIX_FILE = Path(__file__).with_name("permissions.csv")

COLUMNS: dict[str, tuple[str, ...]] = {
    Role.ADMINISTRATOR: ("ADM",),
    Role.PMO_HEAD: ("DIR",),
    Role.PMO_ANALYST: ("STF",),
    Role.PORTFOLIO_MANAGER: ("PFM",),
    Role.PROGRAM_MANAGER: ("PFM",),
    Role.SPONSOR: ("EXE",),
    Role.EXECUTIVE: ("EXE",),
    Role.STAKEHOLDER: ("EXE",),
    Role.PROJECT_MANAGER: ("PM",),
    Role.TEAM_MEMBER: ("MEM",),
    Role.FINANCE_CONTROLLER: ("MEM", "FIN"),
    Role.RISK_MANAGER: ("MEM", "RSK"),
    Role.QUALITY_REVIEWER: ("MEM", "QUA"),
    Role.AUDITOR: ("AUD",),
    Role.EMERGENCY_READER: ("EMG",),
}
# Roles somebody gives and takes; an emergency reader is made by `services.emergency` only.
GIVEN_ROLES = tuple(role for role in Role.values if role != Role.EMERGENCY_READER)

# Who may give which role to others, and the highest role that may be given (SEC-15, matrix rows 18 and 19).
BUSINESS_ROLES = frozenset(set(GIVEN_ROLES) - {Role.ADMINISTRATOR, Role.AUDITOR})
MEMBER_ROLES = frozenset(
    {
        Role.TEAM_MEMBER,
        Role.STAKEHOLDER,
        Role.QUALITY_REVIEWER,
        Role.FINANCE_CONTROLLER,
        Role.RISK_MANAGER,
    }
)
PROJECT_ROLES = MEMBER_ROLES | {Role.PROJECT_MANAGER, Role.SPONSOR}
GRANTABLE: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset({Role.AUDITOR}),
    Role.PMO_HEAD: frozenset(BUSINESS_ROLES - {Role.PMO_HEAD}),
    Role.PMO_ANALYST: PROJECT_ROLES,
    Role.PORTFOLIO_MANAGER: PROJECT_ROLES,
    Role.PROGRAM_MANAGER: PROJECT_ROLES,
    Role.PROJECT_MANAGER: MEMBER_ROLES,
}

# Somebody must always hold these.
KEPT_ROLES = frozenset({Role.ADMINISTRATOR, Role.PMO_HEAD})
# Roles whose API tokens only read (matrix row 21).
READ_ONLY_ROLES = frozenset(
    {Role.SPONSOR, Role.EXECUTIVE, Role.STAKEHOLDER, Role.AUDITOR, Role.EMERGENCY_READER}
)


class UnknownPermission(KeyError):
    """A permission that stands not in the matrix was asked for: a fault in the program."""


@cache
def matrix() -> dict[str, dict[str, str]]:
    """Return permission → column → cell, as in the file."""
    with MATRIX_FILE.open(newline="", encoding="utf-8") as lines:
        return {row["permission"]: dict(row) for row in csv.DictReader(lines)}


@cache
def roles_with(permission: str, *, own: bool = False) -> tuple[str, ...]:
    """
    Return the roles that hold the permission.

    Parameters
    ----------
    permission : str
        A code of the matrix.
    own : bool
        Whether the object is the person's own; then cells ``o`` count too.

    Raises
    ------
    UnknownPermission
        If the matrix has no such line.
    """
    if permission not in matrix():
        raise UnknownPermission(permission)
    row = matrix()[permission]
    accepted = {"y", "o"} if own else {"y"}
    return tuple(
        sorted(
            role for role, columns in COLUMNS.items() if any(row[column] in accepted for column in columns)
        )
    )
