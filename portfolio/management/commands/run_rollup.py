"""Roll up the health of all projects for a date."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pmo_portal.common.errors import DomainError
from pmo_portal.common.management.arguments import iso_date
from pmo_portal.common.schedule import database_now
from portfolio.choices import RunState, SnapshotKind
from portfolio.models import RollupRun
from portfolio.services.awaiting import RunSummary, await_run, summary_of
from portfolio.services.periods import close_period
from portfolio.services.rollups import start_rollup


class Command(BaseCommand):
    """``manage.py run_rollup [--as-of DATE] [--kind KIND] [--inline|--no-wait] [--json]``."""

    help = "Roll up the health of all projects; exit code 1 when a project could not be rated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--as-of", type=iso_date, help="YYYY-MM-DD; today without it")
        parser.add_argument(
            "--kind",
            choices=SnapshotKind.values,
            default=SnapshotKind.DAILY,
            help="PERIOD_CLOSE closes the period that ends on the date, for ever",
        )
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--wait", action="store_true", help="wait for the end (what happens anyway)")
        how.add_argument("--inline", action="store_true", help="do all work in this process")
        how.add_argument("--no-wait", action="store_true", help="order the work and return")
        parser.add_argument("--timeout", type=float, default=3600, help="seconds to wait at most")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Order the roll-up, wait for it and print how it ended."""
        today = database_now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        as_of = options["as_of"] or today
        run = self._start(as_of, options["kind"], today)
        if not options["no_wait"]:
            run = await_run(run=run, inline=options["inline"], timeout_seconds=options["timeout"])
        self._print(summary_of(run), as_json=options["json"])
        if not options["no_wait"] and run.state != RunState.COMPLETE:
            raise CommandError(f"The roll-up of {as_of} ended as {run.state}.", returncode=1)

    def _start(self, as_of: date, kind: str, today: date) -> RollupRun:
        if kind != SnapshotKind.PERIOD_CLOSE:
            return start_rollup(actor=None, as_of=as_of, kind=kind)
        try:
            return close_period(actor=None, period_end=as_of, today=today)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None

    def _print(self, summary: RunSummary, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(summary)))
            return
        took = "–" if summary.duration_seconds is None else f"{summary.duration_seconds:.1f} s"
        self.stdout.write(
            f"Roll-up {summary.run} as of {summary.as_of}: {summary.state}, {summary.projects} projects in "
            f"{summary.chunks} {'part' if summary.chunks == 1 else 'parts'}, {summary.failed} failed, {took}"
        )
        self.stdout.write("  ".join(f"{color} {count}" for color, count in summary.colors.items()))
