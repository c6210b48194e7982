"""Techniques of earned value as people choose and read them (domain 6.3, CST-10)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from pmo_portal.common.percentages import with_percent
from projects.choices import EvCurve, EvTechnique, TaskKind
from projects.engine.periods import elapsed_periods
from projects.engine.value_report import suggested_technique
from projects.models import Task
from projects.selectors.calendars import working_time
from projects.selectors.plan_dates import shown_finish, shown_start
from projects.selectors.value_words import TECHNIQUES


@dataclass(frozen=True)
class TechniqueChoice:
    """A technique one can choose, and what it means."""

    code: str
    title: Any
    text: Any
    is_current: bool
    is_chosen: bool
    is_suggested: bool


def technique_choices(task: Task, *, chosen: str) -> list[TechniqueChoice]:
    """Return all techniques; the one suggested for the planned length is marked."""
    suggested = suggestion_for(task)
    return [
        TechniqueChoice(
            code=technique.value,
            title=technique.label,
            text=TECHNIQUES[technique],
            is_current=technique == task.ev_technique,
            is_chosen=technique == chosen,
            is_suggested=technique == suggested,
        )
        for technique in EvTechnique
    ]


def suggestion_for(task: Task) -> EvTechnique | None:
    """Return the technique suggested for the planned length in months; None without dates (CST-10)."""
    first, last = shown_start(task.planned_start), shown_finish(task.planned_finish)
    if task.kind != TaskKind.TASK or first is None or last is None or last < first:
        return None
    hours = working_time(task.calendar or task.project.calendar)
    periods = elapsed_periods(first, last + timedelta(days=1), hours.working_days_between)
    return EvTechnique[suggested_technique(periods).name]


def counted_words(details: dict[str, Any] | None, progress: dict[str, Any] | None) -> str:
    """Return what was counted: ``2 of 3 poles``, ``1 of 3 steps``; nothing where nothing is counted."""
    if not details or not progress:
        return ""
    if "reached" in progress and "milestones" in details:
        counts = {"done": len(progress["reached"]), "planned": len(details["milestones"])}
        return _("%(done)s of %(planned)s steps") % counts
    planned = details.get("planned_units") or details.get("baseline_points")
    if "done" not in progress or not planned:
        return ""
    unit = details.get("unit") or (_("points") if "baseline_points" in details else _("units"))
    words = {"done": _short(progress["done"]), "planned": _short(planned), "unit": unit}
    return _("%(done)s of %(planned)s %(unit)s") % words


def details_words(task: Task) -> str:
    """Return what the technique of a task knows, in a few words."""
    details = task.ev_details or {}
    if "start_share" in details:
        return _("%(share)s at the start") % {"share": with_percent(_short(details["start_share"]))}
    if "milestones" in details:
        return _("%(count)s steps") % {"count": len(details["milestones"])}
    if "base" in details:
        base = Task.objects.filter(project=task.project, uid=details["base"]).first()
        return _("goes along with %(task)s") % {"task": base or _("a task that is gone")}
    planned = details.get("planned_units") or details.get("baseline_points")
    found = []
    if planned:
        unit = details.get("unit") or (_("points") if "baseline_points" in details else _("units"))
        found.append(f"{_short(planned)} {unit}")
    if "curve" in details:
        found.append(str(EvCurve(details["curve"]).label))
    return " · ".join(found)


def _short(number: str) -> str:
    """Return a number without needless decimals."""
    return str(number_format(number.rstrip("0").rstrip(".") if "." in number else number))
