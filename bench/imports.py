"""
Imports killed in the middle: ``kill -9`` at points spread over the writing; counts what is half done then.

``python -m bench.imports --kills 20 --tasks 300 --engine servers --json`` (SEC-24), for an import
that makes a new project and for one that brings a plan up to date. Runs in a temporary place with servers of
its own.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

from bench.jobs import Ground, ground
from tests import servers

ROOT = Path(__file__).resolve().parent.parent
KILLED = -9
WRITE_JOB = "projects.write_schedule_import"
WATCHED = ("accounts", "audit", "documents", "notifications", "projects", "portfolio")


@dataclass(frozen=True)
class Figures:
    """What one kind of import prints; ``partial`` counts kills that left anything behind."""

    engine: str
    kind: str
    tasks: int
    statements: int
    kills: int
    partial: int
    completed: int
    seconds: float


def document_of(tasks: int, *, is_later: bool = False) -> Any:
    """Return a plan; the later one has other durations, some rows more and some less."""
    from projects.interchange.document import Link, ProjectDocument, ProjectOptions, Task

    start = datetime.combine(date(2026, 3, 2), clock(8))
    rows = []
    for number in range(1, tasks + 1):
        days = 1 + (number + is_later) % 3
        begins = start + timedelta(days=number % 60)
        rows.append(
            Task(
                number,
                f"Task {number}",
                id=number,
                duration=480.0 * days,
                start=begins,
                finish=begins + timedelta(days=days),
            )
        )
    links = [Link(number, number + 1) for number in range(1, tasks) if number % 5]
    if is_later:
        gone = set(range(1, tasks, 10))
        rows = [row for row in rows if row.uid not in gone]
        rows += [replace(row, uid=row.uid + tasks, name=f"New {row.uid}", id=None) for row in rows[::10]]
        links = [link for link in links if not {link.pred, link.succ} & gone]
    options = ProjectOptions(name="Plan", currency="EUR", status_date=date(2026, 2, 27))
    return ProjectDocument(options=options, tasks=tuple(rows), links=tuple(links))


def order_import(document: Any, *, tasks: int, is_update: bool) -> int:
    """Bring an import to the point where it waits to be written; return its number."""
    from pmo_portal.accounts.choices import Role
    from projects.services import schedule_imports as imports
    from projects.services.document_writing import Incoming, write_projects
    from projects.services.import_preview import dates_of
    from tests import factories

    paula = factories.user("Paula")
    node = factories.portfolio_node(f"Portfolio {is_update}")
    factories.grant(paula, Role.PORTFOLIO_MANAGER, node)
    if is_update:
        earlier = Incoming(document_of(tasks), code="plan")
        (project,) = write_projects(
            actor=None, incoming=[earlier], parent_node=node, today=date(2026, 3, 1), file_name="plan.mpp"
        )
        node = project.node
        factories.grant(paula, Role.PROJECT_MANAGER, node)
    made = imports.upload_schedule(actor=paula, name="plan.mpp", chunks=[b"plan"], target_node=node)
    read = imports.keep_reading(schedule_import=made, documents=[document], dates=[dates_of(document)])
    version = read.version
    if is_update:
        imports.confirm_update(
            actor=paula, schedule_import=read, number=0, missing="REMOVE", expected_version=version
        )
    else:
        imports.confirm_import(
            actor=paula,
            schedule_import=read,
            target_node=node,
            choices=[imports.Choice(name="Plan", code="new-plan")],
            expected_version=version,
        )
    return int(made.pk)


def fingerprint() -> str:
    """Return a digest of every row of the portal but the jobs."""
    from django.apps import apps

    digest = hashlib.sha256()
    for label in WATCHED:
        for model in apps.get_app_config(label).get_models():
            for row in model._base_manager.order_by("pk").values_list():
                digest.update(repr(row).encode())
    return digest.hexdigest()


def make_due() -> None:
    """Let the writing wait again, as after the lease of a dead worker; nothing else waits."""
    from django.db.models.functions import Now

    from pmo_portal.common.models import Job, JobState

    Job.objects.exclude(name=WRITE_JOB).filter(state=JobState.QUEUED).update(state=JobState.CANCELED)
    Job.objects.filter(name=WRITE_JOB).exclude(state=JobState.DONE).update(
        state=JobState.QUEUED, attempt=0, lease_until=None, run_after=Now()
    )


def work(place: Ground, document: Path, import_id: int, at: int) -> subprocess.CompletedProcess[str]:
    """Run the worker."""
    make_due()
    return subprocess.run(
        [sys.executable, "-m", "bench._import_worker", str(document), str(import_id), str(at)],
        cwd=ROOT,
        env=place.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def measure(place: Ground, arguments: argparse.Namespace, *, is_update: bool) -> Figures:
    """Kill one kind of import as often as wanted, then let it end."""
    started = time.monotonic()
    document = document_of(arguments.tasks, is_later=is_update)
    import_id = order_import(document, tasks=arguments.tasks, is_update=is_update)
    path = place.data_dir / f"document-{is_update}.json"
    path.write_text(_to_json(document), encoding="utf-8")
    counted = work(place, path, import_id, 0)
    if counted.returncode:
        raise SystemExit(counted.stderr[-3000:])
    total = int(counted.stdout)
    before = fingerprint()
    partial = kills = 0
    for number in range(arguments.kills):
        at = 1 + number * (total - 1) // max(1, arguments.kills - 1)
        kills += work(place, path, import_id, at).returncode == KILLED
        partial += fingerprint() != before
    ended = work(place, path, import_id, -1)
    return Figures(
        engine=arguments.engine,
        kind="update" if is_update else "new project",
        tasks=arguments.tasks,
        statements=total,
        kills=kills,
        partial=partial,
        completed=int(ended.returncode == 0 and _is_complete(import_id, document)),
        seconds=round(time.monotonic() - started, 1),
    )


def _to_json(document: Any) -> str:
    from projects.interchange.json_form import to_json

    return to_json(document)


def _is_complete(import_id: int, document: Any) -> bool:
    """Return whether the import ended with one project that has the rows of the file and no others."""
    from projects.models import ScheduleImport

    found = ScheduleImport.objects.get(pk=import_id)
    (project,) = found.projects.all()
    names = sorted(project.tasks.values_list("name", flat=True))
    links = project.links.count()
    return (
        found.state == "IMPORTED"
        and names == sorted(task.name for task in document.tasks)
        and links == len(document.links)
    )


def run(arguments: argparse.Namespace) -> list[Figures]:
    """Measure both kinds of import on a portal of its own."""
    with ground(arguments.engine) as place:
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        os.environ.update(place.environment)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        return [measure(place, arguments, is_update=is_update) for is_update in (False, True)]


def show(figures: Sequence[Figures]) -> str:
    """Return the figures as a table."""
    rows = [list(asdict(figures[0])), *([str(value) for value in asdict(one).values()] for one in figures)]
    return "\n".join("".join(f"{cell:>14}" for cell in row) for row in rows)


def main() -> int:
    """Run once and print the figures; 0 when no kill left anything behind and both imports ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--tasks", type=int, default=300)
    parser.add_argument("--engine", choices=["servers", "embedded"], default=None)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    arguments.engine = arguments.engine or ("embedded" if servers.missing_servers() else "servers")
    figures = run(arguments)
    print(json.dumps([asdict(one) for one in figures]) if arguments.json else show(figures))
    is_good = all(one.partial == 0 and one.completed and one.kills == arguments.kills for one in figures)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
