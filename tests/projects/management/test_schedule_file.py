"""The command that computes the dates of a file."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.projects.interchange.samples import mspdi

pytestmark = pytest.mark.pure

PLAN = mspdi(
    "<Tasks>"
    "<Task><UID>1</UID><ID>1</ID><Name>Dig</Name><OutlineLevel>1</OutlineLevel><WBS>1</WBS>"
    "<Duration>PT16H0M0S</Duration><EarlyStart>2026-03-02T08:00:00</EarlyStart>"
    "<EarlyFinish>2026-03-03T17:00:00</EarlyFinish></Task>"
    "<Task><UID>2</UID><ID>2</ID><Name>Pour</Name><OutlineLevel>1</OutlineLevel><WBS>2</WBS>"
    "<Duration>PT8H0M0S</Duration><EarlyStart>2026-03-04T08:00:00</EarlyStart>"
    "<EarlyFinish>2026-03-09T17:00:00</EarlyFinish>"
    "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink></Task>"
    "<Task><UID>3</UID><ID>3</ID><Name>Fence</Name><OutlineLevel>1</OutlineLevel><WBS>3</WBS>"
    "<Duration>PT8H0M0S</Duration></Task>"
    "</Tasks>"
)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xml"
    path.write_bytes(PLAN)
    return path


def test_dates_float_and_agreement_are_printed_as_json(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """SCH-7, SCH-16, SCH-17; one stored finish is not what the plan says."""
    call_command("schedule_file", str(plan), "--json")

    (project,) = json.loads(capsys.readouterr().out)["projects"]
    assert project["tasks"][0] == {
        "uid": 1,
        "wbs": "1",
        "name": "Dig",
        "early_start": "2026-03-02T08:00:00",
        "early_finish": "2026-03-03T17:00:00",
        "late_start": "2026-03-02T08:00:00",
        "late_finish": "2026-03-03T17:00:00",
        "total_float_minutes": 0,
        "free_float_minutes": 0,
        "critical": True,
        "differs": [],
        "stretches": [],
    }
    assert project["tasks"][1]["differs"] == ["early_finish"]
    assert (project["tasks"][2]["total_float_minutes"], project["tasks"][2]["critical"]) == (960, False)
    assert project["summary"] == {
        "early_start": {"stored": 2, "agree": 2},
        "early_finish": {"stored": 2, "agree": 1},
        "late_start": {"stored": 0, "agree": 0},
        "late_finish": {"stored": 0, "agree": 0},
    }


def test_dates_are_printed_for_people(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("schedule_file", str(plan), "--convention", "portal")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(": 3 tasks")
    assert "≠ early_finish" in lines[2]
    assert lines[-3] == "early_finish: 1 of 2 stored dates agree"


def test_float_of_finished_work_is_undefined(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = b"<ActualStart>2026-03-02T08:00:00</ActualStart><ActualFinish>2026-03-03T17:00:00</ActualFinish>"
    plan.write_bytes(PLAN.replace(b"<Name>Dig</Name>", b"<Name>Dig</Name>" + done))

    call_command("schedule_file", str(plan), "--convention", "portal")

    assert " — " in capsys.readouterr().out.splitlines()[1]


def test_unreadable_file_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.mpp"
    path.write_bytes(b"nothing")

    with pytest.raises(CommandError) as refused:
        call_command("schedule_file", str(path))

    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
