"""Write the plan of a project to a file from the shell."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo_portal.common.errors import DomainError
from projects.models import Project
from projects.services.plan_exports import FORMATS, export_plan

REFUSED = 2


class Command(BaseCommand):
    """``export_project CODE --format mspdi``: 0 when written, 2 with one line when it cannot be."""

    help = "Write the plan of a project: MS Project XML, Primavera XER or PMXML, Excel, CSV or iCalendar."
    requires_system_checks: Sequence[str] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare project, format and file."""
        parser.add_argument("code", help="code of the project")
        parser.add_argument("--format", choices=list(FORMATS), required=True, dest="kind")
        parser.add_argument("--output", type=Path, help="the file; without it CODE-plan-DAY in this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say where."""
        projects = Project.objects.select_related("node", "calendar")
        project = projects.filter(code=options["code"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['code']}”.", returncode=REFUSED)
        try:
            built = export_plan(actor=None, project=project, kind=options["kind"])
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from None
        target = options["output"] or Path(built.file_name)
        target.write_bytes(built.content)
        self.stdout.write(str(target))
