"""Where the seconds of a roll-up go, and what bare reading and bare writing of the same would take."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import wraps
from io import StringIO
from typing import Any
from unittest.mock import patch

#: Parts of a roll-up by the functions they consist of; none of them calls another one's.
PARTS: Mapping[str, tuple[str, ...]] = {
    "read": (
        "portfolio.services.judgement.load_projects",
        "portfolio.services.judgement.load_surroundings",
        "portfolio.services.judgement.load_task_refs",
        "portfolio.services.judgement.unchanged_projects",
    ),
    "measure": ("portfolio.services.judgement.measure_loaded",),
    "rate, explain": (
        "portfolio.services.judgement.build_facts",
        "portfolio.services.judgement.judge_facts",
    ),
    "write": ("portfolio.services.rollups.keep_judgement",),
    "add up": ("portfolio.services.rollups.aggregate_groups",),
    "adoption": ("portfolio.jobs.adoption.measure_adoption",),
}
READ = (
    """SELECT t.id, t.project_id, t.calendar_id, t.kind, t.ev_technique, t.is_active, t.is_key_milestone,
              t.is_completion, t.owner_id, t.planned_start, t.planned_finish, t.early_start, t.early_finish,
              t.duration, t.suspend_on, t.resume_on, t.actual_start, t.actual_finish, t.remaining_duration,
              t.percent_complete, t.percent_physical
       FROM projects_task t WHERE t.kind <> 'SUMMARY'""",
    """SELECT r.task_id, r.forecast_start, r.forecast_finish, r.actual_start, r.actual_finish,
              r.remaining_duration, r.percent_complete, r.percent_physical
       FROM projects_taskprogress r
       WHERE r.data_date <= %(as_of)s AND NOT EXISTS (
           SELECT 1 FROM projects_taskprogress n
           WHERE n.task_id = r.task_id AND n.data_date <= %(as_of)s AND n.data_date > r.data_date
       )""",
    """SELECT b.id, b.baseline_id, b.task_id, b.start, b.finish, b.duration, b.budget
       FROM projects_baselinetask b JOIN projects_baseline e ON e.id = b.baseline_id
       WHERE b.kind <> 'SUMMARY' AND e.effective_from <= %(as_of)s""",
    """SELECT project_id, category, currency, amount FROM projects_budgetline
       WHERE effective_from <= %(as_of)s""",
    "SELECT project_id, project_amount FROM projects_actualcost WHERE posting_date <= %(as_of)s",
)
WRITTEN = ("projects_projectsnapshot", "portfolio_projecthealth")


@contextmanager
def parts_timed(seconds: dict[str, float]) -> Iterator[None]:
    """Add the seconds of each part of what runs inside, by the wall; of this process only."""

    def timed(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                seconds[part] = seconds.get(part, 0.0) + time.perf_counter() - start

        return call

    with ExitStack() as stack:
        for part, places in PARTS.items():
            for place in places:
                patcher = patch(place)
                function, _is_local = patcher.get_original()
                patcher.new = timed(part, function)
                stack.enter_context(patcher)
        yield


def bare_reading(as_of: date) -> None:
    """Fetch the cells of plans, progress, baselines and ledgers with plain cursors, for nothing."""
    from django.db import connection

    for statement in READ:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"as_of": as_of})
            cursor.fetchall()


def bare_writing(as_of: date) -> Callable[[], object]:
    """
    Take away the rows that a roll-up wrote for its projects; return what puts them back the shortest way.

    COPY on PostgreSQL, one prepared statement on SQLite; one transaction.
    """
    from django.db import connection

    take = _take_copied if connection.vendor == "postgresql" else _take_rows
    back = [take(table, as_of) for table in WRITTEN]

    def put_back() -> None:
        from django.db import transaction

        with transaction.atomic(), connection.cursor() as cursor:
            for put in back:
                put(cursor)

    return put_back


def _take_rows(table: str, as_of: date) -> Callable[[Any], object]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE as_of = %s", [as_of])
        rows = cursor.fetchall()
        cursor.execute(f"DELETE FROM {table} WHERE as_of = %s", [as_of])
    statement = f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})"
    return lambda cursor: cursor.executemany(statement, rows)


def _take_copied(table: str, as_of: date) -> Callable[[Any], object]:
    from django.db import connection

    text = StringIO()
    with connection.cursor() as cursor:
        rows = f"SELECT * FROM {table} WHERE as_of = '{as_of:%Y-%m-%d}'"
        cursor.copy_expert(f"COPY ({rows}) TO STDOUT", text)
        cursor.execute(f"DELETE FROM {table} WHERE as_of = %s", [as_of])
    return lambda cursor: cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(text.getvalue()))
