"""Import a schedule from the shell: preview it, or make projects of it."""

import json
import logging
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.common.errors import DomainError
from projects.access import may_import_into
from projects.interchange.document import ProjectDocument
from projects.interchange.reading import read_schedule
from projects.interchange.refusal import ScheduleRefused
from projects.models import Project
from projects.services.document_writing import Incoming, write_projects
from projects.services.import_preview import summary_of

REFUSED = 2


class Command(BaseCommand):
    """``import_project FILE``: 0 when done, 2 with one line when the file is refused."""

    help = "Preview a schedule file (.mpp, MS Project XML, .xer, PMXML, .mpx …) or import its projects."
    requires_system_checks: Sequence[str] = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare file, place, person and form of the answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--portfolio", metavar="CODE", help="code or title of the portfolio or program")
        parser.add_argument("--user", metavar="EMAIL", help="import with the rights of this person")
        parser.add_argument("--code", default="", help="code of the new project; several get -2, -3 …")
        parser.add_argument("--preview", action="store_true", help="say what would come in, store nothing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, then print the preview or import."""
        # A refusal is one line; what the reader logs about it is for the server.
        logging.getLogger("projects.interchange").setLevel(logging.ERROR)
        try:
            documents = read_schedule(options["file"])
        except ScheduleRefused as refused:
            raise CommandError(" ".join(refused.message.split()), returncode=REFUSED) from None
        if options["preview"]:
            self._print_preview(summary_of(documents), as_json=options["as_json"])
            return
        try:
            projects = _import(
                documents, **{name: options[name] for name in ("file", "portfolio", "user", "code")}
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self._print_codes(projects, as_json=options["as_json"])

    def _print_preview(self, summary: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
            return
        for project in summary["projects"]:
            counts = ", ".join(f"{name} {count}" for name, count in project.items() if isinstance(count, int))
            self.stdout.write(f"{project['name']}: {counts}")
        for problem in summary["problems"]:
            self.stdout.write(f"{problem['severity']:8}{problem['where']}: {problem['message']}")

    def _print_codes(self, projects: Sequence[Project], *, as_json: bool) -> None:
        codes = [project.code for project in projects]
        self.stdout.write(json.dumps({"projects": codes}) if as_json else "\n".join(codes))


def _import(
    documents: Sequence[ProjectDocument], *, file: Path, portfolio: str | None, user: str | None, code: str
) -> list[Project]:
    """Return the new projects of the file."""
    node = _target(portfolio)
    actor = _person(user) if user else None
    if actor is not None and not may_import_into(actor, node):
        raise DomainError(f"{actor.email} may not create projects in {node.title}.", code="FORBIDDEN")
    incoming = [
        Incoming(document, code=code if number == 1 or not code else f"{code}-{number}")
        for number, document in enumerate(documents, start=1)
    ]
    return write_projects(
        actor=actor, incoming=incoming, parent_node=node, today=timezone.localdate(), file_name=file.name
    )


def _target(portfolio: str | None) -> ScopeNode:
    """Return the node of the portfolio or program with this code, else with this title."""
    if not portfolio:
        raise DomainError("Name the portfolio to import into: --portfolio CODE (or use --preview).")
    homes = ScopeNode.objects.filter(kind__in=["PORTFOLIO", "PROGRAM"]).order_by("pk")
    by_code = homes.filter(Q(portfolio__code=portfolio) | Q(program__code=portfolio))
    found = list(by_code[:2]) or list(homes.filter(title=portfolio)[:2])
    if len(found) != 1:
        raise DomainError(f"There is no one portfolio or program “{portfolio}”.", code="NO_HOME")
    return found[0]


def _person(email: str) -> User:
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise DomainError(f"Nobody signs in as {email}.", code="NO_USER")
    return found
