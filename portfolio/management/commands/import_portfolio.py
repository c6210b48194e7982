"""``manage.py import_portfolio``: dated statuses of many projects from a CSV or XLSX file."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import DomainError
from pmo_portal.common.management.arguments import iso_date
from portfolio.interchange.mapping import MappingFault, TableMapping
from portfolio.models import Portfolio
from portfolio.selectors.import_leavers import KEEP, LEAVE
from portfolio.selectors.table_imports import REASONS
from portfolio.services.import_mappings import mapping_named
from portfolio.services.table_plan import summary_of
from portfolio.services.table_writing import NewPortfolio, TableOrder, import_file, preview_table
from projects.interchange.tables.table import TableRefused

REFUSED = 2
LEAVERS = {"auto": None, "leave": LEAVE, "keep": KEEP}


class Command(BaseCommand):
    """Import a table; print what came in, what did not and why."""

    help = "Import projects and their dated status from a CSV or XLSX file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", required=True, help="Name of the mapping, for example uk-gmpp.")
        parser.add_argument("--as-of", type=iso_date, help="Date of the status, YYYY-MM-DD.")
        parser.add_argument("--portfolio", help="Code of the portfolio; made when it is new.")
        parser.add_argument("--user", help="E-mail of the person in whose name it is done.")
        parser.add_argument(
            "--leavers",
            choices=sorted(LEAVERS),
            default="auto",
            help="Projects this table no longer names: leave the portfolio on the day of its statuses, keep "
            "them as they are, or auto: leave when it is a later full edition of the same mapping.",
        )
        parser.add_argument("--preview", action="store_true", help="Say what would happen; write nothing.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import or preview; exit with 2 and one line for a file or mapping that is refused."""
        try:
            plan = self._run(options)
        except (TableRefused, DomainError, MappingFault) as refused:
            self.stderr.write(" ".join(str(refused).split()))
            sys.exit(REFUSED)
        except OSError as fault:
            self.stderr.write(f"The file cannot be opened: {fault.strerror}.")
            sys.exit(REFUSED)
        self._print(plan, as_json=options["json"])

    def _run(self, options: dict[str, Any]) -> dict[str, Any]:
        actor = self._actor(options["user"])
        mapping = mapping_named(options["mapping"])
        portfolio = self._portfolio(options["portfolio"] or options["mapping"], mapping, options)
        if options["preview"]:
            order = TableOrder(
                actor=actor,
                path=options["file"],
                source=options["file"].name,
                portfolio=portfolio,
                mapping=mapping,
                mapping_name=options["mapping"],
                as_of=options["as_of"],
                leavers=LEAVERS[options["leavers"]],
            )
            return preview_table(order)
        return import_file(
            actor=actor,
            path=options["file"],
            portfolio=portfolio,
            mapping_name=options["mapping"],
            now=timezone.now(),
            as_of=options["as_of"],
            leavers=LEAVERS[options["leavers"]],
        )

    def _actor(self, email: str | None) -> User | None:
        if not email:
            return None
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        return user

    def _portfolio(
        self, code: str, mapping: TableMapping, options: dict[str, Any]
    ) -> Portfolio | NewPortfolio:
        found = Portfolio.objects.select_related("node").filter(code=code).first()
        if found is not None:
            return found
        if options["preview"]:
            raise DomainError(
                f"There is no portfolio {code}; a preview makes none. Name one with --portfolio."
            )
        return NewPortfolio(code=code, name=mapping.title, reporting_currency=mapping.currency)

    def _print(self, plan: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(plan))
            return
        counts = summary_of(plan)
        self.stdout.write(
            f"{plan['rows_total']} rows: {counts['created']} projects created, {counts['updated']} updated, "
            f"{counts['history_only']} older than what is known, {counts['refused']} refused."
        )
        self._print_leavers(plan)
        for problem in plan["problems"]:
            place = f"row {problem['row']}" + (f", {problem['column']}" if problem["column"] else "")
            said = f" ({problem['text']})" if problem["text"] else ""
            reason = REASONS.get(problem["reason"], problem["reason"])
            self.stdout.write(f"  {problem['severity'].lower():7} {place}: {reason}{said}")

    def _print_leavers(self, plan: dict[str, Any]) -> None:
        """Name the projects the table no longer has, and those that came back."""
        missing = plan["leavers"]
        if plan["returned"]:
            self.stdout.write(f"{plan['returned']} projects came back.")
        if missing["projects"]:
            what = f"left on {missing['left_on']}" if plan["left"] else "are kept as they are"
            self.stdout.write(f"{len(missing['projects'])} projects are no longer in this table and {what}:")
        for project in missing["projects"]:
            self.stdout.write(f"  {project['code']} {project['name']}")
