"""
What the portal itself knows about the questions of an assessment (MAT-6).

It stands beside the question and never sets the answer. Everything is counted over the running projects
the person may see, so that a number gives nothing away (ORG-9).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person, RoleGrant
from portfolio.rollup.need import answer_for
from projects.choices import ProjectState
from projects.models import ActualCost, Assignment, Baseline, BudgetLine, Project, StatusReport, Task

RUNNING = (ProjectState.INITIATING, ProjectState.PLANNING, ProjectState.EXECUTING, ProjectState.CLOSING)
RECENT = timedelta(days=35)
SUPPORTS_FROM_PERCENT = 90


@dataclass(frozen=True)
class Evidence:
    """
    What was found for a question.

    ``answer`` is the answer the number would stand for, of questions that count something;
    ``supports`` says whether a share is high enough to support a statement. None where neither applies.
    """

    text: str
    answer: int | None = None
    supports: bool | None = None


def need_evidence(user: Any) -> dict[str, Evidence]:
    """Return what is known for the questions of the need assessment. Four queries."""
    running = Project.objects.visible_to(user).filter(state__in=RUNNING)
    projects = running.count()
    if not projects:
        return {}
    people = Person.objects.filter(
        Exists(Assignment.objects.filter(resource__person=OuterRef("pk"), task__project__in=running))
    )
    full_time = sum(people.values_list("fte", flat=True), Decimal(0))
    grants = RoleGrant.objects.filter(node__project__in=running)
    managers = grants.filter(role=Role.PROJECT_MANAGER).values("user").distinct().count()
    sponsoring = grants.filter(role=Role.SPONSOR, user__person__org_unit__isnull=False)
    units = sponsoring.values("user__person__org_unit").distinct().count()
    found = {
        "Z1": Evidence(
            ngettext("%(number)s project runs.", "%(number)s projects run.", projects) % {"number": projects},
            answer_for("Z1", projects),
        ),
        "Z5": Evidence(
            ngettext("%(number)s person manages them.", "%(number)s people manage them.", managers)
            % {"number": managers},
            answer_for("Z5", managers),
        ),
    }
    if full_time:
        shown = round(full_time)
        found["Z2"] = Evidence(
            _("The people assigned to tasks of running projects add up to %(number)s full-time equivalents.")
            % {"number": shown},
            answer_for("Z2", shown),
        )
    if units:
        found["Z6"] = Evidence(
            ngettext("Sponsors come from %(number)s unit.", "Sponsors come from %(number)s units.", units)
            % {"number": units},
            answer_for("Z6", units),
        )
    return found


def maturity_evidence(user: Any, *, today: date) -> dict[str, Evidence]:
    """Return what is known for the statements of a maturity assessment. One query."""
    since = today - RECENT
    project = OuterRef("pk")
    facts = {
        "has_sponsor": Exists(
            RoleGrant.objects.filter(
                Q(valid_to__isnull=True) | Q(valid_to__gte=today), node__project=project, role=Role.SPONSOR
            )
        ),
        "has_plan": Exists(Task.objects.filter(project=project)),
        "has_baseline": Exists(Baseline.objects.filter(project=project, is_current=True)),
        "has_report": Exists(
            StatusReport.objects.filter(project=project, state="PUBLISHED", period_end__gte=since)
        ),
        "has_budget": Exists(BudgetLine.objects.filter(project=project)),
        "has_costs": Exists(ActualCost.objects.filter(project=project, posting_date__gte=since)),
        "has_people": Exists(
            Assignment.objects.filter(task__project=project, resource__person__isnull=False)
        ),
    }
    rows = list(Project.objects.visible_to(user).filter(state__in=RUNNING).annotate(**facts).values(*facts))
    if not rows:
        return {}
    return {
        "GOVERNANCE-2a": _share(rows, lambda row: row["has_sponsor"], _("have a sponsor")),
        "CONTROL-2a": _share(
            rows, lambda row: row["has_plan"] and row["has_report"], _("have a plan and a recent report")
        ),
        "CONTROL-3a": _share(rows, lambda row: row["has_baseline"], _("have a baseline")),
        "FINANCE-2a": _share(rows, lambda row: row["has_budget"], _("have a budget")),
        "FINANCE-2b": _share(rows, lambda row: row["has_costs"], _("have costs posted in the last 35 days")),
        "STAKEHOLDERS-3b": _share(
            rows, lambda row: row["has_report"], _("have a published status report of the last 35 days")
        ),
        "RESOURCES-2a": _share(rows, lambda row: row["has_people"], _("have people assigned by name")),
    }


def _share(rows: list[dict[str, Any]], holds: Callable[[dict[str, Any]], bool], what: str) -> Evidence:
    number = sum(bool(holds(row)) for row in rows)
    text = _("%(number)s of %(total)s running projects %(what)s.") % {
        "number": number,
        "total": len(rows),
        "what": what,
    }
    return Evidence(text, supports=100 * number >= SUPPORTS_FROM_PERCENT * len(rows))
