"""The command: previews without a database, one line for a refusal, codes for an import."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pmo_portal.accounts.choices import Role
from projects.interchange.java import java_runtime
from projects.interchange.preview import summarize
from projects.interchange.reading import read_schedule
from projects.models import Project, Task
from tests import factories, needs
from tests.projects.interchange.hostile import other_files, xml_files
from tests.projects.interchange.samples import BRIDGE, ORACLE, mspdi

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = {item.name: item for item in (*xml_files(), *other_files())}
SAMPLES = (
    "mpp8-sample98.mpp",
    "mpp9-sample.mpp",
    "mpp12-mpp12relations.mpp",
    "mpp12-mpp12subproject.mpp",
    "mpp9-mpp9baseline.mpp",
    "mpp12-mpp12splittask.mpp",
)


@pytest.fixture(autouse=True)
def java() -> None:
    if java_runtime() is None:
        needs.cannot_have("Java runtime")


@pytest.fixture
def bridge(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.xml"
    path.write_bytes(mspdi(BRIDGE))
    return path


def _run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with a database that does not exist."""
    environment = {**os.environ, "PMO_MODE": "test", "PMO_DATA_DIR": str(tmp_path / "empty")}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/nowhere/none.sqlite3"
    environment["DJANGO_SETTINGS_MODULE"] = "pmo_portal.settings"
    command = [sys.executable, "manage.py", "import_project", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _answer(capsys: Any, *arguments: Any, **options: Any) -> str:
    call_command("import_project", *map(str, arguments), **options)
    return str(capsys.readouterr().out)


def test_preview_needs_no_database(tmp_path: Path, bridge: Path) -> None:
    """Issue section 4: exactly the keys scripts rely on, exit 0."""
    done = _run(tmp_path, str(bridge), "--preview", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert set(answer) == {"projects", "problems"}
    assert set(answer["projects"][0]) == {
        "name", "tasks", "summaries", "milestones", "links", "links_by_type", "resources", "assignments",
        "calendars", "baseline_tasks",
    }  # fmt: skip
    assert all(set(problem) == {"severity", "where", "message"} for problem in answer["problems"])


@pytest.mark.parametrize("name", ["laughs", "cut-off", "empty", "zip-bomb", "ole-1", "text"])
def test_refused_file_ends_with_two_and_one_line(tmp_path: Path, name: str) -> None:
    """SEC-19, SEC-20, SEC-22: nothing on stdout, no traceback, one line."""
    path = tmp_path / "plan.mpp"
    path.write_bytes(HOSTILE[name].make())

    done = _run(tmp_path, str(path), "--preview", "--json")

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_missing_file_is_refused(tmp_path: Path) -> None:
    done = _run(tmp_path, str(tmp_path / "nothing.mpp"), "--preview")

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("name", SAMPLES)
def test_preview_counts_as_the_document(capsys: Any, name: str) -> None:
    path = ORACLE / "import" / name
    if not path.is_file():
        needs.cannot_have(f"reference file {name}")

    answer = json.loads(_answer(capsys, path, preview=True, as_json=True))

    assert answer["projects"] == summarize(read_schedule(path))["projects"]


@pytest.mark.django_db
def test_import_prints_the_code(capsys: Any, bridge: Path) -> None:
    factories.portfolio_node("Infrastructure")

    printed = _answer(capsys, bridge, portfolio="Infrastructure", code="bridge", as_json=True)

    assert json.loads(printed) == {"projects": ["bridge"]}
    assert Project.objects.get(code="bridge").tasks.count() > 0


@pytest.mark.django_db
def test_import_with_rights_of_somebody(capsys: Any, bridge: Path) -> None:
    """The person needs the right to create projects there; otherwise nothing is stored."""
    home = factories.portfolio_node("Infrastructure")
    paula, bob = factories.user("Paula"), factories.user("Bob")
    factories.grant(paula, Role.PORTFOLIO_MANAGER, home)
    factories.grant(bob, Role.TEAM_MEMBER, home)

    with pytest.raises(CommandError, match="may not create projects"):
        _answer(capsys, bridge, portfolio="Infrastructure", user=bob.email)
    assert (Project.objects.count(), Task.objects.count()) == (0, 0)

    assert _answer(capsys, bridge, portfolio="Infrastructure", user=paula.email) == "PRJ-0001\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "--portfolio"),
        ({"portfolio": "nowhere"}, "no one portfolio"),
        ({"portfolio": "Infrastructure", "user": "nobody@example.org"}, "Nobody signs in"),
        ({"portfolio": "Infrastructure", "code": "new"}, "used by the portal"),
    ],
)
def test_import_that_cannot_be_done_says_why(
    capsys: Any, bridge: Path, options: dict[str, str], words: str
) -> None:
    factories.portfolio_node("Infrastructure")

    with pytest.raises(CommandError, match=words):
        _answer(capsys, bridge, **options)

    assert Project.objects.count() == 0


@pytest.mark.django_db
def test_plan_of_a_project_is_brought_up_to_date(capsys: Any, bridge: Path) -> None:
    """The same service as page and API; a second run changes nothing."""
    project = factories.project("bridge")
    alice = factories.manager_of(project)

    shown = json.loads(_answer(capsys, bridge, project="bridge", preview=True, as_json=True))
    stored = Task.objects.count()
    first = json.loads(_answer(capsys, bridge, project="bridge", user=alice.email, as_json=True))
    second = json.loads(_answer(capsys, bridge, project="bridge", user=alice.email, as_json=True))

    assert (set(shown), stored) == ({"projects", "problems", "update"}, 0)
    assert (first["projects"], first["update"]["added"]) == (["bridge"], 4)
    assert second["update"] == {"unchanged": 4}
    assert project.tasks.count() == 4


@pytest.mark.django_db
def test_preview_of_an_update_is_printed_in_words(capsys: Any, bridge: Path) -> None:
    factories.project("bridge")

    printed = _answer(capsys, bridge, project="bridge", preview=True)

    assert "Against the plan: added 4" in printed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"project": "nowhere"}, "There is no project"),
        ({"project": "bridge", "portfolio": "P"}, "leave --portfolio"),
        ({"project": "bridge", "number": 2}, "--number 1 to 1"),
        ({"project": "bridge", "user": "MEMBER"}, "may not import into this project"),
        ({"project": "bridge", "user": "STRANGER"}, "There is no project"),
    ],
)
def test_update_that_cannot_be_done_says_why(
    capsys: Any, bridge: Path, options: dict[str, Any], words: str
) -> None:
    project = factories.project("bridge")
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    people = {"MEMBER": bob.email, "STRANGER": factories.user("Charlie").email}
    if "user" in options:
        options = {**options, "user": people[options["user"]]}

    with pytest.raises(CommandError, match=words):
        _answer(capsys, bridge, **options)

    assert Task.objects.count() == 0
