"""Exports of the plan: rights, audit, hostile names, and what other tools read of the files."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.builders import BUILDERS
from pmo_portal.common.errors import DomainError, NotAllowed
from pmo_portal.common.models import Job
from projects.choices import TaskKind
from projects.interchange.document import ProjectDocument
from projects.interchange.java import java_runtime
from projects.interchange.reading import read_schedule
from projects.models import Project
from projects.selectors.project_documents import project_document
from projects.services.plan_exports import BUILDER, export_plan, order_export
from tests import factories

pytestmark = pytest.mark.django_db
NEEDS_JAVA = pytest.mark.skipif(java_runtime() is None, reason="no Java runtime")
HOSTILE = '=HYPERLINK("http://x") <b>&\ufffe\tName'
ADDRESS = "/projects/NW-1/plan/export/"


def planned(count: int = 1) -> Project:
    project = factories.project("NW-1", currency="EUR", planned_start=date(2026, 3, 2))
    for number in range(count):
        factories.task(project, f"{HOSTILE} {number}", fixed_cost=factories.money("4321.09"))
    factories.task(
        project,
        "Gate, one",
        kind=TaskKind.FINISH_MILESTONE,
        duration=0,
        planned_start=factories.moment(31, 17),
        planned_finish=factories.moment(31, 17),
    )
    return project


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read_back(content: bytes, name: str, folder: Path) -> ProjectDocument:
    path = folder / name
    path.write_bytes(content)
    return read_schedule(path)[0]


@NEEDS_JAVA
@pytest.mark.parametrize("kind", ["mspdi", "xer", "pmxml"])
def test_file_of_a_tool_is_read_again_whatever_the_names_are(kind: str, tmp_path: Path) -> None:
    project = planned()

    built = export_plan(actor=None, project=project, kind=kind)

    found = read_back(built.content, built.file_name, tmp_path)
    names = {task.name for task in found.tasks if not task.is_project}
    assert names == {'=HYPERLINK("http://x") <b>& Name 0', "Gate, one"}


@NEEDS_JAVA
def test_file_holds_no_amount_without_the_right(tmp_path: Path) -> None:
    project = planned()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)

    member = export_plan(actor=bob, project=project, kind="mspdi").content
    everything = export_plan(actor=None, project=project, kind="mspdi").content

    assert (b"4321" in member, b"4321" in everything) == (False, True)


def test_table_is_text_a_spreadsheet_never_calculates() -> None:
    """SEC-28."""
    project = planned()

    text = export_plan(actor=None, project=project, kind="csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    book = openpyxl.load_workbook(io.BytesIO(export_plan(actor=None, project=project, kind="xlsx").content))

    assert rows[1][3].startswith("'=HYPERLINK")
    assert [cell.data_type for row in book.active.iter_rows() for cell in row].count("f") == 0
    assert rows[0][-1] == "Fixed cost"
    assert rows[1][-1] == "4321.09"


def test_calendar_has_the_milestones_only() -> None:
    content = export_plan(actor=None, project=planned(), kind="ics").content.decode()

    assert content.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Gate\\, one (NW-1)" in content
    assert "DTSTART;VALUE=DATE:20260331" in content


def test_export_is_written_down_and_needs_both_rights() -> None:
    project = planned()
    alice = factories.manager_of(project)
    charlie = factories.user("Charlie")

    built = export_plan(actor=alice, project=project, kind="csv")
    with pytest.raises(NotAllowed):
        export_plan(actor=charlie, project=project, kind="csv")
    with pytest.raises(DomainError):
        export_plan(actor=alice, project=project, kind="doc")

    entry = AuditEntry.objects.get(action="plan.exported")
    assert entry.after == {"format": "csv", "file": built.file_name}


def test_person_who_lost_the_project_gets_no_file_of_it() -> None:
    """SEC-7: the rights are those of the moment the file is made."""
    project = planned()
    alice = factories.manager_of(project)
    order_export(actor=alice, project=project, kind="mspdi")
    alice.grants.all().delete()

    with pytest.raises(NotAllowed):
        BUILDERS[BUILDER](user=alice, arguments={"code": "NW-1", "kind": "csv"}, told=lambda *_: None)

    assert not AuditEntry.objects.filter(action="plan.exported").exists()


def test_page_names_each_format_and_orders_slow_ones() -> None:
    project = planned()
    client = client_of(factories.manager_of(project))

    page = client.get(ADDRESS).content.decode()
    answer = client.post(ADDRESS, {"format": "mspdi"})
    wrong = client.post(ADDRESS, {"format": "doc"})

    words = ("MS Project XML", "Primavera XER", "iCalendar", "What it cannot carry")
    assert all(word in page for word in words)
    assert (answer.status_code, answer["Location"]) == (302, "/documents/")
    assert wrong["Location"] == ADDRESS
    assert [job.arguments["arguments"] for job in Job.objects.filter(name="documents.make_document")] == [
        {"code": "NW-1", "kind": "mspdi"}
    ]


def test_table_is_downloaded_at_once() -> None:
    client = client_of(factories.manager_of(planned()))

    answer = client.get(f"{ADDRESS}csv/")

    assert answer["Content-Disposition"].startswith('attachment; filename="NW-1-plan-')
    assert client.get(f"{ADDRESS}mspdi/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_document_takes_the_same_queries_whatever_the_size(
    count: int, django_assert_num_queries: Any
) -> None:
    project = Project.objects.select_related("calendar").get(pk=planned(count).pk)

    with django_assert_num_queries(12):
        found = project_document(project, rights={"budget.view", "rate.view"})

    assert len(found.tasks) == count + 1


def test_command_writes_the_file(tmp_path: Path) -> None:
    planned()

    call_command("export_project", "NW-1", "--format", "csv", "--output", str(tmp_path / "plan.csv"))

    assert (tmp_path / "plan.csv").read_bytes().startswith(b"\xef\xbb\xbfNumber,")


def test_chart_comes_as_pdf_in_the_background() -> None:
    """Pages of a drawing, whatever the names are; the file is written down like every other."""
    project = planned(60)
    alice = factories.manager_of(project)

    built = export_plan(actor=alice, project=project, kind="pdf")
    job = order_export(actor=alice, project=project, kind="pdf")

    assert (built.file_name[:10], built.media_type) == ("NW-1-plan-", "application/pdf")
    assert built.content.startswith(b"%PDF-")
    assert built.content.count(b"/Type/Page/") + built.content.count(b"/Type /Page\n") >= 1
    assert job is not None
    assert AuditEntry.objects.get(action="plan.exported").after["format"] == "pdf"
