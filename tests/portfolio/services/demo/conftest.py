"""The demo, loaded once for the tests that only look at it."""

from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django.plugin import DjangoDbBlocker

from portfolio.services.demo.history import fill_history
from portfolio.services.demo.loading import load_demo

AS_OF = date(2026, 11, 20)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[date]:
    """Load twelve projects and two months of history; take all of it back after the module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(as_of=AS_OF, projects=12, tasks_per_project=12, seed=1, tell=lambda _line: None)
        fill_history(as_of=AS_OF, is_inline=True, months=2)
        yield AS_OF
        transaction.set_rollback(True)
