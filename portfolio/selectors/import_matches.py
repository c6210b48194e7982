"""Which project a row of a table is about."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.db.models import Max, OuterRef, Q, Subquery

from pmo_portal.accounts.models import User
from portfolio.interchange.cells import matching_name
from portfolio.interchange.records import StatusRecord
from portfolio.models import ComponentAbsence, Portfolio
from projects.choices import ProjectState, ReportState
from projects.models import Project

LIKENESS = 0.88
NAMES_A_WORD = 500
CANDIDATES = 20


@dataclass(frozen=True)
class KnownProject:
    """
    A project a row may be about.

    ``last_status`` is the end of its newest published period, ``series`` the series of tables that
    reported it last, ``away_since`` the day it left the portfolio if it has not come back.
    """

    id: int
    code: str
    name: str
    source_reference: str
    data_date: date | None
    state: str
    portfolio_id: int | None
    series: str | None
    last_status: date | None
    away_since: date | None

    @property
    def is_open(self) -> bool:
        """Whether its facts may still change."""
        return self.state not in {ProjectState.CLOSED, ProjectState.CANCELED}


@dataclass(frozen=True)
class Match:
    """
    A row and the project it updates; None makes a new one.

    ``similar`` is a project with nearly the same name that the person may choose instead.
    """

    record: StatusRecord
    project: KnownProject | None
    similar: KnownProject | None = None


def known_projects(portfolio: Portfolio | None, *, viewer: User | None) -> list[KnownProject]:
    """
    Return the projects below the portfolio that the viewer may see, all of them without one. One query.

    A row about a project hidden from the viewer makes a new one: nothing tells that the other exists
    (SEC-10).
    """
    if portfolio is None:
        return []
    visible = Project.objects.visible_to(viewer) if viewer is not None else Project.objects.all()
    absences = ComponentAbsence.objects.open().filter(component__project=OuterRef("pk"))
    rows = (
        visible.filter(node__path__startswith=str(portfolio.node.path))
        .annotate(
            last=Max("reports__period_end", filter=Q(reports__state=ReportState.PUBLISHED)),
            away=Subquery(absences.values("left_on")[:1]),
        )
        .order_by("pk")
    )
    columns = {
        "id": "pk",
        "code": "code",
        "name": "name",
        "source_reference": "source_reference",
        "data_date": "data_date",
        "state": "state",
        "portfolio_id": "component__portfolio_id",
        "series": "component__table_series",
        "last_status": "last",
        "away_since": "away",
    }
    values = rows.values_list(*columns.values())
    return [KnownProject(**dict(zip(columns, row, strict=True))) for row in values]


def match_records(
    records: Sequence[StatusRecord],
    known: Sequence[KnownProject],
    *,
    chosen: Mapping[int, str] | None = None,
) -> list[Match]:
    """
    Return a match for each record, in order.

    The person's choice (row number → project code) wins, then the reference of the source, whatever its
    case, then the name without case, signs and brackets. No project is matched twice.
    """
    by_code = {project.code: project for project in known}
    by_reference = {
        project.source_reference.casefold(): project for project in known if project.source_reference
    }
    by_name = {matching_name(project.name): project for project in reversed(known)}
    taken: set[int] = set()
    found: dict[int, KnownProject] = {}

    def take(record: StatusRecord, project: KnownProject | None) -> None:
        if project is not None and project.id not in taken and record.row not in found:
            found[record.row] = project
            taken.add(project.id)

    for record in records:
        take(record, by_code.get((chosen or {}).get(record.row, "")))
    for record in records:
        take(record, by_reference.get(_reference(record)))
    for record in records:
        take(record, _same_name(record, by_name))
    likeness = _Likeness({name: project for name, project in by_name.items() if project.id not in taken})
    return [
        Match(record, found[record.row])
        if record.row in found
        else Match(record, None, likeness.similar(record.key))
        for record in records
    ]


def _same_name(record: StatusRecord, by_name: Mapping[str, KnownProject]) -> KnownProject | None:
    """Return the project of the same name, unless both carry references of the source that differ."""
    project = by_name.get(record.key)
    reference = _reference(record)
    if project and reference and project.source_reference:
        return project if reference == project.source_reference.casefold() else None
    return project


def _reference(record: StatusRecord) -> str:
    """Return the reference of the source, to compare: sources do not keep the case of their own."""
    return str(record.values.get("code") or "").casefold()


class _Likeness:
    """
    Looks for nearly the same name among projects that no row is about.

    Only names that share a word are compared, those that share the most first, so that a thousand new
    rows among thousands of projects take seconds.
    """

    def __init__(self, free: Mapping[str, KnownProject]) -> None:
        self.free = free
        self.names: dict[str, list[str]] = defaultdict(list)
        for name in free:
            for word in set(name.split()):
                self.names[word].append(name)

    def similar(self, key: str) -> KnownProject | None:
        """Return the project whose name is most like the key, if one is like enough."""
        shared: Counter[str] = Counter()
        for word in set(key.split()):
            if len(self.names.get(word, ())) <= NAMES_A_WORD:
                shared.update(self.names.get(word, ()))
        candidates = [name for name, _count in shared.most_common(CANDIDATES)]
        close = get_close_matches(key, candidates, n=1, cutoff=LIKENESS)
        return self.free[close[0]] if close else None
