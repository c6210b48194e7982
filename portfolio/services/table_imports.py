"""Imports of tables: upload, map, preview, confirm; all or nothing (SEC-24)."""

from datetime import date, datetime
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
from portfolio import actions
from portfolio.interchange.mapping import TableMapping, guess_columns
from portfolio.models import Portfolio, PortfolioImport
from portfolio.selectors.import_leavers import KEEP, LEAVE
from portfolio.services.import_mappings import shipped_mappings
from portfolio.services.table_plan import require_good_row, summary_of
from portfolio.services.table_writing import TableOrder, carry_out, preview_table
from projects.choices import ImportState
from projects.interchange.tables.reading import read_table
from projects.interchange.tables.table import Table, TableRefused

SAMPLE_ROWS = 5
CHANGEABLE = (ImportState.READ,)


@transaction.atomic
def start_import(*, actor: User, file: StoredFile, portfolio: Portfolio) -> PortfolioImport:
    """Return a new import whose file a worker reads."""
    made = PortfolioImport.objects.create(owner=actor, file=file, portfolio=portfolio)
    audit.record(
        actor=actor,
        action=actions.IMPORT_UPLOADED,
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
            _refuse(imported, refused)
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


def _refuse(imported: PortfolioImport, refused: TableRefused) -> None:
    """Keep the refusal, not the bytes."""
    imported.state, imported.refusal = ImportState.REFUSED, refused.message
    imported.preview = {"refused": refused.to_dict()}
    imported.save(update_fields=["state", "refusal", "preview"])
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
    imported = PortfolioImport.objects.select_related("file", "portfolio__node", "owner").get(pk=import_id)
    if imported.state != ImportState.READ or imported.mapping is None or imported.portfolio is None:
        return
    plan = preview_table(_order_of(imported, now=None))
    with job.effect(**summary_of(plan)):
        PortfolioImport.objects.filter(pk=import_id, version=imported.version).update(
            preview={**(imported.preview or {}), "plan": plan}
        )


def _order_of(imported: PortfolioImport, *, now: datetime | None) -> TableOrder:
    """Return what the person asked for; projects leave only if the preview named them."""
    mapping = imported.mapping or {}
    plan = (imported.preview or {}).get("plan")
    return TableOrder(
        actor=imported.owner,
        path=file_path(imported.file),
        source=imported.file.file_name,
        portfolio=imported.portfolio,
        mapping=TableMapping.from_dict(mapping),
        mapping_name=imported.mapping_name,
        now=now,
        as_of=imported.as_of,
        chosen=_chosen(imported),
        leavers=mapping.get("leavers"),
        seen_leavers=[each["code"] for each in plan["leavers"]["projects"]] if plan and now else None,
    )


def _chosen(imported: PortfolioImport) -> dict[int, str]:
    return {int(row): code for row, code in (imported.mapping or {}).get("chosen", {}).items()}


@transaction.atomic
def confirm_import(*, actor: User, imported: PortfolioImport, leavers: str | None = None) -> PortfolioImport:
    """
    Let a worker write what the preview shows.

    Parameters
    ----------
    leavers : str, optional
        LEAVE or KEEP: what happens to the projects the table no longer names; the proposal without it.
    """
    if leavers not in {None, LEAVE, KEEP}:
        raise DomainError(_("Choose LEAVE or KEEP."), code="UNKNOWN_CHOICE", field="leavers")
    locked = _locked(imported, ImportState.READ)
    plan = (locked.preview or {}).get("plan")
    if plan is None:
        raise Conflict(_("Look at the preview first, then confirm."))
    require_good_row(plan)
    locked.state = ImportState.CONFIRMED
    locked.mapping = {**(locked.mapping or {}), "leavers": leavers or plan["leavers"]["proposal"]}
    locked.save(update_fields=["state", "mapping"])
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

    def keep(portfolio: Portfolio, plan: dict[str, Any]) -> None:
        PortfolioImport.objects.filter(pk=import_id).update(
            state=ImportState.IMPORTED, preview={**(imported.preview or {}), "plan": plan}
        )
        audit.record(
            actor=imported.owner,
            action=actions.IMPORT_DONE,
            target=imported,
            node=portfolio.node,
            after=summary_of(plan),
        )

    job.progress(1, 2)
    carry_out(_order_of(imported, now=now), within=job.effect, keep=keep)
