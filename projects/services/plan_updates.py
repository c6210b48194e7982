"""Bring the plan of a project up to date from a schedule file."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, NotAllowed
from projects.access import may_import_into
from projects.choices import ChangeSource, MissingRows
from projects.interchange.document import ProjectDocument
from projects.models import Project
from projects.services.changes import lock_links, lock_open_project
from projects.services.plan_changes.recording import recorded
from projects.services.plan_update.report import counts_with, report_of
from projects.services.plan_update.working_out import work_out_update
from projects.services.plan_update.writing import write_update


@dataclass(frozen=True)
class UpdateResult:
    """What an update did; ``counts`` are those of the audit trail, without effect when nothing differed."""

    project: Project
    counts: dict[str, Any]
    has_effect: bool


def preview_update(
    *, actor: User | None, project: Project, document: ProjectDocument, file_name: str
) -> dict[str, Any]:
    """
    Return what importing the document would do, as plain data; nothing is changed.

    Raises
    ------
    NotAllowed
        If the person may not import into the project.
    """
    _require_reach(actor, project)
    update = work_out_update(actor=actor, project=project, document=document, file_name=file_name)
    return {"stamp": stamp_of(project), **report_of(update)}


def stamp_of(project: Project) -> str:
    """Return a text that changes with every change of the project's facts."""
    return f"{project.version} {project.updated_at.isoformat()}"


@transaction.atomic
def update_plan(
    *,
    actor: User | None,
    project: Project,
    document: ProjectDocument,
    missing: str,
    today: date,
    file_name: str,
    expected_digest: str | None = None,
) -> UpdateResult:
    """
    Bring the plan up to date from a document; doing it again changes nothing.

    Parameters
    ----------
    missing : str
        What becomes of rows that are not in the file (`MissingRows`); those that carry progress, cost or a
        baseline always stay.
    expected_digest : str, optional
        The outcome a person has seen; another one is refused.

    Raises
    ------
    NotAllowed
        If the person may not import into the project, or not delete tasks.
    Conflict
        ``PROJECT_CLOSED``; ``PLAN_CHANGED`` if the outcome is another one than the person has seen; ``CYCLE``
        if links would close a ring. Nothing is stored then.
    """
    lock_links()
    locked = lock_open_project(project)
    _require_reach(actor, locked)
    update = work_out_update(actor=actor, project=locked, document=document, file_name=file_name)
    if expected_digest is not None and report_of(update)["digest"] != expected_digest:
        raise Conflict(
            _("The project changed since the preview. Compare again and confirm what you see then."),
            code="PLAN_CHANGED",
        )
    require_removal(missing, may_remove=update.may_remove)
    counts = counts_with(update, missing)
    with recorded(actor=actor, project=locked, source=ChangeSource.PLAN_FILE, file_name=file_name):
        has_effect = write_update(
            actor=actor,
            project=locked,
            update=update,
            missing=missing,
            today=today,
            file_name=file_name,
            counts=counts,
        )
    return UpdateResult(locked, counts, has_effect)


def require_removal(missing: str, *, may_remove: bool) -> None:
    """
    Go on unless rows are to be removed by somebody who may not delete tasks.

    Raises
    ------
    NotAllowed
        If so.
    """
    if missing == MissingRows.REMOVE and not may_remove:
        raise NotAllowed(
            _("Your role may not delete tasks. Keep the rows, or set them inactive."), field="missing"
        )


def _require_reach(actor: User | None, project: Project) -> None:
    if actor is not None and not may_import_into(actor, project.node):
        raise NotAllowed(
            _("You may not import into this project, or it is closed. Ask the PMO or its manager.")
        )
