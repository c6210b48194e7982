"""Real schedules of all formats and versions against known answers (issue section 4)."""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from projects.interchange.document import ProjectDocument
from projects.interchange.java import java_runtime
from projects.interchange.preview import summarize
from projects.interchange.reading import read_schedule
from tests import needs
from tests.projects.interchange.one_java import OneJava, one_java
from tests.projects.interchange.samples import ORACLE, Known, known_schedules

KNOWN = known_schedules()
NO_ORACLE = pytest.mark.skipif(not KNOWN, reason="no reference data: set PMO_ORACLE_DIR to the oracle folder")
LINK_TYPES = ("FS", "SS", "FF", "SF")
STORED_DATES = ("start", "finish", "early_start", "early_finish", "late_start", "late_finish")
STORED_SLACKS = ("start_slack", "finish_slack")


@pytest.fixture(scope="module")
def java(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneJava]:
    """Yield one Java for all files."""
    if java_runtime() is None:
        needs.cannot_have("Java runtime")
    with one_java(tmp_path_factory.mktemp("java")) as running:
        yield running


@NO_ORACLE
@pytest.mark.parametrize("suffix", sorted({known.path.suffix for known in KNOWN}))
def test_one_java_for_many_files_reads_as_the_door_does(suffix: str, java: OneJava) -> None:
    """A file of each form, also by the process behind walls (SEC-22)."""
    path = next(known.path for known in KNOWN if known.path.suffix == suffix)

    assert java.read(path) == read_schedule(path)


@NO_ORACLE
@pytest.mark.parametrize("known", KNOWN, ids=[known.path.name for known in KNOWN])
def test_real_file_comes_in_as_known(known: Known, java: OneJava) -> None:
    """Everything is counted as known; stored values are the file's own, nothing is recomputed."""
    documents = java.read(known.path)
    counts = summarize(documents)["projects"][known.project_index]

    found = _found_counts(counts)
    expected = {name: int(value) for name, value in known.counts.items() if name in found and value != ""}
    assert {name: found[name] for name in expected} == expected
    if known.path.parent.name == "raw":
        answer = json.loads(gzip.decompress(_answer_path(known).read_bytes()))
        assert _document_values(documents[known.project_index]) == _answer_values(answer)


def _found_counts(counts: dict[str, Any]) -> dict[str, int]:
    """Return tasks, links by type, resources, assignments, calendars and baselines."""
    return {
        "tasks": counts["tasks"],
        "summary": counts["summaries"],
        "leaf": counts["tasks"] - counts["summaries"],
        "milestones": counts["milestones"],
        "links": counts["links"],
        **{f"links_{kind}": counts["links_by_type"][kind] for kind in LINK_TYPES},
        "resources": counts["resources"],
        "assignments": counts["assignments"],
        "calendars": counts["calendars"],
        "baseline_tasks": counts["baseline_tasks"],
    }


def _answer_path(known: Known) -> Path:
    return ORACLE / "schedules" / f"{known.counts['id']}.json.gz"


def _document_values(document: ProjectDocument) -> dict[str, Any]:
    return {
        "tasks": {
            task.uid: {
                **{name: getattr(task, name) for name in (*STORED_DATES, *STORED_SLACKS)},
                "duration": task.duration,
                "remaining_duration": task.remaining_duration,
                "constraint_date": task.constraint_date,
                "deadline": task.deadline,
                "actual_start": task.actual_start,
                "actual_finish": task.actual_finish,
                "calendar": task.calendar_uid,
                "parent": task.parent_uid,
                "manual": task.is_manual,
            }
            for task in document.tasks
        },
        "calendars": {
            calendar.uid: (
                calendar.parent_uid,
                [
                    None if day is None else [(part.start_minute, part.end_minute) for part in day]
                    for day in calendar.weekdays.days()
                ],
                sorted(
                    (
                        item.from_date.isoformat(),
                        item.to_date.isoformat(),
                        [(part.start_minute, part.end_minute) for part in item.intervals],
                    )
                    for item in calendar.exceptions
                ),
            )
            for calendar in document.calendars
        },
        "links": sorted((link.pred, link.succ, link.type.value, link.lag) for link in document.links),
    }


def _answer_values(answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "tasks": {
            task["uid"]: {
                **{name: _moment(_stored(task).get(name)) for name in STORED_DATES},
                **{name: _stored(task).get(f"{name}_min") for name in STORED_SLACKS},
                "duration": task.get("duration_min"),
                "remaining_duration": task.get("remaining_duration_min"),
                "constraint_date": _moment(task.get("constraint_date")),
                "deadline": _moment(task.get("deadline")),
                "actual_start": _moment(task.get("actual_start")),
                "actual_finish": _moment(task.get("actual_finish")),
                "calendar": task.get("calendar_uid"),
                "parent": task.get("parent_uid"),
                "manual": task.get("manual", False),
            }
            for task in answer["tasks"]
            if not task.get("null")
        },
        "calendars": {
            calendar["uid"]: (
                calendar["parent_uid"],
                [
                    None if day["type"] == "DEFAULT" else _hours(day["hours"])
                    for day in calendar["days"].values()
                ],
                sorted(
                    (item["start"], item["end"], _hours(item["hours"])) for item in calendar["exceptions"]
                ),
            )
            for calendar in answer["calendars"]
        },
        "links": sorted((link["pred"], link["succ"], link["type"], link["lag"]) for link in answer["links"]),
    }


def _stored(task: dict[str, Any]) -> dict[str, Any]:
    return task.get("expected") or task.get("stored") or {}


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _hours(value: list[list[str]] | None) -> list[tuple[int, int]]:
    return [(_minute(start), _minute(end) or 1440) for start, end in value or []]


def _minute(value: str) -> int:
    hour, minute = value.split(":")[:2]
    return int(hour) * 60 + int(minute)
