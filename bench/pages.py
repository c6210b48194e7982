"""
Time of the read models behind dashboard, list, explanation and comparison at growing numbers of projects.

Aim: flat, so that the slowest of dashboard and list at 2,000 projects takes at most 0.25 s.
``python -m bench.pages --sizes 50 500 2000 --json``
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from bench._sizes import rows_by_size

SIZES = (50, 500, 2000)
ROUNDS = 5
AIM_SECONDS = 0.25
WATCHED = ("dashboard", "list")


def _median(call: Callable[[], Any]) -> tuple[float, int]:
    """Return the median time in seconds and the number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    with CaptureQueriesContext(connection) as captured:
        call()
    return round(sorted(times)[ROUNDS // 2], 4), len(captured)


def measure(size: int) -> dict[str, Any]:
    """Seed ``size`` projects, roll them up and time each read model."""
    from bench._seed import AS_OF, seed_projects
    from pmo_portal.accounts.models import RoleGrant, User
    from pmo_portal.accounts.services.scopes import organization_node
    from pmo_portal.common.jobs import drain
    from portfolio.models import Portfolio
    from portfolio.selectors.comparisons import compare
    from portfolio.selectors.dashboards import dashboard
    from portfolio.selectors.explanations import project_health
    from portfolio.selectors.project_lists import ProjectFilters, project_list
    from portfolio.services.rollups import start_rollup
    from projects.models import Project

    seeded = seed_projects(projects=size, tasks=10)
    start_rollup(actor=None, as_of=AS_OF)
    drain()
    paula = User.objects.create(name="Paula", email="paula@example.org")
    RoleGrant.objects.create(user=paula, role="PMO_HEAD", node=organization_node())
    home = Portfolio.objects.select_related("node").get(code="P0")
    project = Project.objects.get(pk=seeded.project_ids[0])
    calls: dict[str, Callable[[], Any]] = {
        "dashboard": lambda: dashboard(paula, home, AS_OF),
        "list": lambda: project_list(paula, ProjectFilters(), as_of=AS_OF),
        "explanation": lambda: project_health(paula, project, AS_OF),
        "comparison": lambda: compare(paula, home, AS_OF, AS_OF),
    }
    found: dict[str, Any] = {"projects": size}
    for name, call in calls.items():
        found[f"{name}_seconds"], found[f"{name}_queries"] = _median(call)
    return found


def _passes(rows: list[dict[str, Any]]) -> bool:
    """Tell whether query counts are equal and the aim was reached."""
    is_equal = all(len({row[name] for row in rows}) == 1 for name in rows[0] if name.endswith("_queries"))
    return is_equal and all(rows[-1][f"{name}_seconds"] <= AIM_SECONDS for name in WATCHED)


if __name__ == "__main__":
    sys.exit(
        rows_by_size("bench.pages", "Read models at growing numbers of projects.", SIZES, measure, _passes)
    )
