"""The demo organization: scale, seed, refusals, sign-ins."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.models import Job
from portfolio.models import RollupRun
from portfolio.services.demo.loading import load_demo
from portfolio.services.demo.sign_ins import demo_logins
from projects.models import ActualCost, Project, StatusReport, Task
from tests.factories import user

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 20)


def load(**wanted: Any) -> None:
    options = {"as_of": AS_OF, "projects": 8, "tasks_per_project": 6, "seed": 1, **wanted}
    load_demo(**options, tell=lambda _line: None)


def contents() -> dict[str, object]:
    """Return what a seed decides."""
    return {
        "tasks": list(Task.objects.order_by("project__code", "uid").values_list("name", "planned_finish")),
        "costs": list(
            ActualCost.objects.order_by("project__code", "pk").values_list("posting_date", "amount")
        ),
        "reports": list(
            StatusReport.objects.order_by("project__code", "period_end").values_list(
                "period_end", "published_at"
            )
        ),
    }


@pytest.mark.once
def test_same_seed_gives_the_same_organization() -> None:
    from django.db import transaction

    found = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            load(seed=seed)
            found.append(contents())
            transaction.set_rollback(True)

    assert found[0] == found[1]
    assert found[0] != found[2]


@pytest.mark.once
@pytest.mark.parametrize("as_of", [date(2026, 1, 1), date(2024, 2, 29)])
def test_any_day_can_be_today(as_of: date) -> None:
    load(as_of=as_of)

    newest = Project.objects.get(code="EX-HLT-P1").data_date
    assert newest == as_of.replace(day=1) - timedelta(days=1)


def test_production_refuses(settings: Any) -> None:
    """SEC-64: no known sign-ins in production."""
    settings.IS_DEMO_ALLOWED = False

    with pytest.raises(CommandError, match="not for production"):
        call_command("load_demo")
    with pytest.raises(CommandError, match="not for production"):
        call_command("demo_logins")

    assert (User.objects.count(), Project.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_too_small_a_plan_is_refused() -> None:
    with pytest.raises(CommandError, match="at least 3 rows"):
        call_command("load_demo", tasks_per_project=2)

    assert User.objects.count() == 0


def test_command_orders_the_history_as_jobs() -> None:
    out = StringIO()

    call_command("load_demo", projects=7, tasks_per_project=3, as_of=AS_OF, stdout=out)

    ordered = Job.objects.filter(name="portfolio.rate_chunk").order_by("pk")
    runs = list(RollupRun.objects.order_by("pk").values_list("as_of", "kind"))
    assert ordered.count() == sum(RollupRun.objects.values_list("chunks_total", flat=True)) > 2
    assert runs[0] == (date(2025, 11, 30), "PERIOD_CLOSE")
    assert runs[11] == (date(2026, 10, 31), "PERIOD_CLOSE")
    assert runs[12] == (AS_OF, "DAILY")
    assert "7 projects" in out.getvalue()


def test_logins_of_an_empty_portal_are_none() -> None:
    assert demo_logins() == []


def test_start_without_demo_says_how_to_begin() -> None:
    """Product section 5, first run: an empty portal says how somebody gets in."""
    before, after = StringIO(), StringIO()

    call_command("demo_logins", stdout=before)
    user("Ada")
    call_command("demo_logins", stdout=after)

    assert "manage.py create_admin --email" in before.getvalue()
    assert after.getvalue() == "The demo organization is not loaded.\n"
