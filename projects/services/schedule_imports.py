"""The way of a schedule file: uploaded, read, previewed, confirmed, imported or discarded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.common.labels import Label
from pmo_portal.common.queue import cancel, enqueue
from pmo_portal.documents.services.files import delete_file, file_path, store_upload
from pmo_portal.notifications.services.inbox import notify
from projects.access import may_import_into
from projects.choices import ImportState, MissingRows
from projects.interchange.document import ProjectDocument
from projects.interchange.reading import read_schedule
from projects.interchange.refusal import ScheduleRefused
from projects.models import Project, ScheduleImport
from projects.selectors.import_words import refusal_sentence
from projects.selectors.schedule_imports import refusal_of
from projects.services.changes import lock_links, lock_project, require_version
from projects.services.document_writing import Incoming, write_projects
from projects.services.import_preview import preview_of
from projects.services.plan_updates import preview_update, require_removal, stamp_of, update_plan

READ_JOB = "projects.read_schedule_import"
WRITE_JOB = "projects.write_schedule_import"


@dataclass(frozen=True)
class Choice:
    """What the person wants of one project of the file; an empty code takes the next free number."""

    name: str
    code: str = ""
    is_confidential: bool = False
    is_included: bool = True


def upload_schedule(
    *, actor: User, name: str, chunks: Iterable[bytes], target_node: ScopeNode
) -> ScheduleImport:
    """
    Keep an uploaded schedule and have it read in the background.

    Raises
    ------
    NotAllowed
        If the person may not import into the chosen place.
    UploadTooLarge
        If the file passes the limit; nothing is kept then.
    """
    require_target(actor, target_node)
    stored = None
    try:
        with transaction.atomic():
            stored = store_upload(owner=actor, name=name, chunks=chunks)
            made = ScheduleImport.objects.create(
                owner=actor,
                file=stored,
                file_name=stored.file_name,
                sha256=stored.sha256,
                target_node=target_node,
            )
            _order(made, READ_JOB, label=Label(gettext_noop("Read %(file)s"), {"file": made.file_name}))
    except BaseException:
        if stored is not None:
            file_path(stored).unlink(missing_ok=True)
        raise
    return made


def _order(schedule_import: ScheduleImport, job: str, *, label: Label) -> None:
    """Enqueue a job about the import and remember it."""
    schedule_import.job = enqueue(
        job,
        key=str(schedule_import.pk),
        arguments={"import_id": schedule_import.pk},
        owner=schedule_import.owner,
        label=label,
    )
    schedule_import.save()


def read_file(schedule_import: ScheduleImport) -> list[ProjectDocument]:
    """
    Return what the file holds. Long: call it outside of a transaction.

    Raises
    ------
    ScheduleRefused
        If the file is not taken.
    DomainError
        If it is not there any more.
    """
    if schedule_import.file is None:
        raise DomainError(_("The file is gone. Upload it again."), code="NO_FILE")
    return read_schedule(file_path(schedule_import.file))


def read_confirmed(schedule_import: ScheduleImport) -> list[ProjectDocument]:
    """
    Return what a confirmed file holds, as `read_file`; nothing when it was written already.

    Raises
    ------
    DomainError
        If the file cannot be read any more.
    """
    if schedule_import.state != ImportState.CONFIRMED:
        return []
    try:
        return read_file(schedule_import)
    except ScheduleRefused as refused:
        sentence = refusal_sentence(refused.reason, refused.values)
        raise DomainError(sentence, code=refused.code.value) from refused


@transaction.atomic
def keep_reading(
    *,
    schedule_import: ScheduleImport,
    documents: Sequence[ProjectDocument],
    dates: Sequence[Mapping[str, Any]],
) -> ScheduleImport:
    """
    Store the preview of what the file holds; a repeated reading changes nothing.

    Parameters
    ----------
    dates : sequence of mapping
        Of each document, how its dates agree (`projects.services.import_preview.dates_of`).
    """
    locked = lock_import(schedule_import)
    if locked.state != ImportState.UPLOADED:
        return locked
    locked.preview = preview_of(documents, file_name=locked.file_name)
    for shown, compared in zip(locked.preview["projects"], dates, strict=True):
        shown["dates"] = dict(compared)
    project = project_of(locked)
    if project is not None:
        for shown, document in zip(locked.preview["projects"], documents, strict=True):
            shown["update"] = preview_update(
                actor=locked.owner, project=project, document=document, file_name=locked.file_name
            )
    locked.state = ImportState.READ
    _save(locked)
    _tell_owner(locked, _("%(file)s is ready to import"), _("Look at the preview and confirm."))
    return locked


@transaction.atomic
def refuse_import(*, schedule_import: ScheduleImport, refused: ScheduleRefused) -> ScheduleImport:
    """Keep why the file is not taken, and delete the file."""
    locked = lock_import(schedule_import)
    if locked.state != ImportState.UPLOADED:
        return locked
    locked.state = ImportState.REFUSED
    locked.refusal = refused.message
    locked.preview = {
        "refusal_code": refused.code.value,
        "refusal_reason": refused.reason,
        "refusal_values": refused.values,
    }
    _drop_file(locked)
    _save(locked)
    _tell_owner(locked, _("%(file)s was not taken"), refusal_of(locked))
    return locked


def project_of(schedule_import: ScheduleImport) -> Project | None:
    """Return the project whose plan the file brings up to date; None where it makes new projects."""
    if not schedule_import.is_update:
        return None
    projects = Project.objects.select_related("node", "calendar")
    return projects.get(node_id=schedule_import.target_node_id)


@transaction.atomic
def confirm_update(
    *,
    actor: User,
    schedule_import: ScheduleImport,
    number: int,
    missing: str,
    expected_version: int | None,
) -> ScheduleImport:
    """
    Say that one project of the file shall bring the plan up to date, and have it written in the background.

    Parameters
    ----------
    number : int
        Which project of the file, counted from 0.
    missing : str
        What becomes of rows that are not in the file (`MissingRows`).

    Raises
    ------
    Conflict
        If the import does not wait for a confirmation, or the project changed since the preview.
    StaleObject
        If the import was changed meanwhile.
    """
    locked = lock_import(schedule_import)
    project = project_of(locked)
    if project is None:
        raise Conflict(_("This import makes new projects. Confirm it as such."), code="NO_UPDATE")
    require_target(actor, project.node)
    require_version(locked.version, expected=expected_version)
    if not can_confirm(locked):
        raise Conflict(_("This import does not wait for a confirmation."), code="NOT_READ")
    shown = (locked.preview or {}).get("projects", [])
    if number not in range(len(shown)) or missing not in MissingRows.values:
        raise DomainError(_("Choose one project of the file."), code="CHOICES", field="number")
    require_removal(missing, may_remove=shown[number]["update"]["may_remove"])
    if shown[number]["update"]["stamp"] != stamp_of(project):
        raise Conflict(
            _("The project changed since the preview. Compare again and confirm what you see then."),
            code="PLAN_CHANGED",
        )
    locked.choices = [{"is_included": index == number, "missing": missing} for index in range(len(shown))]
    _confirmed(locked)
    return locked


def _confirmed(schedule_import: ScheduleImport) -> None:
    """Remember the confirmation and have the file written."""
    schedule_import.state = ImportState.CONFIRMED
    schedule_import.refusal = ""
    schedule_import.version += 1
    label = Label(gettext_noop("Import %(file)s"), {"file": schedule_import.file_name})
    _order(schedule_import, WRITE_JOB, label=label)


@transaction.atomic
def compare_again(
    *, actor: User, schedule_import: ScheduleImport, expected_version: int | None
) -> ScheduleImport:
    """
    Have the file compared anew with the plan as it is now.

    Raises
    ------
    Conflict
        If the import does not wait for a confirmation, or makes new projects.
    """
    locked = lock_import(schedule_import)
    require_version(locked.version, expected=expected_version)
    project = project_of(locked)
    if project is None or not can_confirm(locked):
        raise Conflict(_("There is nothing to compare: this import does not wait for a confirmation."))
    require_target(actor, project.node)
    locked.state = ImportState.UPLOADED
    locked.refusal = ""
    locked.version += 1
    _order(locked, READ_JOB, label=Label(gettext_noop("Read %(file)s"), {"file": locked.file_name}))
    return locked


@transaction.atomic
def confirm_import(
    *,
    actor: User,
    schedule_import: ScheduleImport,
    target_node: ScopeNode,
    choices: Sequence[Choice],
    expected_version: int | None,
) -> ScheduleImport:
    """
    Say that the previewed projects shall come in, and have them written in the background.

    Raises
    ------
    Conflict
        If the import does not wait for a confirmation.
    DomainError
        If nothing is chosen or a code is taken.
    StaleObject
        If it was changed meanwhile.
    """
    require_target(actor, target_node)
    locked = lock_import(schedule_import)
    require_version(locked.version, expected=expected_version)
    if not can_confirm(locked):
        raise Conflict(_("This import does not wait for a confirmation."), code="NOT_READ")
    if ScopeKind.PROJECT in {target_node.kind, locked.target_node and locked.target_node.kind}:
        raise Conflict(_("This import brings a plan up to date. Confirm it as such."), code="IS_UPDATE")
    _require_choices(choices, count=len((locked.preview or {}).get("projects", [])))
    locked.target_node = target_node
    locked.choices = [asdict(choice) for choice in choices]
    _confirmed(locked)
    return locked


def can_confirm(schedule_import: ScheduleImport) -> bool:
    """Whether the import waits for a confirmation: read, or its writing failed."""
    return schedule_import.state == ImportState.READ or is_stuck(schedule_import, ImportState.CONFIRMED)


def can_discard(schedule_import: ScheduleImport) -> bool:
    """Whether the import can be given up: not yet written, and nobody writes it at the moment."""
    is_open = schedule_import.state in {ImportState.UPLOADED, ImportState.READ}
    return is_open or is_stuck(schedule_import, ImportState.CONFIRMED)


def is_stuck(schedule_import: ScheduleImport, state: str) -> bool:
    """Whether the import is in this state and its job ended without bringing it further."""
    job = schedule_import.job
    return schedule_import.state == state and (job is None or job.is_finished)


def _require_choices(choices: Sequence[Choice], *, count: int) -> None:
    if len(choices) != count:
        raise DomainError(_("Choose for every project of the file."), code="CHOICES")
    wanted = [choice for choice in choices if choice.is_included]
    if not wanted:
        raise DomainError(_("Choose at least one project to import."), code="NOTHING_CHOSEN")
    codes = [choice.code.lower() for choice in wanted if choice.code]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    taken = Project.objects.filter(code__in=[choice.code for choice in wanted if choice.code])
    clash = twice or taken.order_by("code").values_list("code", flat=True).first()
    if clash:
        raise DomainError(
            _("The code “%(code)s” is taken. Choose another one, or leave it empty for the next free number.")
            % {"code": clash},
            code="CODE_TAKEN",
        )


@transaction.atomic
def write_import(
    *, schedule_import: ScheduleImport, documents: Sequence[ProjectDocument], today: date
) -> list[Project]:
    """
    Store the confirmed projects; a repeated call after the import returns what is there.

    Raises
    ------
    DomainError
        If the person lost the right, a code was taken meanwhile, or the plan is no longer the one of the
        preview; nothing is stored then.
    """
    project = project_of(schedule_import)
    if project is not None:
        lock_links()
        lock_project(project)
    locked = lock_import(schedule_import)
    if locked.state != ImportState.CONFIRMED:
        return list(locked.projects.order_by("pk"))
    if locked.target_node is None or len(locked.choices) != len(documents):
        raise DomainError(_("The file changed since the preview. Upload it again."), code="CHANGED")
    require_target(locked.owner, locked.target_node)
    if project is not None:
        projects = [_write_update(locked, project, documents, today)]
    else:
        projects = write_projects(
            actor=locked.owner,
            incoming=_incoming(documents, locked.choices),
            parent_node=locked.target_node,
            today=today,
            file_name=locked.file_name,
        )
    locked.projects.set(projects)
    locked.state = ImportState.IMPORTED
    _save(locked)
    _tell_owner(locked, _("%(file)s is imported"), ", ".join(project.name for project in projects)[:500])
    return projects


def _write_update(
    schedule_import: ScheduleImport, project: Project, documents: Sequence[ProjectDocument], today: date
) -> Project:
    """Bring the plan up to date with the chosen project of the file, if the outcome is the one shown."""
    chosen = [choice["is_included"] for choice in schedule_import.choices].index(True)
    shown = (schedule_import.preview or {})["projects"][chosen]
    return update_plan(
        actor=schedule_import.owner,
        project=project,
        document=documents[chosen],
        missing=schedule_import.choices[chosen]["missing"],
        today=today,
        file_name=schedule_import.file_name,
        expected_digest=shown["update"]["digest"],
    ).project


def _incoming(documents: Sequence[ProjectDocument], choices: Sequence[Mapping[str, Any]]) -> list[Incoming]:
    return [
        Incoming(
            document=document,
            name=choice["name"],
            code=choice["code"],
            is_confidential=choice["is_confidential"],
        )
        for document, choice in zip(documents, choices, strict=True)
        if choice["is_included"]
    ]


@transaction.atomic
def return_to_preview(*, schedule_import: ScheduleImport, message: str) -> ScheduleImport:
    """Let the person choose anew after the writing was refused."""
    locked = lock_import(schedule_import)
    if locked.state == ImportState.CONFIRMED:
        locked.state = ImportState.READ
        locked.refusal = message
        _save(locked)
    return locked


@transaction.atomic
def discard_import(
    *, actor: User, schedule_import: ScheduleImport, expected_version: int | None
) -> ScheduleImport:
    """
    Give the import up and delete its file; projects that came in already stay.

    Raises
    ------
    Conflict
        If it is being written at the moment, or has ended.
    """
    locked = lock_import(schedule_import)
    require_version(locked.version, expected=expected_version)
    if not can_discard(locked):
        raise Conflict(_("This import has ended or is being written, so it cannot be discarded."))
    locked.state = ImportState.DISCARDED
    if locked.job is not None:
        cancel(locked.job.pk)
    _drop_file(locked)
    _save(locked)
    return locked


def require_target(actor: User, node: ScopeNode) -> None:
    """Refuse a place the person may not import into."""
    if may_import_into(actor, node):
        return
    if node.kind == ScopeKind.PROJECT:
        message = _("You may not import into this project, or it is closed. Ask the PMO or its manager.")
    else:
        message = _("You may not create projects there. Choose another portfolio, or ask its manager.")
    raise NotAllowed(message, field="target")


def _tell_owner(schedule_import: ScheduleImport, title: Any, body: Any) -> None:
    """Leave a message in the inbox of the person; ``title`` names the file as ``%(file)s``."""
    notify(
        users=[schedule_import.owner],
        kind="schedule_import",
        title=str(title % {"file": schedule_import.file_name})[:200],
        body=str(body)[:2000],
        url=schedule_import.get_absolute_url(),
        dedupe_key=f"schedule-import-{schedule_import.pk}-{schedule_import.version}",
    )


def lock_import(schedule_import: ScheduleImport) -> ScheduleImport:
    """Return the import, fresh and locked until the transaction ends."""
    ScheduleImport.objects.select_for_update().get(pk=schedule_import.pk)
    return ScheduleImport.objects.select_related("owner", "file", "target_node", "job").get(
        pk=schedule_import.pk
    )


def _drop_file(schedule_import: ScheduleImport) -> None:
    stored, schedule_import.file = schedule_import.file, None
    schedule_import.save(update_fields=["file"])
    if stored is not None:
        delete_file(stored)


def _save(schedule_import: ScheduleImport) -> None:
    schedule_import.version += 1
    schedule_import.save()
