"""KNO-10: adoption is measured by the roll-up, from what was known on the day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.models import CourseRole, DocumentTemplate, ProjectAdoption, ProjectDocument, ProjectHealth
from portfolio.rollup.adoption import Facts
from portfolio.selectors.adoption_facts import adoption_facts
from portfolio.services import rollups, training
from portfolio.services.adoption import measure_adoption
from projects.models import Project
from tests.portfolio.adoption import BEGIN, DAY, counted_project
from tests.portfolio.libraries import paula
from tests.portfolio.worlds import make_portfolio, make_project

pytestmark = pytest.mark.django_db


def facts_of(project: Project, day: date = DAY) -> Facts:
    return adoption_facts([project.pk], day)[project.pk]


def test_every_part_is_counted() -> None:
    """A business case shown elsewhere is a document without a template."""
    made = counted_project("P-1", make_portfolio())

    found = facts_of(made)

    assert (found.documents, found.from_template) == (2, 1)
    assert (found.proposed, found.marked) == (2, 1)
    assert (found.due, found.passed) == (2, 1)
    assert found.compliance is not None


def test_past_day_is_counted_as_it_was() -> None:
    """HLT-8: lessons, passes and documents of later days do not count."""
    made = counted_project("P-1", make_portfolio())

    today = facts_of(made)
    assert facts_of(made, date(2026, 4, 11)) == replace(today, marked=0, passed=0)
    assert facts_of(made, date(2026, 2, 1)) == Facts()


def test_exemption_counts_on_its_days_only() -> None:
    """KNO-10, HLT-8: said later, it changes no past day; ended, its days stay."""
    made = counted_project("P-1", make_portfolio())
    waiting = made.node.grants.get(role="SPONSOR").user
    wanted = CourseRole.objects.get(role="SPONSOR")
    day, head = timedelta(days=1), paula()
    before = facts_of(made)

    about = {"actor": head, "user": waiting, "course": wanted.course, "reason": "Taught it"}
    row = training.exempt(**about, today=DAY + day)
    training.reset_attempts(actor=head, enrolment=row, reason="Teaches no more", today=DAY + 3 * day)

    due = [facts_of(made, DAY + number * day).due for number in range(4)]
    assert due == [before.due, before.due - 1, before.due - 1, before.due]


def test_expired_pass_and_ended_role_do_not_count() -> None:
    made = counted_project("P-1", make_portfolio())
    sam = made.node.grants.get(role="SPONSOR")
    sam.valid_to = DAY - timedelta(days=1)
    sam.save()

    assert (facts_of(made).due, facts_of(made).passed) == (1, 1)
    later = facts_of(made, date(2027, 6, 1))
    assert (later.due, later.passed) == (1, 0)


def test_then_current_template_counts_and_an_old_one_does_not() -> None:
    """KNO-10: made from the template in force on the day, or when the document was made."""
    made = counted_project("P-1", make_portfolio())
    charter = ProjectDocument.objects.get(project=made)
    old = charter.template
    newer = DocumentTemplate.objects.create(
        code=old.code, version="9.0.0", rank=old.rank + 1, is_current=False, document=old.document,
        loaded_on=BEGIN + timedelta(days=5),
    )  # fmt: skip

    then = facts_of(made)
    ProjectDocument.objects.filter(pk=charter.pk).update(made_on=newer.loaded_on)
    outdated = facts_of(made)
    ProjectDocument.objects.filter(pk=charter.pk).update(template=newer)

    assert (then.from_template, outdated.from_template, facts_of(made).from_template) == (1, 0, 1)


def test_rollup_keeps_one_row_per_active_project(drain: Callable[[], int]) -> None:
    home = make_portfolio()
    made = counted_project("P-1", home)
    closed = make_project("P-2", home, state="CLOSED")
    rollups.start_rollup(actor=None, as_of=DAY)
    drain()

    again = measure_adoption(as_of=DAY)

    row = ProjectAdoption.objects.get(project=made)
    assert row.as_of == DAY
    assert row.facts.percent is not None
    assert row.percent is not None
    assert abs(row.facts.percent - row.percent) < Decimal("0.0001")
    rated = ProjectHealth.objects.filter(as_of=DAY).exclude(project=closed)
    assert ProjectAdoption.objects.count() == again == rated.count()


def test_locked_day_stays_as_it_was(drain: Callable[[], int]) -> None:
    made = counted_project("P-1", make_portfolio())
    rollups.start_rollup(actor=None, as_of=DAY)
    drain()
    before = ProjectAdoption.objects.get(project=made).percent
    ProjectHealth.objects.update(is_locked=True)
    ProjectDocument.objects.all().delete()

    measured = measure_adoption(as_of=DAY)

    assert (measured, ProjectAdoption.objects.get(project=made).percent) == (0, before)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_projects(count: int) -> None:
    home = make_portfolio()
    projects = [counted_project(f"P-{number}", home).pk for number in range(count)]

    with CaptureQueriesContext(connection) as queries:
        found: dict[int, Any] = adoption_facts(projects, DAY)

    assert len(found) == count
    assert len(queries) == 16
