"""What the pages of an import show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.models import Job
from portfolio.models import ImportMapping, PortfolioImport
from projects.choices import DeliveryConfidence, ImportState

REASONS = {
    "WITHHELD": _("withheld by the reporter"),
    "NOT_STATED": _("not stated by the reporter"),
    "UNREADABLE": _("cannot be read, so the value is left out"),
    "BEFORE_START": _("lies before the start, so it is left out"),
    "NO_NAME": _("the row has no project name and is refused"),
    "REPEATED": _("the same name stands in several rows, so none of them is taken"),
    "NO_DATE": _("the row has no date of its status and is refused"),
    "RAGGED": _("the row has more or fewer cells than the header"),
}
ACTS = {
    "CREATE": _("New project"),
    "UPDATE": _("Update"),
    "LATER_KNOWN": _("History only"),
    "REFUSED": _("Refused"),
}
TWINS_SHOWN = 5
STEPS = ((_("File"), 1), (_("Columns"), 2), (_("Preview"), 3), (_("Imported"), 4))


@dataclass(frozen=True)
class Step:
    """One step of the wizard."""

    title: Any
    number: int
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class ProblemGroup:
    """Problems of one kind; ``places`` are texts such as "row 3, Budget"."""

    severity: str
    reason: Any
    count: int
    places: Sequence[Mapping[str, Any]]


def refusal_of(imported: PortfolioImport) -> str:
    """Return in the reader's language why the file was not taken."""
    refused = (imported.preview or {}).get("refused")
    if refused is None:
        return imported.refusal
    return gettext(refused["sentence"]) % refused["parameters"]


def leavers_page(plan: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the projects the table no longer names as the preview shows them; None without any."""
    missing = plan.get("leavers") or {}
    if not missing.get("projects"):
        return None
    projects = [
        {**project, "last_status": date.fromisoformat(project["last_status"])}
        for project in missing["projects"]
    ]
    return {**missing, "left_on": date.fromisoformat(missing["left_on"]), "projects": projects}


def current_step(imported: PortfolioImport) -> int:
    """Return the number of the step the import stands at."""
    if imported.state in {ImportState.IMPORTED, ImportState.CONFIRMED}:
        return 4
    if imported.state == ImportState.READ:
        return 3 if imported.mapping is not None else 2
    return 1


def steps_of(imported: PortfolioImport | None, *, step: int | None = None) -> list[Step]:
    """Return all steps, with the current one marked."""
    now = step or (current_step(imported) if imported else 1)
    is_over = imported is not None and imported.state == ImportState.IMPORTED
    return [
        Step(title, number, number < now or (is_over and number == now), number == now and not is_over)
        for title, number in STEPS
    ]


def lines_of(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one line per row with texts for people."""
    confidences = dict(DeliveryConfidence.choices)
    return [
        {
            **line,
            "act_text": ACTS[line["act"]],
            "confidence_text": confidences.get(line.get("confidence") or "", ""),
            "finish": date.fromisoformat(line["finish"]) if line.get("finish") else None,
        }
        for line in plan["lines"]
    ]


def problem_groups(plan: Mapping[str, Any]) -> list[ProblemGroup]:
    """Return the problems by kind, the gravest first."""
    order = ("ERROR", "WARNING", "INFO")
    counts = Counter((problem["severity"], problem["reason"]) for problem in plan["problems"])
    return [
        ProblemGroup(
            severity=severity,
            reason=REASONS.get(reason, reason),
            count=count,
            places=[
                problem
                for problem in plan["problems"]
                if (problem["severity"], problem["reason"]) == (severity, reason)
            ],
        )
        for (severity, reason), count in sorted(
            counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])
        )
    ]


def progress_of(imported: PortfolioImport) -> dict[str, Any] | None:
    """Return how far the import's job is; None when nothing runs."""
    job = Job.objects.filter(pk=imported.job_id).first() if imported.job_id else None
    if job is None or job.state == "DONE":
        return None
    state = {"QUEUED": "queued", "RUNNING": "running", "FAILED": "failed", "CANCELED": "canceled"}[job.state]
    return {
        "job_id": job.pk,
        "state": state,
        "percent": job.percent_done,
        "text": job.error if state == "failed" else job.progress_text,
        "title": job.text,
        "is_over": job.is_finished,
    }


def remembered_names() -> list[tuple[str, str]]:
    """Return name and title of the mappings people remembered."""
    return list(ImportMapping.objects.order_by("name").values_list("name", "title"))


def twins_of(imported: PortfolioImport) -> list[PortfolioImport]:
    """
    Return earlier imports of the same file into the same portfolio, newest first (SEC-24).

    The person's own ones, and what others brought in with it.
    """
    earlier = PortfolioImport.objects.filter(
        Q(owner=imported.owner_id, state__in=[ImportState.READ, ImportState.CONFIRMED])
        | Q(state=ImportState.IMPORTED),
        file__sha256=imported.file.sha256,
        portfolio=imported.portfolio_id,
        pk__lt=imported.pk,
    )
    return list(earlier.order_by("-pk")[:TWINS_SHOWN])
