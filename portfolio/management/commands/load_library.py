"""Publish the starter content of the library."""

from portfolio.management.starter_content import StarterContentCommand
from portfolio.services.library_content import load_library


class Command(StarterContentCommand):
    """``manage.py load_library [--owner pmo.head@example.org]``."""

    help = "Publish the starter content of the library; what people changed is left alone."
    subject = "Library"
    load = staticmethod(load_library)
