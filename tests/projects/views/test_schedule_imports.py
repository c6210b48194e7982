"""Import by page: who may, what a refusal leaves, duplicates, and the whole way to a project."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import RoleGrant, ScopeNode, User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.jobs import claim_next, drain, run
from pmo_portal.common.models import Job
from pmo_portal.documents.models import StoredFile
from pmo_portal.notifications.models import Notification
from projects.interchange.java import java_runtime
from projects.models import Project, ScheduleImport, Task
from projects.services import schedule_imports
from projects.services.tasks import edit_task
from tests import factories, needs
from tests.projects.interchange.hostile import other_files, xml_files
from tests.projects.interchange.samples import BRIDGE, TWO_PROJECTS, mspdi

pytestmark = pytest.mark.django_db
HOSTILE = {item.name: item for item in (*xml_files(), *other_files())}
SAMPLES = (
    "laughs",
    "file-entity",
    "deep",
    "cut-off",
    "empty",
    "zip-bomb",
    "zip-slip",
    "ole-0",
    "text",
    "elf",
)
NEW = "/projects/import/"


@pytest.fixture(autouse=True)
def java() -> None:
    if java_runtime() is None:
        needs.cannot_have("Java runtime")


@pytest.fixture
def home() -> ScopeNode:
    return factories.portfolio_node("Infrastructure")


@pytest.fixture
def paula(home: ScopeNode) -> User:
    paula = factories.user("Paula")
    factories.grant(paula, Role.PORTFOLIO_MANAGER, home)
    return paula


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def page(paula: User) -> Client:
    return _client(paula)


def _upload(client: Client, home: ScopeNode, content: bytes, name: str = "bridge.xml") -> Any:
    return client.post(NEW, {"file": SimpleUploadedFile(name, content), "target": home.pk})


def _read(client: Client, home: ScopeNode, content: bytes | None = None) -> ScheduleImport:
    _upload(client, home, content or mspdi(BRIDGE))
    drain()
    return ScheduleImport.objects.order_by("-pk")[0]


def _answers(found: ScheduleImport, **changes: Any) -> dict[str, Any]:
    return {
        "version": found.version,
        "target": found.target_node_id,
        "name_0": "Bridge",
        "code_0": "bridge",
        **changes,
    }


def _stored_bytes(settings: Any) -> list[str]:
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_schedule_becomes_project(page: Client, home: ScopeNode, paula: User) -> None:
    """Drop, preview, confirm: the project is there, with a message when each step is done."""
    response = _upload(page, home, mspdi(BRIDGE))
    found = ScheduleImport.objects.get()
    address = reverse("projects:import_detail", args=[found.pk])
    assert (response.status_code, response["Location"]) == (302, address)

    drain()
    preview = page.get(address)
    found.refresh_from_db()
    assert found.state == "READ"
    assert "Confirm and import" in preview.content.decode()

    response = page.post(address, _answers(found))
    drain()

    assert response.status_code == 302
    project = Project.objects.get(code="bridge")
    assert project.node.parent == home
    found.refresh_from_db()
    assert (found.state, list(found.projects.all())) == ("IMPORTED", [project])
    assert project.tasks.count() == found.preview["projects"][0]["comes_in"]["tasks"]
    assert AuditEntry.objects.filter(action="project.imported", actor_id=paula.pk).count() == 1
    titles = Notification.objects.filter(user=paula, kind="schedule_import").order_by("pk")
    assert list(titles.values_list("title", flat=True)) == [
        "bridge.xml is ready to import",
        "bridge.xml is imported",
    ]
    assert f"/projects/{project.code}/" in page.get(address).content.decode()


def test_preview_says_how_dates_agree(page: Client, home: ScopeNode) -> None:
    """What a job computed is shown with both values; opening the page computes nothing."""
    tasks = (
        "<Tasks><Task><UID>1</UID><ID>1</ID><Name>Dig</Name><OutlineLevel>1</OutlineLevel><WBS>1</WBS>"
        "<Duration>PT16H0M0S</Duration><EarlyStart>2026-03-02T08:00:00</EarlyStart>"
        "<EarlyFinish>2026-03-09T17:00:00</EarlyFinish></Task></Tasks>"
    )
    found = _read(page, home, mspdi(tasks))

    text = " ".join(page.get(reverse("projects:import_detail", args=[found.pk])).content.decode().split())

    dates = found.preview["projects"][0]["dates"]
    assert (dates["convention"], dates["tasks"], dates["differing"], dates["reason"]) == (
        "MICROSOFT",
        1,
        1,
        "",
    )
    assert dates["first"] == [
        {
            "uid": 1,
            "wbs": "1",
            "name": "Dig",
            "values": [
                {"name": "early_finish", "stored": "2026-03-09T17:00:00", "computed": "2026-03-03T17:00:00"}
            ],
        }
    ]
    assert "1 of 1 task has other values in the file than those computed here." in text
    assert "Computed by the rules of Microsoft Project · 1 task without summaries" in text
    assert "9 Mar 2026, 17:00" in text
    assert "3 Mar 2026, 17:00" in text


@pytest.mark.parametrize("name", SAMPLES)
def test_hostile_file_is_refused_and_leaves_nothing(
    page: Client,
    home: ScopeNode,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    name: str,
) -> None:
    """SEC-19, SEC-20, SEC-22: one line, no stored file, no temporary file, no project."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    content = HOSTILE[name].make()

    with django_capture_on_commit_callbacks(execute=True):
        _upload(page, home, content, "plan.mpp")
        drain()

    left = sorted(path.name for path in tmp_path.iterdir() if path.name != "media")
    assert (left, _stored_bytes(settings)) == ([], [])
    assert (StoredFile.objects.count(), Project.objects.count(), Task.objects.count()) == (0, 0, 0)
    found = ScheduleImport.objects.get()
    assert (found.state, found.file, len(found.refusal.splitlines())) == ("REFUSED", None, 1)
    assert found.preview["refusal_code"] in {code.value for code in HOSTILE[name].codes}
    shown = page.get(found.get_absolute_url()).content.decode()
    assert "This file was not taken." in shown


def test_file_over_limit_is_refused_at_once(page: Client, home: ScopeNode, settings: Any) -> None:
    """SEC-19: 25 MB; nothing is kept."""
    settings.UPLOAD_MAX_BYTES = 1000

    response = _upload(page, home, b"x" * 1001)

    assert response.status_code == 422
    assert (StoredFile.objects.count(), ScheduleImport.objects.count(), Job.objects.count()) == (0, 0, 0)
    assert _stored_bytes(settings) == []


def test_name_of_file_is_never_a_path(page: Client, home: ScopeNode, settings: Any) -> None:
    """SEC-24: the name is shown, the bytes lie under a generated one."""
    _upload(page, home, mspdi(BRIDGE), "../../../etc/bridge.xml")

    found = ScheduleImport.objects.get()
    assert found.file_name == "bridge.xml"
    assert _stored_bytes(settings) == [StoredFile.objects.get().stored_name]


def test_same_file_again_is_told(page: Client, home: ScopeNode, paula: User) -> None:
    """SEC-24: the earlier import and its project are named before anything is confirmed."""
    first = _read(page, home)
    page.post(first.get_absolute_url(), _answers(first))
    drain()

    second = _read(page, home)
    shown = page.get(second.get_absolute_url()).content.decode()

    assert "This very file was uploaded before." in shown
    assert first.get_absolute_url() in shown
    assert "/projects/bridge/" in shown


def test_same_file_of_somebody_else_is_not_betrayed(page: Client, home: ScopeNode) -> None:
    """Charlie sees neither the import nor the project of others."""
    first = _read(page, home)
    page.post(first.get_absolute_url(), _answers(first))
    drain()
    charlie = factories.user("Charlie")
    elsewhere = factories.portfolio_node("Elsewhere")
    factories.grant(charlie, Role.PORTFOLIO_MANAGER, elsewhere)

    second = _read(_client(charlie), elsewhere)
    shown = _client(charlie).get(second.get_absolute_url()).content.decode()

    assert "uploaded before" not in shown
    assert "/projects/bridge/" not in shown


def test_code_that_is_taken_is_refused_on_the_page(page: Client, home: ScopeNode) -> None:
    factories.project("bridge")
    found = _read(page, home)

    response = page.post(found.get_absolute_url(), _answers(found))

    found.refresh_from_db()
    assert (response.status_code, found.state) == (422, "READ")
    assert "is taken" in response.content.decode()


def test_code_taken_meanwhile_returns_to_preview(page: Client, home: ScopeNode) -> None:
    """Nothing is stored; the person chooses anew."""
    found = _read(page, home)
    page.post(found.get_absolute_url(), _answers(found))
    factories.project("bridge")

    drain()

    found.refresh_from_db()
    assert (found.state, Project.objects.count(), Task.objects.count()) == ("READ", 1, 0)
    assert "Nothing was imported." in page.get(found.get_absolute_url()).content.decode()
    page.post(found.get_absolute_url(), _answers(found, code_0="bridge-2"))
    drain()
    assert Project.objects.filter(code="bridge-2").exists()


def test_stale_confirmation_is_refused(page: Client, home: ScopeNode) -> None:
    found = _read(page, home)

    response = page.post(found.get_absolute_url(), _answers(found, version=found.version - 1))

    found.refresh_from_db()
    assert (response.status_code, found.state) == (422, "READ")


def test_writing_that_dies_leaves_nothing(
    page: Client, home: ScopeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-24: a fault between the rows rolls everything back; the next attempt brings it all in."""
    found = _read(page, home)
    page.post(found.get_absolute_url(), _answers(found))
    before = AuditEntry.objects.count()
    real = schedule_imports.write_projects

    def dies(**arguments: Any) -> Any:
        real(**arguments)
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(schedule_imports, "write_projects", dies)
        _run_write()
    found.refresh_from_db()
    assert (Project.objects.count(), Task.objects.count(), AuditEntry.objects.count()) == (0, 0, before)
    assert (found.state, found.projects.count()) == ("CONFIRMED", 0)

    Job.objects.filter(name="projects.write_schedule_import").update(run_after=found.created_at)
    _run_write()

    found.refresh_from_db()
    assert (found.state, found.projects.count()) == ("IMPORTED", 1)


def _run_write() -> None:
    """Run the next job that is due, which is the writing."""
    running = claim_next(worker="test")
    assert running is not None
    run(running)


def test_writing_twice_makes_one_project(page: Client, home: ScopeNode) -> None:
    """SEC-35: a job that is delivered again finds its work done."""
    found = _read(page, home)
    page.post(found.get_absolute_url(), _answers(found))
    drain()

    again = schedule_imports.write_import(
        schedule_import=ScheduleImport.objects.get(pk=found.pk), documents=[], today=date(2026, 3, 1)
    )

    assert [project.code for project in again] == ["bridge"]
    assert Project.objects.count() == 1


def test_discard_deletes_the_file(
    page: Client, home: ScopeNode, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    found = _read(page, home)

    with django_capture_on_commit_callbacks(execute=True):
        response = page.post(reverse("projects:import_discard", args=[found.pk]), {"version": found.version})

    found.refresh_from_db()
    assert (response.status_code, found.state, found.file) == (302, "DISCARDED", None)
    assert (StoredFile.objects.count(), _stored_bytes(settings)) == (0, [])


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.EXECUTIVE, Role.AUDITOR])
def test_import_is_closed_to_roles_without_the_right(home: ScopeNode, role: str) -> None:
    bob = factories.user("Bob")
    factories.grant(bob, role, home)

    responses = [_client(bob).get(NEW), _upload(_client(bob), home, mspdi(BRIDGE))]

    assert [response.status_code for response in responses] == [403, 403]
    assert (ScheduleImport.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_project_manager_without_project_cannot_choose_a_place(home: ScopeNode) -> None:
    """May import plans but not create projects, and manages none: the page says whom to ask."""
    alice = factories.user("Alice")
    factories.grant(alice, Role.PROJECT_MANAGER, home)

    response = _client(alice).get(NEW)

    assert response.status_code == 200
    assert "Nothing to import into" in response.content.decode()
    assert _upload(_client(alice), home, mspdi(BRIDGE)).status_code == 422
    assert ScheduleImport.objects.count() == 0


def test_place_out_of_reach_is_refused(page: Client) -> None:
    """SEC-11: a portfolio of others is no choice."""
    elsewhere = factories.portfolio_node("Elsewhere")

    response = _upload(page, elsewhere, mspdi(BRIDGE))

    assert (response.status_code, ScheduleImport.objects.count()) == (422, 0)


def test_import_of_somebody_else_does_not_exist(page: Client, home: ScopeNode) -> None:
    """SEC-10: 404, whatever the right."""
    found = _read(page, home)
    other = factories.user("Oscar")
    factories.grant(other, Role.PORTFOLIO_MANAGER, home)
    client = _client(other)

    codes = [
        client.get(found.get_absolute_url()).status_code,
        client.post(found.get_absolute_url(), _answers(found)).status_code,
        client.post(reverse("projects:import_discard", args=[found.pk])).status_code,
    ]

    assert codes == [404, 404, 404]
    found.refresh_from_db()
    assert found.state == "READ"


def test_right_that_ended_stops_the_writing(page: Client, home: ScopeNode, paula: User) -> None:
    found = _read(page, home)
    page.post(found.get_absolute_url(), _answers(found))
    RoleGrant.objects.filter(user=paula).delete()

    drain()

    assert Project.objects.count() == 0


def test_stranger_is_sent_to_sign_in() -> None:
    assert Client().get(NEW).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_imports_takes_a_fixed_number_of_queries(
    page: Client, home: ScopeNode, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        _upload(page, home, mspdi(BRIDGE), f"plan-{number}.xml")

    with django_assert_num_queries(11):
        response = page.get(NEW)

    assert response.content.decode().count("plan-") == 2 * count - count


@pytest.mark.parametrize("count", [1, 3])
def test_preview_takes_a_fixed_number_of_queries(
    page: Client, home: ScopeNode, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        found = _read(page, home, mspdi(f"{BRIDGE}<!-- {number} -->"))

    with django_assert_num_queries(10):
        page.get(found.get_absolute_url())


def test_running_import_is_polled_and_then_reloads(page: Client, home: ScopeNode) -> None:
    """Left and found again: the bar asks, and the page reloads itself once the job has ended."""
    _upload(page, home, mspdi(BRIDGE))
    address = ScheduleImport.objects.get().get_absolute_url()

    waiting = page.get(address, headers={"HX-Request": "true"})
    drain()
    ended = page.get(address, headers={"HX-Request": "true"})

    assert "hx-get" in waiting.content.decode()
    assert "HX-Refresh" not in waiting
    assert ended["HX-Refresh"] == "true"


def test_projects_of_one_file_are_chosen_one_by_one(page: Client, home: ScopeNode) -> None:
    """An XER file may hold several projects; those not ticked stay out."""
    _upload(page, home, TWO_PROJECTS.encode(), "two.xer")
    drain()
    found = ScheduleImport.objects.get()
    names = [project["name"] for project in found.preview["projects"]]
    answers = {f"name_{number}": name for number, name in enumerate(names)}

    nothing = page.post(found.get_absolute_url(), {**_answers(found), **answers})
    page.post(
        found.get_absolute_url(), {**_answers(found), **answers, "code_1": "two", "is_included_1": "on"}
    )
    drain()

    assert (len(names), nothing.status_code) == (2, 422)
    assert list(Project.objects.values_list("name", "code")) == [(names[1], "two")]


def test_import_is_taken_back_by_page(page: Client, home: ScopeNode) -> None:
    """The import offers it, the page names what goes, and afterwards the import says what it had made."""
    found = _read(page, home)
    address = reverse("projects:import_detail", args=[found.pk])
    page.post(address, _answers(found))
    drain()
    found.refresh_from_db()
    back = reverse("projects:import_withdraw", args=[found.pk])
    assert back in page.get(address).content.decode()
    assert "bridge Bridge" in page.get(back).content.decode()

    refused = page.post(back, {"version": found.version - 1})
    assert (refused["Location"], Project.objects.count()) == (back, 1)
    done = page.post(back, {"version": found.version})

    assert (done["Location"], Project.objects.count()) == (address, 0)
    told = page.get(address).content.decode()
    assert "This import was taken back." in told
    assert "bridge Bridge" in told
    assert back not in told
    assert page.get("/projects/bridge/").status_code == 404


def test_import_somebody_built_upon_says_what_happened(page: Client, home: ScopeNode, paula: User) -> None:
    found = _read(page, home)
    page.post(reverse("projects:import_detail", args=[found.pk]), _answers(found))
    drain()
    task = Task.objects.order_by("pk")[0]
    edit_task(actor=paula, task=task, changes={"name": "Other"}, expected_version=None)

    shown = page.get(reverse("projects:import_withdraw", args=[found.pk])).content.decode()

    assert "Somebody has worked with these projects since" in shown
    assert "What happened since" in shown
    assert 'class="btn btn-danger"' not in shown
