"""The responsibility matrix of a project: parties, rows with letters, what is wrong, who has left (ORG-6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.scopes import acting_on
from portfolio.choices import RaciItem, RaciShare
from portfolio.models import ResponsibilityRow, ResponsibilityShare
from portfolio.rollup.methodology import Content, Share
from portfolio.rollup.responsibility import RaciFault, completeness, faults_of, letters_of
from portfolio.selectors.governance import Governance
from portfolio.selectors.methodologies import said
from projects.models import Project
from projects.selectors.members import in_force_on, memberships

PROCESS_TITLES = {
    "STATUS_REPORT": gettext_lazy("Status report"),
    "CHANGE": gettext_lazy("Change beyond the tolerance"),
    "BENEFITS": gettext_lazy("Benefits"),
    "LESSONS": gettext_lazy("Lessons"),
}
FAULT_WORDS = {
    RaciFault.NO_ACCOUNTABLE: gettext_lazy("Nobody is accountable (A). Name exactly one."),
    RaciFault.MANY_ACCOUNTABLE: gettext_lazy("More than one is accountable (A). Keep exactly one."),
    RaciFault.NO_RESPONSIBLE: gettext_lazy("Nobody is responsible (R). Name at least one."),
}
KINDS = tuple(RaciItem.values)


@dataclass(frozen=True)
class Party:
    """A column: a role of the methodology, or somebody by name; ``gone`` says why nobody acts in it."""

    role: str
    person_id: int | None
    title: str
    names: tuple[str, ...]
    gone: str

    @property
    def key(self) -> str:
        """Name of the field in forms and of the column."""
        return f"role_{self.role}" if self.role else f"person_{self.person_id}"


@dataclass(frozen=True)
class Cell:
    """Where a row and a party meet; "" when the party has no share."""

    party: Party
    share: str
    title: str

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters one by one."""
        return tuple(self.share)


@dataclass(frozen=True)
class MatrixRow:
    """An item with a cell for each party; ``faults`` are codes, ``sentences`` say what to do."""

    pk: int
    version: int
    kind: str
    kind_title: str
    code: str
    title: str
    task: int | None
    cells: tuple[Cell, ...]
    faults: tuple[str, ...]
    sentences: tuple[str, ...]
    is_asked: bool
    is_left_out: bool

    @property
    def given(self) -> tuple[Cell, ...]:
        """The cells with a letter: accountable and responsible ones first."""
        filled = [cell for cell in self.cells if cell.share]
        return tuple(sorted(filled, key=lambda cell: list(Share).index(Share(cell.share))))


@dataclass(frozen=True)
class Matrix:
    """All the page shows."""

    letters: tuple[tuple[str, str], ...]
    parties: tuple[Party, ...]
    rows: tuple[MatrixRow, ...]
    left_out: tuple[MatrixRow, ...]
    completeness: Decimal | None

    @property
    def faulty(self) -> int:
        """How many rows that count have a fault."""
        return sum(bool(row.faults) for row in self.rows if row.is_asked)

    @property
    def counted(self) -> int:
        """How many rows count."""
        return sum(row.is_asked for row in self.rows)

    @property
    def gone(self) -> tuple[Party, ...]:
        """The parties in which nobody acts."""
        return tuple(party for party in self.parties if party.gone)


def load_matrix(project: Project, known: Governance, today: date) -> Matrix:
    """Return the matrix of a project. Four queries."""
    stored = ResponsibilityRow.objects.filter(project=project).select_related("task")
    rows = list(stored.order_by("pk"))
    shares = list(
        ResponsibilityShare.objects.filter(row__project=project).select_related("person").order_by("pk")
    )
    parties = _parties(known, shares, project)
    letters: dict[int, dict[str, str]] = defaultdict(dict)
    for each in shares:
        letters[each.row_id][_key(each)] = each.share
    asked = {item.code for item in known.items(today)}
    built = [_row(known, row, letters[row.pk], parties, asked) for row in rows]
    ordered = sorted(built, key=lambda row: _place(known, row))
    shown = tuple(row for row in ordered if not row.is_left_out)
    return Matrix(
        letters=tuple((share.value, str(RaciShare(share.value).label)) for share in _letters(known)),
        parties=tuple(parties.values()),
        rows=shown,
        left_out=tuple(row for row in ordered if row.is_left_out),
        completeness=completeness(
            [[Share(cell.share) for cell in row.cells if cell.share] for row in shown if row.is_asked]
        ),
    )


def holders_by_role(project: Project) -> dict[str, dict[int, str]]:
    """Return who acts in which role of the portal on a project: key and name, by name. One query."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    rows = (
        acting_on(Role.values, project.node)
        .order_by("user__name", "pk")
        .values_list("role", "user_id", "user__name")
    )
    for role, user_id, name in rows:
        found[role][user_id] = name
    return dict(found)


def export_table(matrix: Matrix) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows for a spreadsheet."""
    headings = [_("Kind"), _("Code"), _("What"), *(party.title for party in matrix.parties), _("Faults")]
    rows: list[list[Any]] = [
        [
            row.kind_title,
            row.code,
            row.title,
            *("/".join(cell.letters) for cell in row.cells),
            " ".join(row.sentences),
        ]
        for row in matrix.rows
    ]
    return headings, rows


def item_title(content: Content, row: ResponsibilityRow) -> str:
    """Return what a row is about. No query when its task is loaded."""
    if row.task is not None:
        return f"{row.task.wbs} {row.task.name}".strip()
    if row.kind == RaciItem.REQUIREMENT:
        requirement = content.requirement(row.code)
        return said(requirement.title) if requirement else row.title
    if row.kind == RaciItem.GATE:
        gate = content.gate(row.code)
        return said(gate.question) if gate else row.title
    return str(PROCESS_TITLES.get(row.code, row.title))


def _letters(known: Governance) -> tuple[Share, ...]:
    return letters_of(known.content, known.version.methodology.family)


def _key(share: ResponsibilityShare) -> str:
    return f"role_{share.role}" if share.role else f"person_{share.person_id}"


def _parties(known: Governance, shares: Iterable[ResponsibilityShare], project: Project) -> dict[str, Party]:
    """Return the columns in use: roles in the order of the methodology, then people by name."""
    holders = holders_by_role(project)
    roles = {each.role for each in shares if each.role}
    people = {each.person_id: each.person for each in shares if each.person is not None}
    order = [role.code for role in known.content.roles if role.code in roles]
    order += sorted(roles.difference(order))
    found = [role_party(known, code, holders) for code in order]
    present = {user_id for people_here in holders.values() for user_id in people_here}
    named = sorted(people.values(), key=lambda user: (user.name, user.pk))
    for user in named:
        gone = ""
        if not user.is_active:
            gone = _("has left")
        elif user.pk not in present:
            gone = _("has no role in this project any more")
        found.append(Party("", user.pk, user.name, (), gone))
    return {party.key: party for party in found}


def role_party(known: Governance, code: str, holders: Mapping[str, Mapping[int, str]]) -> Party:
    """Return a role of the methodology with the people who act in it."""
    role = known.content.role(code)
    if role is None:
        return Party(code, None, code, (), _("is no role of this version any more"))
    acting = {pk: name for held in role.held_by for pk, name in holders.get(held, {}).items()}
    names = tuple(acting.values())
    return Party(code, None, said(role.title), names, "" if names else _("nobody has this role here"))


def _row(
    known: Governance,
    row: ResponsibilityRow,
    letters: Mapping[str, str],
    parties: Mapping[str, Party],
    asked: set[str],
) -> MatrixRow:
    faults = faults_of(Share(share) for share in letters.values())
    is_asked = {
        RaciItem.REQUIREMENT.value: row.code in asked,
        RaciItem.GATE.value: known.content.gate(row.code) is not None,
    }.get(row.kind, True)
    return MatrixRow(
        pk=row.pk,
        version=row.version,
        kind=row.kind,
        kind_title=row.get_kind_display(),
        code="" if row.kind == RaciItem.PROCESS else row.code,
        title=item_title(known.content, row),
        task=row.task.uid if row.task is not None else None,
        cells=tuple(_cell(party, letters.get(key, "")) for key, party in parties.items()),
        faults=tuple(fault.value for fault in faults),
        sentences=tuple(str(FAULT_WORDS[fault]) for fault in faults),
        is_asked=is_asked,
        is_left_out=row.is_left_out,
    )


def _cell(party: Party, share: str) -> Cell:
    return Cell(party, share, str(RaciShare(share).label) if share else "")


def _place(known: Governance, row: MatrixRow) -> tuple[int, int, str, int]:
    """Return the place of a row: by kind, then as the methodology has it, work as the plan has it."""
    parts: dict[str, tuple[Any, ...]] = {
        RaciItem.REQUIREMENT.value: known.content.requirements,
        RaciItem.GATE.value: known.content.gates,
    }
    codes = [each.code for each in parts.get(row.kind, ())]
    place = codes.index(row.code) if row.code in codes else len(codes)
    return KINDS.index(row.kind), place, row.title, row.pk


def parties_for(project: Project, known: Governance, matrix: Matrix, today: date) -> list[Party]:
    """Return everybody a row may name: all roles of the version, those in use, people of the project."""
    used = {party.key: party for party in matrix.parties}
    holders = holders_by_role(project)
    roles = [role_party(known, role.code, holders) for role in known.content.roles]
    members = memberships(project).filter(in_force_on(today), user__is_active=True)
    named = members.order_by("user__name", "user_id").values_list("user_id", "user__name").distinct()
    people = [Party("", user_id, name, (), "") for user_id, name in named]
    found = {party.key: party for party in (*roles, *people)}
    return list({**found, **used}.values())
