"""Imports of tables: upload, map, preview, confirm; all or nothing (SEC-24)."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.common.jobs import RunningJob
from pmo_portal.common.labels import Label
from pmo_portal.common.queue import enqueue
from pmo_portal.documents.models import StoredFile
from pmo_portal.documents.services.files import file_path
from portfolio.interchange.mapping import TableMapping, guess_columns
from portfolio.interchange.reading import read_table
from portfolio.interchange.records import Reading, read_records
from portfolio.interchange.table import Table, TableRefused
from portfolio.models import Portfolio, PortfolioImport
from portfolio.selectors.import_matches import Match, known_projects, match_records
from portfolio.services.import_mappings import mapping_named, shipped_mappings
from portfolio.services.status_rows import Target, write_status
from portfolio.services.table_plan import plan_of, summary_of
from projects.choices import ImportState

SAMPLE_ROWS = 5
CHANGEABLE = (ImportState.READ,)


@transaction.atomic
def start_import(*, actor: User, file: StoredFile, portfolio: Portfolio) -> PortfolioImport:
    """Return a new import whose file a worker reads."""
    made = PortfolioImport.objects.create(owner=actor, file=file, portfolio=portfolio)
    audit.record(
        actor=actor,
        action="portfolio_import.uploaded",
        target=made,
        node=portfolio.node,
        after={"file": file.file_name, "sha256": file.sha256, "size": file.size},
    )
    _enqueue_step(made, "portfolio.read_table_import", gettext_noop("Read %(file)s"))
    return made


def _enqueue_step(imported: PortfolioImport, name: str, label: str) -> None:
    imported.job = enqueue(
        name,
        key=str(imported.pk),
        arguments={"import_id": imported.pk},
        owner=imported.owner,
        label=Label(label, {"file": imported.file.file_name}),
    )
    imported.save(update_fields=["job"])


def read_import(import_id: int, *, job: RunningJob) -> None:
    """Read the table and propose a mapping; a file that cannot be read is refused and forgotten."""
    imported = PortfolioImport.objects.select_related("file").get(pk=import_id)
    if imported.state != ImportState.UPLOADED:
        return
    try:
        table = read_table(file_path(imported.file))
    except TableRefused as refused:
        with job.effect(refused=refused.code):
            _refuse(imported, refused.message)
        return
    with job.effect(rows=len(table.rows)):
        imported.state = ImportState.READ
        imported.preview = {
            "headers": list(table.headers),
            "rows_total": len(table.rows),
            "sample": [list(row.cells) for row in table.rows[:SAMPLE_ROWS]],
            "proposal": {code: list(names) for code, names in guess_columns(table.headers).items()},
            "fitting": fitting_mappings(table),
        }
        imported.save(update_fields=["state", "preview"])


def _refuse(imported: PortfolioImport, message: str) -> None:
    """Keep the refusal, not the bytes."""
    imported.state, imported.refusal = ImportState.REFUSED, message
    imported.save(update_fields=["state", "refusal"])
    path = file_path(imported.file)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def fitting_mappings(table: Table) -> list[str]:
    """Return the shipped mappings all of whose needed columns the table has."""
    headers = {header.casefold() for header in table.headers}
    needed = ("name", "confidence", "finish", "budget")
    return [
        name
        for name, mapping in shipped_mappings().items()
        if all(
            any(header.casefold() in headers for header in mapping.columns.get(code, ())) for code in needed
        )
    ]


@transaction.atomic
def choose_mapping(
    *,
    actor: User,
    imported: PortfolioImport,
    mapping: TableMapping,
    mapping_name: str = "",
    as_of: date | None = None,
    chosen: dict[int, str] | None = None,
) -> PortfolioImport:
    """Set the meaning of the columns and ask for the preview."""
    locked = _locked(imported, *CHANGEABLE)
    locked.mapping = {**mapping.to_dict(), "chosen": {str(row): code for row, code in (chosen or {}).items()}}
    locked.mapping_name, locked.as_of = mapping_name, as_of
    base = locked.preview or {}
    locked.preview = {name: base[name] for name in base if name != "plan"}
    locked.version += 1
    locked.save()
    _enqueue_step(locked, "portfolio.preview_table_import", gettext_noop("Preview %(file)s"))
    return locked


def _locked(imported: PortfolioImport, *states: str) -> PortfolioImport:
    fresh = PortfolioImport.objects.select_for_update().get(pk=imported.pk)
    if fresh.state not in states:
        raise Conflict(
            _("This import is “%(state)s”, so this can no longer be done.")
            % {"state": fresh.get_state_display()}
        )
    return fresh


def preview_import(import_id: int, *, job: RunningJob) -> None:
    """Work out what the import would do, and keep it with the import."""
    imported = PortfolioImport.objects.select_related("file", "portfolio__node").get(pk=import_id)
    if imported.state != ImportState.READ or imported.mapping is None or imported.portfolio is None:
        return
    plan = plan_file(
        file_path(imported.file),
        portfolio=imported.portfolio,
        mapping=TableMapping.from_dict(imported.mapping),
        as_of=imported.as_of,
        chosen=_chosen(imported),
    )
    with job.effect(**summary_of(plan)):
        PortfolioImport.objects.filter(pk=import_id, version=imported.version).update(
            preview={**(imported.preview or {}), "plan": plan}
        )


def _chosen(imported: PortfolioImport) -> dict[int, str]:
    return {int(row): code for row, code in (imported.mapping or {}).get("chosen", {}).items()}


def plan_file(
    path: Path,
    *,
    portfolio: Portfolio,
    mapping: TableMapping,
    as_of: date | None = None,
    chosen: dict[int, str] | None = None,
) -> dict[str, Any]:
    """Return what importing the file would do; nothing is written."""
    reading = read_records(read_table(path), mapping, as_of=as_of)
    return plan_of(reading, match_records(reading.records, known_projects(portfolio), chosen=chosen))


@transaction.atomic
def confirm_import(*, actor: User, imported: PortfolioImport) -> PortfolioImport:
    """Let a worker write what the preview shows."""
    locked = _locked(imported, ImportState.READ)
    plan = (locked.preview or {}).get("plan")
    if plan is None:
        raise Conflict(_("Look at the preview first, then confirm."))
    if plan["counts"]["CREATE"] + plan["counts"]["UPDATE"] + plan["counts"]["LATER_KNOWN"] == 0:
        raise DomainError(_("No row of this table can be imported. The problems are listed below."))
    locked.state = ImportState.CONFIRMED
    locked.save(update_fields=["state"])
    _enqueue_step(locked, "portfolio.write_table_import", gettext_noop("Import %(file)s"))
    return locked


@transaction.atomic
def discard_import(*, actor: User, imported: PortfolioImport) -> PortfolioImport:
    """Give the import up and forget its file."""
    locked = _locked(imported, ImportState.UPLOADED, ImportState.READ)
    locked.state = ImportState.DISCARDED
    locked.save(update_fields=["state"])
    path = file_path(locked.file)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return locked


def write_import(import_id: int, *, job: RunningJob, now: datetime) -> None:
    """Write all rows in one transaction with the end of the job."""
    imported = PortfolioImport.objects.select_related("file", "portfolio__node", "owner").get(pk=import_id)
    if imported.state != ImportState.CONFIRMED or imported.portfolio is None or imported.mapping is None:
        return
    mapping = TableMapping.from_dict(imported.mapping)
    reading = read_records(read_table(file_path(imported.file)), mapping, as_of=imported.as_of)
    with job.effect() as result:
        matches = reading_matches(reading, imported.portfolio, _chosen(imported))
        _write(matches, Target(imported.owner, imported.portfolio, mapping, imported.file.file_name, now))
        plan = plan_of(reading, matches)
        result.update(summary_of(plan))
        PortfolioImport.objects.filter(pk=import_id).update(
            state=ImportState.IMPORTED, preview={**(imported.preview or {}), "plan": plan}
        )
        audit.record(
            actor=imported.owner,
            action="portfolio_import.imported",
            target=imported,
            node=imported.portfolio.node,
            after=summary_of(plan),
        )


def reading_matches(
    reading: Reading, portfolio: Portfolio, chosen: dict[int, str] | None = None
) -> list[Match]:
    """Return the matches of a reading with the projects of the portfolio."""
    return match_records(reading.records, known_projects(portfolio), chosen=chosen)


def _write(matches: list[Match], target: Target) -> None:
    for match in matches:
        write_status(target, match)
    label = Label(gettext_noop("Take new projects into their portfolios"))
    enqueue("portfolio.adopt_projects", key="all", label=label)


@transaction.atomic
def import_file(
    *,
    actor: User | None,
    path: Path,
    portfolio: Portfolio,
    mapping_name: str,
    now: datetime,
    as_of: date | None = None,
) -> dict[str, Any]:
    """
    Import a file at once (command). Returns the plan that was carried out.

    Raises
    ------
    TableRefused, UnknownMapping
        Nothing is written then.
    """
    mapping = mapping_named(mapping_name)
    reading = read_records(read_table(path), mapping, as_of=as_of)
    matches = reading_matches(reading, portfolio)
    _write(matches, Target(actor, portfolio, mapping, path.name, now))
    plan = plan_of(reading, matches)
    audit.record(
        actor=actor,
        action="portfolio_import.imported",
        target=portfolio,
        node=portfolio.node,
        after={"file": path.name, "mapping": mapping_name, **summary_of(plan)},
    )
    return plan
