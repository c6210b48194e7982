"""Every schedule of one tool there and back, with the sums."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from projects.engine.calendar import CalendarError
from projects.interchange.vocabulary import ScheduleFormat
from tests.oracle.agreement import Case
from tests.oracle.documents import document_of, load
from tests.oracle.round_trip import as_imported, mpxj, trip

SHOWN = 3


def whole_trips(cases: Sequence[Case], tool: str, kind: ScheduleFormat) -> None:
    """Take the schedules there and back and print what differs."""
    same = tasks = links = 0
    settings: Counter[str] = Counter()
    with mpxj() as files:
        for case in cases:
            try:
                with transaction.atomic():
                    found = trip(as_imported(document_of(load(case.path))), kind, files)
                    transaction.set_rollback(True)
            except CalendarError as fault:
                print(f"  {case.path.name}: cannot be dated any more: {fault}", flush=True)
                continue
            same += not found.differences
            tasks += found.tasks
            links += found.links
            settings.update(found.settings)
            for difference in found.differences[:SHOWN]:
                print(f"  {case.path.name}: {difference[:200]}", flush=True)
    print(f"{tool} as {kind.value}: {same} of {len(cases)} the same; {tasks} rows, {links} links", flush=True)
    print(f"  rules of scheduling not kept: {dict(settings)}", flush=True)
