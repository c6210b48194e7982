"""What a schedule file would bring in, as plain data: counted from the very rows that would be stored."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from projects.interchange.agreement import DateAgreement, Value, compare_dates
from projects.interchange.document import ProjectDocument
from projects.interchange.preview import summarize
from projects.interchange.takeover import TakenOver, take_over
from projects.services.document_writing import planned_span
from projects.services.projects import suggest_code


def preview_of(documents: Sequence[ProjectDocument], *, file_name: str = "") -> dict[str, Any]:
    """
    Return the preview of an import. No queries.

    Each project has the counts of the file, those of what is stored under ``comes_in``, its span and the
    names of its calendars and resources; ``problems`` says what is changed or left out.
    """
    summary = summarize(documents)
    taken = [take_over(document) for document in documents]
    more = [problem for item in taken for problem in _problems(item, is_only=len(taken) == 1)]
    return {
        "file_name": file_name,
        "projects": [
            {**counts, **_details(item)} for counts, item in zip(summary["projects"], taken, strict=True)
        ],
        "problems": [*summary["problems"], *more],
    }


def summary_of(documents: Sequence[ProjectDocument]) -> dict[str, Any]:
    """Return the preview in the form scripts rely on: counts of the file, and all problems. No queries."""
    preview = preview_of(documents)
    return {"projects": summarize(documents)["projects"], "problems": preview["problems"]}


def dates_of(document: ProjectDocument) -> dict[str, Any]:
    """
    Return how the dates computed for a document agree with those it stores, as plain data. No queries.

    Long: it schedules the whole plan, so call it outside of a transaction and never for a page.
    """
    found = compare_dates(document)
    options = document.options
    return {
        "convention": options.convention.value,
        "minutes_per_day": options.minutes_per_day,
        "reason": found.reason.value if found.reason else "",
        "is_from_finish": found.is_from_finish,
        "tasks": found.tasks,
        "differing": found.differing,
        "fields": [asdict(field) for field in found.fields],
        "first": _first_differing(found),
    }


def _first_differing(found: DateAgreement) -> list[dict[str, Any]]:
    return [
        {
            "uid": task.uid,
            "wbs": task.wbs,
            "name": task.name,
            "values": [
                {"name": value.name, "stored": _plain(value.stored), "computed": _plain(value.computed)}
                for value in task.values
            ],
        }
        for task in found.first
    ]


def _plain(value: Value) -> str | float | bool | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _details(taken: TakenOver) -> dict[str, Any]:
    options = taken.document.options
    start, finish = planned_span(taken)
    return {
        "code": suggest_code(options.code) if options.code else "",
        "written_by": f"{options.application} {options.format_version}".strip(),
        "file_format": options.file_format,
        "convention": options.convention.value,
        "currency": options.currency,
        "start": start.isoformat() if start else None,
        "finish": finish.isoformat() if finish else None,
        "data_date": taken.data_date.isoformat() if taken.data_date else None,
        "comes_in": taken.counts(),
        "calendar_names": [calendar.name[:80] for calendar in taken.calendars[:10]],
        "resource_names": [resource.name[:80] for resource in taken.resources[:10]],
        "baseline_numbers": [baseline.number for baseline in taken.baselines],
    }


def _problems(taken: TakenOver, *, is_only: bool) -> list[dict[str, str]]:
    prefix = "" if is_only else f"{taken.document.name}: "
    return [
        {"severity": item.severity.value, "where": prefix + item.where, "message": item.message}
        for item in taken.problems
    ]
