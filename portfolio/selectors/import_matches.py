"""Which project a row of a table is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.db.models import Max, Q

from portfolio.interchange.cells import matching_name
from portfolio.interchange.records import StatusRecord
from portfolio.models import Portfolio
from projects.choices import ReportState
from projects.models import Project

LIKENESS = 0.88


@dataclass(frozen=True)
class KnownProject:
    """A project a row may be about. ``last_status`` is the end of its newest published period."""

    id: int
    code: str
    name: str
    source_reference: str
    last_status: date | None


@dataclass(frozen=True)
class Match:
    """
    A row and the project it updates; None makes a new one.

    ``similar`` is a project with nearly the same name that the person may choose instead.
    """

    record: StatusRecord
    project: KnownProject | None
    similar: KnownProject | None = None


def known_projects(portfolio: Portfolio) -> list[KnownProject]:
    """Return all projects below the portfolio. One query."""
    rows = (
        Project.objects.filter(node__path__startswith=str(portfolio.node.path))
        .annotate(last=Max("reports__period_end", filter=Q(reports__state=ReportState.PUBLISHED)))
        .order_by("pk")
        .values_list("pk", "code", "name", "source_reference", "last")
    )
    return [KnownProject(*row) for row in rows]


def match_records(
    records: Sequence[StatusRecord],
    known: Sequence[KnownProject],
    *,
    chosen: Mapping[int, str] | None = None,
) -> list[Match]:
    """
    Return a match for each record, in order.

    The person's choice (row number → project code) wins, then the reference of the source, then the
    name without case, signs and brackets. No project is matched twice.
    """
    by_code = {project.code: project for project in known}
    by_reference = {project.source_reference: project for project in known if project.source_reference}
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
        take(record, by_reference.get(str(record.values.get("code") or "")))
    for record in records:
        take(record, _same_name(record, by_name))
    free = {name: project for name, project in by_name.items() if project.id not in taken}
    return [
        Match(record, found[record.row])
        if record.row in found
        else Match(record, None, _similar(record, free))
        for record in records
    ]


def _same_name(record: StatusRecord, by_name: Mapping[str, KnownProject]) -> KnownProject | None:
    """Return the project of the same name, unless both carry references of the source that differ."""
    project = by_name.get(record.key)
    reference = str(record.values.get("code") or "")
    if project and reference and project.source_reference and reference != project.source_reference:
        return None
    return project


def _similar(record: StatusRecord, free: Mapping[str, KnownProject]) -> KnownProject | None:
    close = get_close_matches(record.key, list(free), n=1, cutoff=LIKENESS)
    return free[close[0]] if close else None
