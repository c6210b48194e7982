"""
Print how many dates agree with the field's own tools: ``python -m tests.oracle``.

``python -m tests.oracle trips`` takes every gold schedule there and back instead; further words name other
tiers:
``python -m tests.oracle trips silver generated``.
"""

import os
import sys

from tests.oracle.agreement import agreement, cases, library, table, total


def main() -> None:
    """Print a table per tier and tool."""
    compare = library().compare
    known = cases()
    for tier, tool in sorted({(case.tier, case.tool) for case in known}):
        chosen = [case for case in known if (case.tier, case.tool) == (tier, tool)]
        found = [item for case in chosen if (item := agreement(case, compare)) is not None]
        print(f"\n{tier}, {tool}: {len(found)} schedules")
        print(table(tier, tool, total(found)))


def trips(tiers: list[str]) -> None:
    """Print a line for each schedule and format that does not come back the same, and the sums by tier."""
    os.environ.setdefault("PMO_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.test.utils import setup_databases

    from tests.oracle.test_round_trips import TRIPS
    from tests.oracle.whole_trips import whole_trips

    setup_databases(0, interactive=False)
    for tier in tiers:
        for tool, kind in TRIPS:
            print(f"{tier}:", flush=True)
            whole_trips([case for case in cases() if (case.tier, case.tool) == (tier, tool)], tool, kind)


if __name__ == "__main__":
    if "trips" in sys.argv[1:]:
        trips(sys.argv[2:] or ["gold"])
    else:
        main()
