"""Locks of lessons are taken in one order: projects, lessons, then what belongs to them (SEC-32b)."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.models import LessonOffer, StandardChange
from portfolio.services import lesson_offers, lessons
from portfolio.services.standard_changes import complete_change
from tests import factories
from tests.portfolio.lessons import TODAY, captured, published
from tests.portfolio.libraries import published as library_item
from tests.portfolio.libraries import republished

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one lock"),
]
ORDER = (
    "projects_project",
    "portfolio_lesson",
    "portfolio_lessonoffer",
    "portfolio_standardchange",
    "portfolio_knowledgeitem",
)


def tables_locked(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        act()
    locks = [each["sql"] for each in asked.captured_queries if "FOR UPDATE" in each["sql"]]
    found = [re.findall(r'FROM "(\w+)"', sql)[0] for sql in locks]
    return [table for table in found if table in ORDER]


def test_every_act_takes_its_locks_in_one_order() -> None:
    item = library_item()
    project = factories.project("P-1", category="Site")
    old = factories.project("P-2", category="Site")
    lesson = published(old, standard="item:risk-register:en")
    look = {"actor": None, "project": project, "occasion": "START", "today": TODAY}
    locked = [tables_locked(lambda: lesson_offers.look_for_lessons(**look))]
    mark = {"actor": None, "offer": LessonOffer.objects.get(), "mark": "APPLIED", "note": ""}
    locked.append(tables_locked(lambda: lesson_offers.mark_offer(**mark, today=TODAY)))
    republished(item)
    done = {"actor": None, "change": StandardChange.objects.get(), "number": "1.1", "today": TODAY}
    locked.append(tables_locked(lambda: complete_change(**done)))
    merge = {"actor": None, "lesson": captured(project), "into": captured(old)}
    locked.append(tables_locked(lambda: lessons.merge_lesson(**merge)))
    retire = {"actor": None, "lesson": lesson, "reason": "It is out of date.", "today": TODAY}
    locked.append(tables_locked(lambda: lessons.retire_lesson(**retire)))

    assert locked == [sorted(each, key=ORDER.index) for each in locked]
    assert [each[0] for each in locked] == ["projects_project"] * 5
    assert locked[2] == ["projects_project", "portfolio_lesson", "portfolio_standardchange"]


def test_several_rows_are_locked_in_the_order_of_their_keys() -> None:
    first, second = captured(factories.project("P-1")), captured(factories.project("P-2"))

    with CaptureQueriesContext(connection) as asked:
        lessons.merge_lesson(actor=None, lesson=second, into=first)

    locks = [each["sql"] for each in asked.captured_queries if "FOR UPDATE" in each["sql"]]
    assert all("ORDER BY" in sql for sql in locks[:2])
