"""Print how many dates agree with the field's own tools: ``python -m tests.oracle``."""

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


if __name__ == "__main__":
    main()
