"""The demo has news since its last close: what product section 4 asks the dashboard to show."""

from datetime import date
from decimal import Decimal

import pytest

from portfolio.services.demo.loading import load_demo
from projects.models import ActualCost, ForecastLine, Project, StatusReport

AS_OF = date(2026, 11, 20)


@pytest.mark.once
@pytest.mark.django_db
def test_projects_join_leave_and_overrun_after_the_last_close() -> None:
    load_demo(as_of=AS_OF, projects=40, tasks_per_project=3, seed=1, tell=lambda _line: None)

    states = Project.objects.filter(code__in=["NWU-021", "NWU-033"]).order_by("code")
    assert list(states.values_list("code", "state", "state_since")) == [
        ("NWU-021", "INITIATING", date(2026, 11, 9)),
        ("NWU-033", "CANCELED", date(2026, 11, 6)),
    ]
    costs = ActualCost.objects.filter(project__code="NWU-023", posting_date__gt=date(2026, 10, 31))
    assert list(costs.values_list("posting_date", "amount", "text")) == [
        (date(2026, 11, 12), Decimal(66000), "Asbestos found in the ceilings: removal"),
    ]
    estimates = ForecastLine.objects.filter(project__code="NWU-023").order_by("-made_on")
    assert estimates.values_list("made_on", flat=True)[0] == date(2026, 11, 12)
    assert Project.objects.get(code="NWU-023").data_date == date(2026, 11, 12)
    reports = StatusReport.objects.filter(project__code="NWU-027").order_by("-period_end")
    assert reports.values_list("period_end", "confidence")[0] == (date(2026, 10, 31), "GREEN")
