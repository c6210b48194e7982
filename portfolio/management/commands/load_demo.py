"""Load the demo organization Northwind Utilities."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pmo_portal.common.errors import DomainError
from pmo_portal.common.management.arguments import iso_date
from pmo_portal.common.schedule import database_now
from portfolio.services.demo.history import fill_history
from portfolio.services.demo.loading import load_demo


class Command(BaseCommand):
    """``manage.py load_demo [--projects 43] [--tasks-per-project 30] [--seed 1] [--as-of DATE]``."""

    help = "Fill an empty portal with the demo organization Northwind Utilities."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--projects", type=int, default=43, help="the 7 worked examples are among them")
        parser.add_argument("--tasks-per-project", type=int, default=30, help="rows of each plan, at least 3")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same organization")
        parser.add_argument("--as-of", type=iso_date, help="YYYY-MM-DD; today without it")
        parser.add_argument(
            "--inline", action="store_true", help="compute the history now instead of ordering it as jobs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, order the history, say what there is."""
        started = monotonic()
        as_of = options["as_of"] or database_now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        try:
            loaded = load_demo(
                as_of=as_of,
                projects=options["projects"],
                tasks_per_project=options["tasks_per_project"],
                seed=options["seed"],
                tell=self.stdout.write,
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        closes = fill_history(as_of=as_of, is_inline=options["inline"])
        self.stdout.write(
            f"Northwind Utilities: {loaded.projects} projects with {loaded.tasks} tasks, {loaded.people} "
            f"people, {len(closes)} period closes {'computed' if options['inline'] else 'ordered'}; "
            f"{monotonic() - started:.0f} s."
        )
