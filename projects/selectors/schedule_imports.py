"""What the pages about imports of schedules show."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.choices import ImportState
from projects.models import Project, ScheduleImport
from projects.selectors.import_dates import DatesShown, dates_shown
from projects.selectors.import_findings import finding_place, finding_sentence
from projects.selectors.import_words import refusal_sentence

SEVERITIES: tuple[tuple[str, str | Promise, str | Promise, str], ...] = (
    ("ERROR", _("Lost or contradictory"), _("Look at these before you confirm."), "alert-octagon"),
    ("WARNING", _("Changed or left out"), _("The portal keeps these in another way."), "alert-triangle"),
    ("INFO", _("Good to know"), _("Kept in another form, or of no consequence for the plan."), "info-circle"),
)
COUNTED: tuple[tuple[str, str | Promise], ...] = (
    ("tasks", _("Rows of the plan")),
    ("summaries", _("of these summaries")),
    ("milestones", _("of these milestones")),
    ("links", _("Links")),
    ("resources", _("Resources")),
    ("assignments", _("Assignments")),
    ("calendars", _("Calendars")),
    ("baseline_tasks", _("Tasks in the first baseline")),
)
STANDARD_ADVICE = _("Open the plan in the tool it comes from, save it again, and upload that file.")
ADVICE: Mapping[str, str | Promise] = {
    "EMPTY": _("Choose the file again: the one that arrived is empty."),
    "TOO_LARGE": _("Save a copy without old baselines and attachments, or split it into several files."),
    "UNKNOWN_FORMAT": _(
        "Save the plan as .mpp, Microsoft Project XML, Primavera .xer or PMXML, or .mpx, and upload that."
    ),
    "PROTECTED": _("Remove the password in the tool it comes from, save, and upload again."),
    "NO_JAVA": _("Ask the administrator: a Java runtime has to be installed on the server."),
    "TIMEOUT": _("Save it as Microsoft Project XML or XER in the tool it comes from, and upload that."),
}
TONES: Mapping[str, tuple[str, str]] = {
    ImportState.UPLOADED: ("badge-accent", "clock"),
    ImportState.READ: ("badge-amber", "eye"),
    ImportState.REFUSED: ("badge-red", "ban"),
    ImportState.CONFIRMED: ("badge-accent", "clock"),
    ImportState.IMPORTED: ("badge-green", "circle-check"),
    ImportState.DISCARDED: ("", "trash"),
    ImportState.TAKEN_BACK: ("", "history"),
}


@dataclass(frozen=True)
class ImportRow:
    """An import in a list."""

    pk: int
    file_name: str
    target: str
    state: str
    state_title: str
    tone: str
    icon: str
    created_at: Any
    projects: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CountLine:
    """One kind of row: how many the file has, how many come in."""

    label: str | Promise
    in_file: int
    comes_in: int
    note: str = ""

    @property
    def differs(self) -> bool:
        """Whether the two numbers differ."""
        return self.in_file != self.comes_in


@dataclass(frozen=True)
class PreviewedProject:
    """A project of the file."""

    number: int
    name: str
    written_by: str
    currency: str
    start: date | None
    finish: date | None
    data_date: date | None
    counts: tuple[CountLine, ...]
    calendars: str
    resources: str
    baselines: str
    dates: DatesShown | None


@dataclass(frozen=True)
class ProblemGroup:
    """Problems of one severity."""

    severity: str
    title: str | Promise
    meaning: str | Promise
    icon: str
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Twin:
    """An earlier import of the same file (SEC-24)."""

    pk: int
    created_at: Any
    state: str
    state_title: str
    projects: tuple[tuple[str, str], ...]


def import_by_id(import_id: int) -> ScheduleImport:
    """Return an import for a job. One query."""
    return ScheduleImport.objects.select_related("owner", "file", "target_node", "job").get(pk=import_id)


def imports_of(user: Any) -> QuerySet[ScheduleImport]:
    """Return the person's imports, newest first; projects come with a second query."""
    return (
        ScheduleImport.objects.visible_to(user)
        .select_related("target_node")
        .prefetch_related("projects")
        .order_by("-pk")
    )


def import_row(found: ScheduleImport) -> ImportRow:
    """Return an import as a list shows it."""
    tone, icon = TONES[found.state]
    return ImportRow(
        pk=found.pk,
        file_name=found.file_name,
        target=found.target_node.title if found.target_node else "",
        state=found.state,
        state_title=found.get_state_display(),
        tone=tone,
        icon=icon,
        created_at=found.created_at,
        projects=tuple((project.code, project.name) for project in found.projects.all()),
    )


def twins_of(found: ScheduleImport, *, user: Any) -> list[Twin]:
    """
    Return earlier imports of the same file: the person's own open or ended ones, and those of others whose
    projects the person may see. Three queries.
    """
    if not found.sha256:
        return []
    same = (
        ScheduleImport.objects.filter(sha256=found.sha256, pk__lt=found.pk)
        .filter(state__in=[ImportState.READ, ImportState.CONFIRMED, ImportState.IMPORTED])
        .prefetch_related("projects")
        .order_by("-pk")[:20]
    )
    seen = set(
        Project.objects.visible_to(user)
        .filter(imports__in=[item.pk for item in same])
        .values_list("pk", flat=True)
    )
    twins = []
    for item in same:
        projects = tuple((one.code, one.name) for one in item.projects.all() if one.pk in seen)
        if item.owner_id == user.pk or projects:
            title = str(item.get_state_display())
            pk = item.pk if item.owner_id == user.pk else 0
            twins.append(Twin(pk, item.created_at, item.state, title, projects))
    return twins


def previewed_projects(preview: Mapping[str, Any] | None) -> list[PreviewedProject]:
    """Return the projects of a stored preview."""
    return [_previewed(number, data) for number, data in enumerate((preview or {}).get("projects", []))]


def _previewed(number: int, data: Mapping[str, Any]) -> PreviewedProject:
    comes_in = data["comes_in"]
    lines = [
        CountLine(label, data[name], comes_in[name], _link_types(comes_in) if name == "links" else "")
        for name, label in COUNTED
    ]
    numbers = data["baseline_numbers"]
    return PreviewedProject(
        number=number,
        name=data["name"],
        written_by=data["written_by"],
        currency=data["currency"],
        start=_day(data["start"]),
        finish=_day(data["finish"]),
        data_date=_day(data["data_date"]),
        counts=tuple(lines),
        calendars=_names(data["calendar_names"], comes_in["calendars"]),
        resources=_names(data["resource_names"], comes_in["resources"]),
        baselines=", ".join(str(one) for one in numbers),
        dates=dates_shown(data.get("dates")),
    )


def _link_types(comes_in: Mapping[str, Any]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in comes_in["links_by_type"].items() if count)


def _names(names: list[str], count: int) -> str:
    return ", ".join(names) + (f" … (+{count - len(names)})" if count > len(names) else "")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def problem_groups(preview: Mapping[str, Any] | None) -> list[ProblemGroup]:
    """Return the problems of a stored preview, the worst first."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for problem in (preview or {}).get("problems", []):
        found[problem["severity"]].append((finding_place(problem), finding_sentence(problem)))
    return [
        ProblemGroup(severity, title, meaning, icon, tuple(found[severity]))
        for severity, title, meaning, icon in SEVERITIES
        if found[severity]
    ]


def preview_in_words(found: ScheduleImport) -> Mapping[str, Any] | None:
    """Return the stored preview with its problems in the language of the moment."""
    preview = found.preview
    if not preview or "problems" not in preview:
        return preview
    problems = [
        {**problem, "where": finding_place(problem), "message": finding_sentence(problem)}
        for problem in preview["problems"]
    ]
    return {**preview, "problems": problems}


def refusal_of(found: ScheduleImport) -> str:
    """Return why the file was not taken or nothing was imported: what the reader said in today's language."""
    preview = found.preview or {}
    if found.state == ImportState.REFUSED and "refusal_reason" in preview:
        return refusal_sentence(preview["refusal_reason"], preview["refusal_values"])
    return found.refusal


def advice_for(preview: Mapping[str, Any] | None) -> str | Promise:
    """Return what the person can do about a refused file."""
    return ADVICE.get((preview or {}).get("refusal_code", ""), STANDARD_ADVICE)
