"""Rows written in one statement read back as rows saved one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.models import OrgUnit
from pmo_portal.common.insertions import Insertion
from projects.models import Calendar, CalendarException

pytestmark = pytest.mark.django_db


def test_rows_get_keys_and_their_references_follow() -> None:
    """A reference to an object that is written first is filled in."""
    calendar = Calendar(name="Site")
    parents = Insertion(Calendar, [calendar])
    children = Insertion(
        CalendarException, [CalendarException(calendar=calendar, start="2026-01-01", finish="2026-01-02")]
    )

    parents.write()
    made = children.write()[0]

    assert made.pk is not None
    assert CalendarException.objects.get(pk=made.pk).calendar == Calendar.objects.get(name="Site")
    assert Calendar.objects.create(name="Next").pk > calendar.pk


@pytest.mark.parametrize("count", [1, 30])
def test_statements_do_not_grow(count: int) -> None:
    """One for the moment, one for the keys, one for the rows."""
    rows = Insertion(OrgUnit, [OrgUnit(code=f"U{number}", name="Unit") for number in range(count)])

    with CaptureQueriesContext(connection) as found:
        rows.write()

    assert len(found) == 3
    assert OrgUnit.objects.filter(name="Unit", currency="EUR", version=1).count() == count


def test_nothing_to_write_asks_nothing() -> None:
    """No rows, no statement."""
    with CaptureQueriesContext(connection) as found:
        assert Insertion(OrgUnit, []).write() == []

    assert len(found) == 0
