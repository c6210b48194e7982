"""What a schedule file would bring in: counts and problems, before anything is written."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from projects.interchange.document import ProjectDocument
from projects.interchange.vocabulary import LinkType, TaskKind


def summarize(documents: Sequence[ProjectDocument]) -> dict[str, Any]:
    """
    Return the preview of an import as plain data.

    Rows are counted as the tool shows them: the row of the project itself and blank rows count as tasks (the
    problems say how many blank ones are left out), milestones and baselines count on leaves only, resources
    only with a name.

    Returns
    -------
    dict
        ``{"projects": [{"name", "tasks", "summaries", "milestones", "links", "links_by_type", "resources",
        "assignments", "calendars", "baseline_tasks"}], "problems": [{"severity", "where", "message"}]}``
    """
    return {
        "projects": [_counts(document) for document in documents],
        "problems": [problem for document in documents for problem in _problems(document, len(documents))],
    }


def _counts(document: ProjectDocument) -> dict[str, Any]:
    summaries = {task.uid for task in document.tasks if task.kind is TaskKind.SUMMARY}
    types = Counter(link.type for link in document.links)
    with_baseline = {row.task_uid for baseline in document.baselines[:1] for row in baseline.rows}
    return {
        "name": document.name,
        "tasks": len(document.tasks) + document.blank_rows,
        "summaries": len(summaries),
        "milestones": sum(task.is_milestone for task in document.tasks),
        "links": len(document.links),
        "links_by_type": {kind.value: types[kind] for kind in LinkType},
        "resources": len(document.resources),
        "assignments": len(document.assignments),
        "calendars": len(document.calendars),
        "baseline_tasks": len(with_baseline - summaries),
    }


def _problems(document: ProjectDocument, count: int) -> list[dict[str, str]]:
    """Return the problems as plain data, with the project's name where the file holds several."""
    prefix = f"{document.name}: " if count > 1 else ""
    return [
        {"severity": item.severity.value, "where": prefix + item.where, "message": item.message}
        for item in document.problems
    ]
