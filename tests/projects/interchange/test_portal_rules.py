"""The portal's own rules of scheduling as a text in files of other tools."""

import doctest
from datetime import datetime

import pytest

from projects.interchange import portal_rules
from projects.interchange.document import ProjectDocument, ProjectOptions, Task
from projects.interchange.portal_rules import (
    FIELD,
    rules_text,
    with_project_row,
    with_rules,
    with_rules_of_row,
)
from projects.interchange.vocabulary import Convention, FloatMode, LagCalendar, ProgressMode

pytestmark = pytest.mark.pure

OWN = ProjectOptions(
    name="Bridge",
    convention=Convention.PORTAL,
    float_mode=FloatMode.START,
    lag_calendar=LagCalendar.ALWAYS,
    progress_mode=ProgressMode.PROGRESS_OVERRIDE,
    planned_start=datetime(2026, 3, 2, 8),
    must_finish_by=datetime(2026, 5, 1),
)


def test_row_of_the_project_carries_the_rules() -> None:
    """They come back into the options, and are no own field of a row."""
    out = with_project_row(ProjectDocument(options=OWN, tasks=(Task(uid=1, name="Dig"),)))

    back = with_rules_of_row(ProjectDocument(options=ProjectOptions(name="Bridge"), tasks=out.tasks))

    assert (back.options, back.tasks[0].extra, back.tasks[0].name) == (OWN, {}, "Bridge")
    assert len(out.tasks[0].extra[FIELD]) < 255


@pytest.mark.parametrize(
    "text", ["", "convention", "convention=; float=x", "must finish by=soon", "name=Other; lags=MOON", "=;=;"]
)
def test_text_that_says_something_else_changes_nothing(text: str) -> None:
    """Anybody may have changed it in the other tool."""
    assert with_rules(OWN, text) == OWN


def test_status_date_of_the_other_tool_is_no_start_of_a_plan_of_the_portal() -> None:
    """Only plans of Primavera begin at their data date; the status date itself stays."""
    kept = ProjectOptions(scheduled_from=datetime(2026, 3, 9, 17))

    assert with_rules(kept, "convention=PORTAL").scheduled_from is None
    assert with_rules(kept, "convention=MICROSOFT").scheduled_from == kept.scheduled_from


def test_document_that_has_the_row_keeps_it() -> None:
    """And one without rows gets none: there is nothing to schedule."""
    own = ProjectDocument(options=OWN, tasks=(Task(uid=0, name="Own", is_project=True),))
    empty = ProjectDocument(options=OWN)

    assert (with_project_row(own), with_project_row(empty)) == (own, empty)
    assert with_rules_of_row(own) == own


def test_examples_in_docstrings_hold() -> None:
    """The examples people read are true."""
    assert doctest.testmod(portal_rules).failed == 0
    assert rules_text(OWN).startswith("convention=PORTAL; ")
