"""The rows of a table as dated statuses: prepared outside of the transaction, written in bulk inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pmo_portal.accounts.choices import OrgUnitKind
from pmo_portal.accounts.models import OrgUnit, User
from pmo_portal.audit import services as audit
from pmo_portal.common.insertions import Insertion
from portfolio.interchange.mapping import TableMapping
from portfolio.models import Portfolio, PortfolioComponent
from portfolio.selectors.import_leavers import Leaver
from portfolio.selectors.import_matches import Match
from portfolio.services import absences
from portfolio.services.table_plan import act_of
from projects.choices import ProjectState
from projects.models import Project
from projects.services import dated_statuses, projects
from projects.services.changes import IDS_AT_ONCE
from projects.services.dated_statuses import PreparedStatuses, StatusDraft, StatusSource
from projects.services.status_writing import Rows, rows_of, write_statuses

NOTES = ("schedule_note", "variance_note", "budget_note")


@dataclass(frozen=True)
class Target:
    """
    Where rows are written: actor, home, meaning, source and the moment of the import.

    ``portfolio`` None is one that is made in the transaction of the writing.
    """

    actor: User | None
    portfolio: Portfolio | None
    mapping: TableMapping
    series: str
    source: str
    now: datetime


@dataclass(frozen=True)
class PreparedRows:
    """All rows ready to be written, the new units they name and the projects that leave."""

    target: Target
    matches: Sequence[Match]
    statuses: PreparedStatuses
    rows: Rows
    new_units: Sequence[OrgUnit]
    leavers: Sequence[Leaver] = field(default_factory=tuple)

    @property
    def new_codes(self) -> Mapping[int, str]:
        """Return the codes of the projects that are made, by the number of their row."""
        return {status.key: status.project.code for status in self.statuses.statuses if status.is_new}


def prepare_rows(
    target: Target, matches: Sequence[Match], leavers: Sequence[Leaver], *, home: str
) -> PreparedRows:
    """
    Read and check everything the rows need, in a number of queries that does not depend on theirs.

    Parameters
    ----------
    home : str
        Title of the portfolio, which may not exist yet.
    """
    units = {unit.code: unit for unit in OrgUnit.objects.all()}
    before = set(units)
    taken = {code.casefold() for code in Project.objects.values_list("code", flat=True)}
    drafts = [_draft(target, match, units, taken) for match in matches]
    statuses = dated_statuses.prepare_statuses(
        StatusSource(
            actor=target.actor,
            name=target.source,
            now=target.now,
            has_first_status_as_baseline=target.mapping.has_first_status_as_baseline,
        ),
        str(target.portfolio.node.path) if target.portfolio else "",
        drafts,
    )
    made = [unit for code, unit in units.items() if code not in before]
    for unit in made:
        unit.clean_fields()
    return PreparedRows(target, matches, statuses, rows_of(statuses, home=home), made, leavers)


def write_rows(prepared: PreparedRows, portfolio: Portfolio) -> None:
    """
    Write all rows, who joined, came back and left. The caller holds the transaction.

    Raises
    ------
    ChangedMeanwhile
        When a project of the portfolio changed since the rows were prepared.
    """
    target = prepared.target
    OrgUnit.objects.bulk_create(prepared.new_units)
    new = write_statuses(prepared.statuses, prepared.rows, home=portfolio.node)
    components = [
        PortfolioComponent(
            project=project, portfolio=portfolio, joined_on=project.data_date, table_series=target.series
        )
        for project in new
    ]
    Insertion(PortfolioComponent, components).write()
    _join_series(prepared, portfolio)
    dates = {
        match.project.id: match.record.as_of
        for match in prepared.matches
        if match.project is not None and match.record.as_of is not None
    }
    changes = absences.return_projects(portfolio, dates)
    changes += absences.dismiss_projects(portfolio, prepared.leavers, source=target.source)
    audit.record_many(actor=target.actor, changes=changes)


def _join_series(prepared: PreparedRows, portfolio: Portfolio) -> None:
    """Note which series of tables reported the known projects last."""
    known = [
        match.project.id
        for match in prepared.matches
        if match.project is not None and match.project.series != prepared.target.series
    ]
    for start in range(0, len(known), IDS_AT_ONCE):
        PortfolioComponent.objects.filter(
            portfolio=portfolio, project_id__in=known[start : start + IDS_AT_ONCE]
        ).update(table_series=prepared.target.series)


def _draft(target: Target, match: Match, units: dict[str, OrgUnit], taken: set[str]) -> StatusDraft:
    record, values = match.record, match.record.values
    if record.as_of is None:
        raise ValueError("a record without date is refused before it is written")
    is_new = match.project is None
    header = _new_header(target, match, units, taken) if is_new else _changes(match)
    return StatusDraft(
        key=record.row,
        as_of=record.as_of,
        project_id=match.project.id if match.project else None,
        header=header,
        report=_report(target, match),
        start=values.get("start"),
        finish=values.get("finish"),
        amount=values.get("budget"),
        is_history=not is_new and act_of(match) != "UPDATE",
    )


def _new_header(
    target: Target, match: Match, units: dict[str, OrgUnit], taken: set[str]
) -> Mapping[str, Any]:
    record, values, mapping = match.record, match.record.values, target.mapping
    reference = str(values.get("code") or "")
    return {
        "name": record.name,
        "code": _free_code(reference, taken),
        "description": str(values.get("description") or ""),
        "category": str(values.get("category") or "")[:80],
        "org_unit": _org_unit(values.get("org_unit"), units),
        "state": ProjectState.EXECUTING,
        "state_since": values.get("start") or record.as_of,
        "report_cycle": mapping.report_cycle,
        "currency": mapping.currency,
        "planned_start": values.get("start"),
        "planned_finish": values.get("finish"),
        "source_reference": reference[:200],
        "extra": dict(record.extra),
    }


def _changes(match: Match) -> Mapping[str, Any]:
    """Return the header of a known project as the newer row says it."""
    values = match.record.values
    changes: dict[str, Any] = {
        name: values[field]
        for name, field in (("planned_start", "start"), ("planned_finish", "finish"))
        if values.get(field)
    }
    if values.get("category"):
        changes["category"] = str(values["category"])[:80]
    reference = str(values.get("code") or "")
    if reference and match.project is not None and not match.project.source_reference:
        changes["source_reference"] = reference[:200]
    return changes


def _report(target: Target, match: Match) -> Mapping[str, Any]:
    values = match.record.values
    return {
        "confidence": values.get("confidence") or "",
        "summary": str(values.get("confidence_note") or ""),
        "reported_start": values.get("start"),
        "reported_finish": values.get("finish"),
        "reported_budget": values.get("budget"),
        "reported_year_budget": values.get("year_budget"),
        "reported_year_forecast": values.get("year_forecast"),
        "currency": target.mapping.currency,
        "extra": {
            "row": match.record.row,
            **{name: values[name] for name in NOTES if values.get(name)},
            **match.record.extra,
        },
    }


def _free_code(reference: str, taken: set[str]) -> str:
    """
    Return the code made of the source's reference, or "" for the next number.

    ``taken`` holds codes in small letters: two that differ in case only would be one to people.
    """
    code = projects.suggest_code(reference)[:40] if reference else ""
    key = code.casefold()
    if not code or key in taken or key in projects.RESERVED_CODES:
        return ""
    taken.add(key)
    return code


def _org_unit(name: Any, units: dict[str, OrgUnit]) -> OrgUnit | None:
    """Return the department of this name, a new one when unknown; spellings that differ in case are one."""
    text = str(name or "").strip()
    if not text:
        return None
    code = "".join(sign if sign.isalnum() else "-" for sign in text.upper())[:30]
    if code not in units:
        units[code] = OrgUnit(code=code, name=text[:150], kind=OrgUnitKind.DEPARTMENT)
    return units[code]
