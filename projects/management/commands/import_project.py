"""Import a schedule from the shell: preview it, make projects of it, or bring a plan up to date."""

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
from projects.choices import MissingRows
from projects.interchange.document import ProjectDocument
from projects.interchange.reading import read_schedule
from projects.interchange.refusal import ScheduleRefused
from projects.models import Project
from projects.selectors.plan_update_words import note_place, note_sentence
from projects.services.document_writing import Incoming, write_projects
from projects.services.import_preview import summary_of
from projects.services.plan_updates import preview_update, update_plan

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
        parser.add_argument("--project", metavar="CODE", help="bring the plan of this project up to date")
        parser.add_argument(
            "--number", type=int, default=1, help="which project of the file comes into --project"
        )
        parser.add_argument(
            "--missing",
            choices=[name.lower() for name in MissingRows.values],
            default="keep",
            help="rows of --project that are not in the file; those with recorded facts always stay",
        )
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
        if options["project"]:
            self._update(documents, options)
            return
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

    def _update(self, documents: Sequence[ProjectDocument], options: dict[str, Any]) -> None:
        """Bring a plan up to date, or say what would change."""
        try:
            if options["portfolio"] or options["code"]:
                raise DomainError("--project names the place; leave --portfolio and --code out.")
            asked = _asked_update(documents, options)
            if options["preview"]:
                answer = {**summary_of([asked["document"]]), "update": preview_update(**asked)}
            else:
                missing = options["missing"].upper()
                done = update_plan(**asked, missing=missing, today=timezone.localdate())
                answer = {"projects": [done.project.code], "update": done.counts}
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        if options["as_json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        elif options["preview"]:
            self._print_preview(answer, as_json=False)
            self._print_changes(answer["update"])
        else:
            self._print_codes([done.project], as_json=False)

    def _print_changes(self, update: dict[str, Any]) -> None:
        counts = ", ".join(f"{name} {count}" for name, count in update["counts"].items() if count)
        self.stdout.write(f"Against the plan: {counts}")
        for note in update["notes"]:
            self.stdout.write(f"{note['severity']:8}{note_place(note)}: {note_sentence(note)}")

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


def _asked_update(documents: Sequence[ProjectDocument], options: dict[str, Any]) -> dict[str, Any]:
    """Return who imports which document into which project, as the services take it."""
    actor = _person(options["user"]) if options["user"] else None
    reach = Project.objects.all() if actor is None else Project.objects.visible_to(actor)
    project = reach.select_related("node", "calendar").filter(code=options["project"]).first()
    if project is None:
        raise DomainError(f"There is no project “{options['project']}”.", code="NO_PROJECT")
    if options["number"] not in range(1, len(documents) + 1):
        raise DomainError(f"The file has {len(documents)} projects: --number 1 to {len(documents)}.")
    return {
        "actor": actor,
        "project": project,
        "document": documents[options["number"] - 1],
        "file_name": options["file"].name,
    }


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
