"""Records behind an explanation, cut to those the reader may open."""

from dataclasses import replace
from typing import Any

from django.urls import reverse

from portfolio.selectors.panel import Explanation
from projects.models import Project, Task


def with_visible_records(explanation: Explanation, *, user: Any, project: Project) -> Explanation:
    """
    Return the explanation without tasks and amounts the person may not see (SEC-13). At most two queries.
    """
    if not Project.objects.visible_to(user, "budget.view_totals").filter(pk=project.pk).exists():
        explanation = _without_amounts(explanation)
    named = {
        record.url for line in explanation.dimensions for item in line.indicators for record in item.records
    }
    if not named:
        return explanation
    uids = Task.objects.visible_to(user).filter(project=project).values_list("uid", flat=True)
    open_to_all = reverse("projects:overview", args=[project.code])
    pages = (
        reverse("portfolio:project_gates", args=[project.code]),
        reverse("portfolio:governance", args=[project.code]),
    )
    governed = {url for url in named if url.startswith(pages)}
    tasks = {reverse("projects:task_detail", args=[project.code, uid]) for uid in uids}
    seen = {open_to_all} | governed | tasks
    lines = tuple(
        replace(
            line,
            indicators=tuple(
                replace(item, records=tuple(record for record in item.records if record.url in seen))
                for item in line.indicators
            ),
        )
        for line in explanation.dimensions
    )
    return replace(explanation, dimensions=lines)


def _without_amounts(explanation: Explanation) -> Explanation:
    """Leave out how much money lies between a cost indicator and the next color."""
    lines = tuple(
        replace(
            line,
            indicators=tuple(
                replace(item, distance="") if item.code.startswith("HC") else item for item in line.indicators
            ),
        )
        for line in explanation.dimensions
    )
    return replace(explanation, dimensions=lines)
