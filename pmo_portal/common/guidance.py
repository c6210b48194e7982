"""
Places of the portal that help of the library can stand beside, as one table.

Addresses are named, not imported. ``field`` names a field of a form; "" is the page itself.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TASK_FORMS = ("projects:task_new", "projects:task_edit")


@dataclass(frozen=True)
class Place:
    """A line of the table; ``pages`` are the addresses of the pages it is on."""

    code: str
    title: str | Promise
    pages: tuple[str, ...]
    field: str = ""

    @property
    def target(self) -> str:
        """Where help is put: below its field, or in the line of the page's title."""
        field = f"beforeend:#div_id_{self.field}"
        return field if self.field else "afterend:main .page-head-text .page-title"


PLACES: tuple[Place, ...] = (
    Place("project.overview", _("Project: overview"), ("projects:overview",)),
    Place("project.start", _("Project: guided start"), ("portfolio:project_start",)),
    Place("project.state", _("Project: change of state"), ("projects:state",)),
    Place("project.data-date", _("Project: data date"), ("projects:data_date",)),
    Place("project.import", _("Import of schedules"), ("projects:import_new",)),
    Place("plan", _("Plan"), ("projects:plan",)),
    Place("plan.quality", _("Plan: schedule quality"), ("projects:quality",)),
    Place("task.name", _("Task: name"), TASK_FORMS, "name"),
    Place("task.duration", _("Task: duration"), TASK_FORMS, "days"),
    Place("task.owner", _("Task: owner"), TASK_FORMS, "owner"),
    Place("task.constraint", _("Task: constraint"), TASK_FORMS, "constraint_type"),
    Place("task.technique", _("Task: earned value technique"), TASK_FORMS, "ev_technique"),
    Place("task.progress", _("Task: physical progress"), ("projects:task_progress",), "percent_physical"),
    Place("task.link", _("Task: type of link"), ("projects:link_add",), "type"),
    Place("baseline.set", _("Baseline: set"), ("projects:baseline_set",)),
    Place("baseline.reason", _("Baseline: reason"), ("projects:baseline_set",), "reason"),
    Place("budget.line", _("Money: budget line"), ("projects:budget_line_new", "projects:budget_line_edit")),
    Place(
        "commitment", _("Money: order or contract"), ("projects:commitment_new", "projects:commitment_edit")
    ),
    Place("forecast", _("Money: forecast"), ("projects:forecast_set",)),
    Place("earned-value", _("Earned value"), ("projects:earned_value",)),
    Place("team.role", _("Team: role"), ("projects:member_add",), "role"),
    Place("team.responsibilities", _("Team: responsibilities"), ("portfolio:raci",)),
    Place("governance.tier", _("Governance: complexity score"), ("portfolio:governance_score",)),
    Place("governance.gates", _("Governance: days of the gates"), ("portfolio:governance_gates",)),
    Place("governance.waiver", _("Governance: waiver"), ("portfolio:waiver_request",)),
    Place("gate", _("Gate: preparation"), ("portfolio:gate",)),
    Place("gate.decision", _("Gate: decision"), ("portfolio:gate_decide",)),
    Place("lesson", _("Lesson: capture"), ("portfolio:lesson_new",)),
    Place("office.charter", _("PMO office: charter"), ("portfolio:charter_new",), "text"),
)
BY_CODE = {place.code: place for place in PLACES}
PAGES = frozenset(page for place in PLACES for page in place.pages)


def places_on(page: str) -> tuple[Place, ...]:
    """Return the places on the page with an address."""
    return tuple(place for place in PLACES if page in place.pages)
