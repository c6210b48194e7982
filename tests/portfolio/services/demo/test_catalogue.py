"""The whole catalogue of the demo: every state, and news since its last close (product section 4)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest

from pmo_portal.accounts.models import ScopeNode, User
from portfolio.models import ClosingItem, ProjectTemplate, TemplateUse
from portfolio.selectors.governance import governance_of
from portfolio.selectors.template_drift import project_drift, template_experience
from portfolio.services.demo.loading import load_demo
from portfolio.services.rollups import judge_project
from projects.models import ActualCost, Commitment, CostHold, ForecastLine, Project, StatusReport

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def catalogue(module_data: Callable[[], AbstractContextManager[None]]) -> None:
    """Load every project the demo has a story for, and the first one of a second round."""
    with module_data():
        load_demo(as_of=AS_OF, projects=7 + 34 + 3, tasks_per_project=3, seed=1, tell=lambda _line: None)


def test_whole_catalogue_has_every_state_and_starts_again(catalogue: None) -> None:
    assert Project.objects.count() == 44
    assert Project.objects.get(code="NWU-034").name == "Harbour substation rebuild 2"
    states = set(Project.objects.values_list("state", flat=True))
    assert states == {
        "PROPOSED",
        "APPROVED",
        "INITIATING",
        "PLANNING",
        "EXECUTING",
        "CLOSING",
        "CLOSED",
        "ON_HOLD",
        "CANCELED",
    }
    assert ScopeNode.objects.filter(kind="PROJECT", is_confidential=True).count() == 2


@pytest.mark.once
def test_projects_join_leave_and_overrun_after_the_last_close(catalogue: None) -> None:
    states = Project.objects.filter(code__in=["NWU-021", "NWU-033"]).order_by("code")
    assert list(states.values_list("code", "state", "state_since")) == [
        ("NWU-021", "INITIATING", date(2026, 11, 9)),
        ("NWU-033", "CANCELED", date(2026, 11, 6)),
    ]
    costs = ActualCost.objects.filter(project__code="NWU-023", posting_date__gt=date(2026, 10, 31))
    assert list(costs.values_list("posting_date", "amount", "text")) == [
        (date(2026, 11, 12), Decimal(115500), "Asbestos found in the ceilings: removal"),
    ]
    assert [_color("NWU-023", day) for day in (date(2026, 10, 31), AS_OF)] == ["AMBER", "RED"]
    estimates = ForecastLine.objects.filter(project__code="NWU-023").order_by("-made_on")
    assert estimates.values_list("made_on", flat=True)[0] == date(2026, 11, 12)
    assert Project.objects.get(code="NWU-023").data_date == date(2026, 11, 12)
    reports = StatusReport.objects.filter(project__code="NWU-027").order_by("-period_end")
    assert reports.values_list("period_end", "confidence")[0] == (date(2026, 10, 31), "GREEN")


def _color(code: str, day: date) -> str:
    """Return what the figures of a day say about a project."""
    judged = judge_project(project_id=Project.objects.get(code=code).pk, as_of=day)
    return str(judged.projects[0].columns["color"])


@pytest.mark.once
def test_projects_from_a_template_drift_and_standards_follow(catalogue: None) -> None:
    """STD-2, STD-11: two were made before the PMO learned from them, one after; these keep their versions."""
    uses = TemplateUse.objects.select_related("version", "project").order_by("project__code")
    drifts = {use.project.code: project_drift(use, language="en") for use in uses}
    known = {use.project.code: governance_of(use.project, AS_OF) for use in uses}
    template, head = ProjectTemplate.objects.get(), User.objects.get(email__startswith="pmo.head@")

    assert [(use.project.code, use.version.version) for use in uses] == [
        ("NWT-001", "1.0.1"),
        ("NWT-002", "1.0.1"),
        ("NWT-003", "1.1.0"),
    ]
    assert [str(each.version) for each in known.values() if each] == ["SG 1.0.2", "SG 1.0.2", "SG 1.1.0"]
    assert [(len(each.removed), len(each.added)) for each in drifts.values()] == [(0, 1), (1, 2), (0, 0)]
    most = template_experience(template, user=head, language="en").rows[0]
    assert (most.key, most.longer, most.days) == ("4.3", 2, 15)


def test_gates_hold_and_kill(catalogue: None) -> None:
    """Domain 2.5: costs are stopped by a gate of the catalogue, a checklist is open, what is owed is paid."""
    held = CostHold.objects.get(ended_on=None)
    killed = ClosingItem.objects.filter(project__code="NWU-017")

    assert (held.project.code, held.project.state, held.lines.count()) == ("NWU-010", "ON_HOLD", 1)
    assert (killed.exclude(done_on=None).count(), killed.filter(done_on=None).count()) == (3, 6)
    owed = ActualCost.objects.filter(project__code="NWU-017", text__startswith="Settlement of order")
    orders = Commitment.objects.filter(project__code="NWU-017")
    assert owed.count() == orders.filter(state="CLOSED").count() == orders.count() > 0
