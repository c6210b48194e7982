"""What a schedule file would bring in, as plain data: counted from the very rows that would be stored."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from projects.interchange.agreement import DateAgreement, Value, compare_dates
from projects.interchange.document import ProjectDocument
from projects.interchange.preview import summarize
from projects.interchange.problems import Problem
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
    return {
        "file_name": file_name,
        "projects": [
            {**counts, **_details(item)} for counts, item in zip(summary["projects"], taken, strict=True)
        ],
        "problems": _problems(taken),
    }


def summary_of(documents: Sequence[ProjectDocument]) -> dict[str, Any]:
    """Return the preview in the form scripts rely on: counts of the file, and all problems. No queries."""
    problems = [
        {key: problem[key] for key in ("severity", "where", "message")}
        for problem in preview_of(documents)["problems"]
    ]
    return {"projects": summarize(documents)["projects"], "problems": problems}


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


def _problems(taken: Sequence[TakenOver]) -> list[dict[str, Any]]:
    """Return what documents say themselves, then what taking them over changes, project by project."""
    found = [(item, problem) for item in taken for problem in item.document.problems]
    found += [(item, problem) for item in taken for problem in item.problems]
    return [_plain_problem(problem, item.document.name if len(taken) > 1 else "") for item, problem in found]


def _plain_problem(problem: Problem, project: str) -> dict[str, Any]:
    """Return a problem with its English sentence, and all that another language needs."""
    return {
        "severity": problem.severity.value,
        "where": f"{project}: {problem.where}" if project else problem.where,
        "message": problem.message,
        "code": problem.code,
        "project": project,
        "place": problem.place.value,
        "names": problem.names,
        "values": problem.values,
        "more": problem.more,
    }
