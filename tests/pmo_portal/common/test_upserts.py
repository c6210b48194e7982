"""Rows written by natural key: inserted once, overwritten after, exactly as a model would store them."""

import gc
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pmo_portal.common.garbage import collection_paused
from pmo_portal.common.upserts import JsonText, update_rows, upsert_rows
from projects.models import Project, ProjectSnapshot
from tests import factories

KEY = ("project_id", "as_of")
NOW = datetime(2026, 4, 1, 2, 30, tzinfo=UTC)


def _row(project: Project, **changed: Any) -> dict[str, Any]:
    return {
        "project_id": project.pk,
        "as_of": date(2026, 3, 31),
        "input_hash": "a" * 64,
        "code_version": "1",
        "currency": "EUR",
        "bac": Decimal("1234.50"),
        "spi": 0.1,
        "slip_wd": None,
        "measures": {"state": "EXECUTING", "list": [1, None, "ä"]},
        "computed_at": NOW,
        **changed,
    }


@pytest.mark.django_db
def test_upsert_rows_stores_what_a_model_would() -> None:
    """Every kind of column comes back as it went in; columns that were not named take their default."""
    project = factories.project()

    upsert_rows(ProjectSnapshot, [_row(project)], key=KEY)

    assert ProjectSnapshot.objects.values(
        "as_of", "revision", "bac", "spi", "slip_wd", "measures", "reasons", "tasks_total", "computed_at"
    ).get(project=project) == {
        "as_of": date(2026, 3, 31),
        "revision": 1,
        "bac": Decimal("1234.50"),
        "spi": 0.1,
        "slip_wd": None,
        "measures": {"state": "EXECUTING", "list": [1, None, "ä"]},
        "reasons": {},
        "tasks_total": 0,
        "computed_at": NOW,
    }


@pytest.mark.django_db
def test_upsert_rows_takes_json_that_is_written_already() -> None:
    """On both databases the text becomes the value it says."""
    project = factories.project()

    upsert_rows(ProjectSnapshot, [_row(project, measures=JsonText('{"a": ["\\u00e4", null, 1]}'))], key=KEY)

    assert ProjectSnapshot.objects.get(project=project).measures == {"a": ["ä", None, 1]}


@pytest.mark.django_db
def test_upsert_rows_with_a_known_key_overwrites_all_but_what_is_kept() -> None:
    """SEC-34: written twice is there once; ``keep`` leaves a column as it was."""
    project = factories.project()
    upsert_rows(ProjectSnapshot, [_row(project)], key=KEY)

    upsert_rows(
        ProjectSnapshot, [_row(project, bac=None, currency="USD", slip_wd=4)], key=KEY, keep=("currency",)
    )

    assert list(ProjectSnapshot.objects.values_list("bac", "currency", "slip_wd")) == [(None, "EUR", 4)]


@pytest.mark.django_db
def test_upsert_rows_with_more_rows_than_one_statement_takes_writes_all() -> None:
    project = factories.project()
    days = [date(2026, month, day) for month in (1, 2, 3) for day in range(1, 29)]

    upsert_rows(ProjectSnapshot, [_row(project, as_of=day) for day in days], key=KEY)

    assert list(ProjectSnapshot.objects.order_by("as_of").values_list("as_of", flat=True)) == days


@pytest.mark.django_db
def test_upsert_rows_without_rows_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        upsert_rows(ProjectSnapshot, [], key=KEY)

    assert not ProjectSnapshot.objects.exists()


def test_collection_paused_starts_again_after_an_error() -> None:
    seen = []

    @collection_paused()
    def fail() -> None:
        seen.append(gc.isenabled())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert (seen, gc.isenabled()) == ([False], True)


@pytest.mark.django_db
def test_update_rows_overwrites_the_named_columns_by_key() -> None:
    """Numbers, texts, days, moments, decimals, JSON and nulls; other columns and other rows stay."""
    kept, first, second = factories.project(), factories.project(), factories.project()
    new = {"name": "Bridge's end", "planned_start": date(2026, 3, 2), "critical_threshold": -5}
    new |= {"is_flagship": True, "schedule_start": NOW, "extra": {"a": "b"}}
    nothing = {"name": "", "planned_start": None, "critical_threshold": 0}
    nothing |= {"is_flagship": False, "schedule_start": None, "extra": {}}
    before = Project.objects.filter(pk=kept.pk).values().get()

    update_rows(Project, [{"pk": first.pk, **new}, {"pk": second.pk, **nothing}])

    assert Project.objects.filter(pk=first.pk).values(*new).get() == new
    assert Project.objects.filter(pk=second.pk).values(*new).get() == nothing
    assert Project.objects.filter(pk=kept.pk).values().get() == before
