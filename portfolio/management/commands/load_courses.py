"""Publish the starter courses."""

from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pmo_portal.accounts.models import User
from pmo_portal.common.schedule import database_now
from portfolio.interchange.course_file import CourseFileFault
from portfolio.services.course_content import load_courses


class Command(BaseCommand):
    """``manage.py load_courses [--owner pmo.head@example.org]``."""

    help = "Publish the starter courses; what people changed is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--owner", help="e-mail of who owns new courses and is reminded of their reviews")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what happened."""
        owner = None
        if options["owner"]:
            owner = User.objects.filter(email=options["owner"].lower()).first()
            if owner is None:
                raise CommandError(f"There is nobody with the address {options['owner']}.")
        today = database_now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        try:
            loaded = load_courses(today=today, owner=owner)
        except CourseFileFault as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"Courses: {loaded.added} added, {loaded.renewed} renewed, {loaded.kept} left as they are."
        )
