"""Publish the starter courses."""

from portfolio.management.starter_content import StarterContentCommand
from portfolio.services.course_content import load_courses


class Command(StarterContentCommand):
    """``manage.py load_courses [--owner pmo.head@example.org]``."""

    help = "Publish the starter courses; what people changed is left alone."
    subject = "Courses"
    load = staticmethod(load_courses)
