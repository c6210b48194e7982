"""The permission matrix as a page shows it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.permissions import COLUMNS, matrix
from pmo_portal.accounts.selectors.permission_words import PERMISSION_WORDS

TITLES: dict[str, str | Promise] = {
    "ADM": _("System administrator"),
    "DIR": _("PMO head"),
    "STF": _("PMO analyst"),
    "PFM": _("Portfolio or program manager"),
    "PM": _("Project manager"),
    "MEM": _("Team member"),
    "EXE": _("Executive, sponsor or stakeholder"),
    "AUD": _("Auditor"),
    "FIN": _("Finance controller, beside team member"),
    "RSK": _("Risk manager, beside team member"),
    "QUA": _("Quality reviewer, beside team member"),
    "EMG": _("Emergency reader: the administrator, for hours, in one project"),
}


@dataclass(frozen=True)
class MatrixColumn:
    """A column of the matrix, and the roles that have its rights."""

    code: str
    title: str
    roles: str


@dataclass(frozen=True)
class MatrixRow:
    """A permission, what it means, and who holds it: ``y``, ``o`` (own objects) or ``-``."""

    code: str
    area: str
    meaning: str
    cells: tuple[str, ...]
    is_first_of_area: bool


def matrix_columns() -> list[MatrixColumn]:
    """Return the columns in the order of the file."""
    return [
        MatrixColumn(
            code=code,
            title=str(title),
            roles=", ".join(str(Role(role).label) for role, codes in COLUMNS.items() if code in codes),
        )
        for code, title in TITLES.items()
    ]


def matrix_rows() -> list[MatrixRow]:
    """Return the lines in the order of the file."""
    rows: list[MatrixRow] = []
    for code, row in matrix().items():
        area = code.split(".")[0]
        rows.append(
            MatrixRow(
                code=code,
                area=area,
                meaning=str(PERMISSION_WORDS.get(code, row["meaning"])),
                cells=tuple(row[column] for column in TITLES),
                is_first_of_area=not rows or rows[-1].area != area,
            )
        )
    return rows
