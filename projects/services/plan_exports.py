"""Take the plan of a project away as a file: a spreadsheet, a calendar, or the file of another tool."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from pmo_portal.accounts.access import permissions_on
from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.builders import Built, document_builder, request_document
from pmo_portal.common.errors import DomainError, NotAllowed
from pmo_portal.common.export import CSV_TYPE, XLSX_TYPE, csv_bytes, xlsx_bytes
from pmo_portal.common.labels import Label
from pmo_portal.common.models import Job
from pmo_portal.common.schedule import database_now
from pmo_portal.documents.services.pdf import PDF_TYPE, render_pdf
from projects import actions
from projects.access import project_for
from projects.interchange.icalendar import CALENDAR_TYPE, write_icalendar
from projects.interchange.refusal import ScheduleRefused
from projects.interchange.vocabulary import ScheduleFormat
from projects.interchange.writing import ENDINGS, write_schedule
from projects.models import Project
from projects.selectors.calendar_days import milestone_days
from projects.selectors.gantt_papers import BASELINE, gantt_paper
from projects.selectors.plan_table import plan_cells, plan_headings
from projects.selectors.project_documents import MONEY, RATES, project_document

BUILDER = "projects.plan"
NEEDED = ("task.view", "export.run")
OF_TOOLS = {kind.value.lower(): kind for kind in ScheduleFormat}
ALL_RIGHTS = frozenset({*NEEDED, MONEY, RATES, BASELINE})


@dataclass(frozen=True)
class _Asked:
    """What is exported, and with which rights."""

    project: Project
    rights: Collection[str]
    made_at: datetime


def export_plan(*, actor: User | None, project: Project, kind: str) -> Built:
    """
    Return the plan as a file, with what this person may see now, and write down who took it (SEC-13).

    Parameters
    ----------
    actor : User or None
        None for the command line, which sees everything.
    kind : str
        A key of `FORMATS`.

    Raises
    ------
    NotAllowed
        If the person may not see the tasks or may not export.
    DomainError
        If the kind is not known, or the file cannot be written.
    """
    rights = ALL_RIGHTS if actor is None else permissions_on(actor, project.node)
    _require(rights, kind)
    built = FORMATS[kind](_Asked(project, rights, database_now()))
    audit.record(
        actor=actor,
        action=actions.PLAN_EXPORTED,
        target=project,
        node=project.node,
        after={"format": kind, "file": built.file_name},
    )
    return built


def order_export(*, actor: User, project: Project, kind: str) -> Job | None:
    """Have the file of another tool made in the background; it comes to the person's files."""
    _require(permissions_on(actor, project.node), kind)
    title = Label(gettext_noop("Plan of %(project)s"), {"project": project.name})
    return request_document(
        actor=actor, builder=BUILDER, title=title, arguments={"code": project.code, "kind": kind}
    )


def _require(rights: Collection[str], kind: str) -> None:
    if not set(NEEDED) <= set(rights):
        raise NotAllowed(_("You may not export the plan of this project."))
    if kind not in FORMATS:
        raise DomainError(_("Choose one of the formats."), code="FORMAT", field="format")


@document_builder(BUILDER)
def build_plan(*, user: User, arguments: Mapping[str, Any], told: Callable[..., None]) -> Built:
    """Return the file with the rights the person has when it is made (SEC-7)."""
    told(0, 1)
    try:
        project = project_for(user, str(arguments["code"]))
    except Http404:
        raise NotAllowed(_("You may not export the plan of this project.")) from None
    return export_plan(actor=user, project=project, kind=str(arguments["kind"]))


def _file_name(asked: _Asked, ending: str) -> str:
    return f"{asked.project.code}-plan-{asked.made_at:%Y-%m-%d}.{ending}"


def _csv(asked: _Asked) -> Built:
    rows = plan_cells(asked.project, rights=asked.rights)
    content = csv_bytes(plan_headings(asked.rights), rows)
    return Built(file_name=_file_name(asked, "csv"), media_type=CSV_TYPE, content=content)


def _xlsx(asked: _Asked) -> Built:
    rows = plan_cells(asked.project, rights=asked.rights)
    content = xlsx_bytes(asked.project.code, plan_headings(asked.rights), rows)
    return Built(file_name=_file_name(asked, "xlsx"), media_type=XLSX_TYPE, content=content)


def _ics(asked: _Asked) -> Built:
    content = write_icalendar(asked.project.name, milestone_days(asked.project), made_at=asked.made_at)
    return Built(file_name=_file_name(asked, "ics"), media_type=CALENDAR_TYPE, content=content)


def _pdf(asked: _Asked) -> Built:
    data = gantt_paper(asked.project, rights=asked.rights, made_at=asked.made_at)
    language = get_language() or settings.LANGUAGE_CODE
    content = render_pdf("projects/plan.typ", data, language=language, made_at=asked.made_at)
    return Built(file_name=_file_name(asked, "pdf"), media_type=PDF_TYPE, content=content)


def _of_tool(kind: ScheduleFormat) -> Callable[[_Asked], Built]:
    def build(asked: _Asked) -> Built:
        document = project_document(asked.project, rights=asked.rights)
        try:
            content = write_schedule(document, kind)
        except ScheduleRefused as refused:
            raise DomainError(refused.message, code=refused.code.value) from refused
        ending = ENDINGS[kind]
        media_type = "application/xml" if ending == "xml" else "application/octet-stream"
        name = _file_name(asked, f"p6.{ending}" if kind is ScheduleFormat.PMXML else ending)
        return Built(file_name=name, media_type=media_type, content=content)

    return build


FORMATS: Mapping[str, Callable[[_Asked], Built]] = {
    **{name: _of_tool(kind) for name, kind in OF_TOOLS.items()},
    "xlsx": _xlsx,
    "csv": _csv,
    "ics": _ics,
    "pdf": _pdf,
}
