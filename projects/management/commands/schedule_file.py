"""Compute the dates of a schedule file from the shell; nothing is stored."""

import json
import logging
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.engine.calendar import CalendarError
from projects.engine.scheduling.options import Convention
from projects.interchange.comparison import DATES, DatedDocument, date_document
from projects.interchange.reading import read_schedule
from projects.interchange.refusal import ScheduleRefused

REFUSED = 2


class Command(BaseCommand):
    """``schedule_file FILE``: 0 when computed, 2 with one line when the file is refused."""

    help = "Compute early and late dates and float of a schedule file and compare them with those it stores."
    requires_system_checks: Sequence[str] = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare file, convention and form of the answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--convention",
            choices=[item.name.lower() for item in Convention],
            help="whose rules to follow; without it those of the tool that wrote the file",
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, compute, print."""
        logging.getLogger("projects.interchange").setLevel(logging.ERROR)
        wanted = options["convention"]
        convention = Convention[wanted.upper()] if wanted else None
        try:
            documents = read_schedule(options["file"])
            found = [(document.name, date_document(document, convention)) for document in documents]
        except ScheduleRefused as refused:
            raise CommandError(" ".join(refused.message.split()), returncode=REFUSED) from None
        except (CalendarError, OverflowError) as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        if options["as_json"]:
            self.stdout.write(json.dumps({"projects": [_plain(*item) for item in found]}, ensure_ascii=False))
            return
        for name, dated in found:
            self._print(name, dated)

    def _print(self, name: str, dated: DatedDocument) -> None:
        self.stdout.write(f"{name}: {len(dated.tasks)} tasks")
        for task in dated.tasks:
            dates = " ".join(f"{getattr(task, item):%Y-%m-%d %H:%M}" for item in DATES)
            marks = "critical" if task.critical else ""
            total = "—" if task.total_float_minutes is None else task.total_float_minutes
            differs = f"≠ {', '.join(task.differs)} " if task.differs else ""
            self.stdout.write(f"{task.wbs:12} {dates} {total:>7} {marks:8} {differs}{task.name}")
        for item in DATES:
            self.stdout.write(f"{item}: {dated.agree[item]} of {dated.stored[item]} stored dates agree")


def _plain(name: str, dated: DatedDocument) -> dict[str, Any]:
    return {
        "name": name,
        "tasks": [{key: _written(value) for key, value in asdict(task).items()} for task in dated.tasks],
        "summary": {item: {"stored": dated.stored[item], "agree": dated.agree[item]} for item in DATES},
    }


def _written(value: Any) -> Any:
    """Return a value as JSON takes it: moments as text, also those of stretches."""
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value
