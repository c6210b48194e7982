"""A plan follows its file: matched, compared, written; what is recorded here wins."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.common.models import Job
from projects.interchange.document import Baseline, BaselineRow, Link
from projects.interchange.vocabulary import Constraint, LinkType, TaskKind
from projects.models import Project, Task, TaskProgress
from projects.selectors.plan_dates import constraint_moment
from projects.selectors.project_documents import project_document
from projects.services.baselines import set_baseline
from projects.services.links import add_link
from projects.services.progress import record_progress, set_data_date
from tests import factories
from tests.projects.services.plan_update.files import at, bring_in, counts, notes, plan, preview, row

pytestmark = pytest.mark.django_db

SHELL = row(10, "Shell", kind=TaskKind.SUMMARY)
DIG = row(11, "Dig", parent_uid=10)
POUR = row(12, "Pour", 3, parent_uid=10)
ROOF = row(13, "Roof", 4)
POUR_ALONE = row(2, "Pour", 3)
HOUSE = plan([SHELL, DIG, POUR, ROOF], [Link(11, 12), Link(12, 13)])


@pytest.fixture
def project() -> Project:
    return factories.project("house")


@pytest.fixture
def alice(project: Project) -> User:
    return factories.manager_of(project)


@pytest.fixture
def house(project: Project, alice: User) -> Project:
    """The project with the plan of the file in it."""
    bring_in(project, HOUSE, alice)
    project.refresh_from_db()
    return project


def _task(project: Project, name: str) -> Task:
    return Task.objects.get(project=project, name=name)


def _outline(project: Project) -> list[tuple[str, str]]:
    return list(Task.objects.filter(project=project).in_order().values_list("wbs", "name"))


def test_empty_plan_is_filled(project: Project, alice: User) -> None:
    result = bring_in(project, HOUSE, alice)

    assert result.counts == {"added": 4, "links_added": 2, "calendars_added": 1}
    assert _outline(project) == [("1", "Shell"), ("1.1", "Dig"), ("1.2", "Pour"), ("2", "Roof")]
    assert list(Task.objects.order_by("uid").values_list("uid", "source_uid")) == [
        (10, 10), (11, 11), (12, 12), (13, 13)
    ]  # fmt: skip
    entry = AuditEntry.objects.get(action="plan.updated")
    assert (entry.actor_id, entry.after) == (alice.pk, {**result.counts, "file": "house.mpp"})
    assert Job.objects.filter(name="portfolio.refresh_health", key=str(project.pk)).count() == 1


def test_same_file_again_changes_nothing(house: Project, alice: User) -> None:
    """Safe to run twice: no row, no version, no line in the trail."""
    before = (AuditEntry.objects.count(), house.version, house.updated_at)

    shown = preview(house, HOUSE, alice)
    result = bring_in(house, HOUSE, alice)

    house.refresh_from_db()
    assert counts(shown) == {"unchanged": 4}
    assert (result.has_effect, result.counts) == (False, {"unchanged": 4})
    assert (AuditEntry.objects.count(), house.version, house.updated_at) == before


def test_changes_are_shown_with_old_and_new_and_written(house: Project, alice: User) -> None:
    changed = replace(DIG, name="Dig deep", duration=960.0, finish=at(3, 17))
    later = plan([SHELL, changed, POUR, ROOF], HOUSE.links)

    shown = preview(house, later, alice)
    bring_in(house, later, alice, expected_digest=shown["digest"])

    assert counts(shown) == {"changed": 1, "unchanged": 3}
    assert shown["changed_rows"] == [
        {
            "uid": 11,
            "wbs": "1.1",
            "name": "Dig",
            "changes": [
                {"name": "name", "old": "Dig", "new": "Dig deep"},
                {
                    "name": "planned_finish",
                    "old": "2026-03-02T17:00:00+00:00",
                    "new": "2026-03-03T17:00:00+00:00",
                },
                {"name": "duration", "old": 480, "new": 960},
            ],
        }
    ]
    task = Task.objects.get(project=house, uid=11)
    assert (task.name, task.duration, task.version) == ("Dig deep", 960, 2)
    entry = AuditEntry.objects.get(action="task.changed")
    assert (entry.before["name"], entry.after["name"]) == ("Dig", "Dig deep")


def test_promised_finish_is_not_the_forecast_of_the_file(project: Project, alice: User) -> None:
    """The last day of a file is a forecast; only a project without a finish takes it."""
    bring_in(project, HOUSE, alice)
    project.refresh_from_db()
    assert (project.planned_start, project.planned_finish) == (date(2026, 3, 2), date(2026, 3, 4))

    later = plan([SHELL, DIG, POUR, replace(ROOF, start=at(20), finish=at(20, 17))], HOUSE.links)
    shown = preview(project, later, alice)
    bring_in(project, later, alice)

    project.refresh_from_db()
    assert (shown["header"], project.planned_finish) == ([], date(2026, 3, 4))


@pytest.mark.parametrize(("file_format", "changed"), [("MSPDI", 0), ("PMXML", 1)])
def test_kind_the_file_has_no_word_for_stays(
    project: Project, alice: User, file_format: str, changed: int
) -> None:
    """Microsoft Project knows one kind of milestone, which is read as a start where nothing precedes it."""
    gate = row(1, "Gate", kind=TaskKind.FINISH_MILESTONE, duration=0.0, finish=at(2))
    bring_in(project, plan([gate, POUR_ALONE]), alice)
    read = replace(gate, kind=TaskKind.START_MILESTONE)

    shown = preview(project, plan([read, POUR_ALONE], options={"file_format": file_format}), alice)

    assert shown["counts"]["changed"] == changed


def test_rows_move_and_change_their_order(house: Project, alice: User) -> None:
    """A row that goes below another summary, and the fewest rows that explain a new order."""
    later = plan(
        [replace(SHELL, id=2), replace(POUR, id=3), replace(DIG, id=4, parent_uid=None), replace(ROOF, id=1)],
        HOUSE.links,
    )

    shown = preview(house, later, alice)
    bring_in(house, later, alice)

    moves = {item["name"]: [change["name"] for change in item["changes"]] for item in shown["changed_rows"]}
    assert moves == {"Roof": ["order"], "Dig": ["parent"]}
    assert _outline(house) == [("1", "Roof"), ("2", "Shell"), ("2.1", "Pour"), ("3", "Dig")]
    assert counts(preview(house, later, alice)) == {"unchanged": 4}


def test_dates_of_constraints_are_told_as_the_days_they_mean(project: Project, alice: User) -> None:
    """SCH-4: the end of 12 March is midnight of the 13th; a start of the 12th is midnight of that day."""
    bring_in(project, plan([row(1, "Dig"), row(2, "Pour")]), alice)
    Task.objects.filter(uid=1).update(
        constraint_type="FNLT", constraint_date=constraint_moment("FNLT", date(2026, 3, 12))
    )
    until, start = (
        row(number, name, constraint=kind, constraint_date=at(19, 0))
        for number, name, kind in ((1, "Dig", Constraint.FNLT), (2, "Pour", Constraint.SNET))
    )

    shown = preview(project, plan([until, start]), alice)

    told = {
        (item["name"], change["name"]): (change["old"], change["new"])
        for item in shown["changed_rows"]
        for change in item["changes"]
    }
    assert told["Dig", "constraint_date"] == ("2026-03-12", "2026-03-18")
    assert told["Pour", "constraint_date"] == (None, "2026-03-19")
    assert told["Pour", "constraint_type"] == ("ASAP", "SNET")


def test_guid_recognizes_a_row_whose_number_and_name_changed(project: Project, alice: User) -> None:
    bring_in(project, plan([row(1, "Dig", guid="a"), row(2, "Pour", guid="b")]), alice)

    shown = preview(
        project, plan([row(5, "Excavate", id=1, guid="a"), row(1, "Pour", id=2, guid="b")]), alice
    )

    assert counts(shown) == {"changed": 1, "unchanged": 1}
    assert shown["changed_rows"][0]["changes"] == [{"name": "name", "old": "Dig", "new": "Excavate"}]


def test_guid_of_an_export_recognizes_a_row_made_in_the_portal(project: Project, alice: User) -> None:
    """The row was renamed, moved and renumbered in another tool; its GUID is the one the export gave it."""
    dig, pour = (factories.task(project, name) for name in ("Dig", "Pour"))
    first, second = project_document(project, rights=()).tasks
    again = project_document(project, rights=()).tasks

    later = [replace(second, id=1), replace(first, uid=77, id=2, name="Excavate", wbs="X.7")]
    bring_in(project, plan(later), alice)

    rows = Task.objects.filter(project=project)
    assert {row.pk: row.name for row in rows} == {dig.pk: "Excavate", pour.pk: "Pour"}
    assert (first.guid, first.guid != second.guid) == (again[0].guid, True)


def test_numbers_of_another_plan_prove_nothing(house: Project, alice: User) -> None:
    """Every plan counts from 1: rows with other names are other rows."""
    other = plan([row(10, "Kick-off"), row(11, "Design"), row(12, "Test"), row(13, "Go live")])

    shown = preview(house, other, alice)

    assert counts(shown) == {"added": 4, "missing": 4, "removable": 4}
    assert notes(shown) == ["OTHER_PLAN"]


def test_plan_made_by_hand_is_recognized_by_place_and_name(project: Project, alice: User) -> None:
    """WBS and name count only where they are unambiguous."""
    factories.task(project, "Dig", planned_start=factories.moment(2))
    factories.task(project, "Elsewhere", planned_start=factories.moment(2))
    document = plan([row(7, "Dig"), row(8, "Pour", 3)])

    shown = preview(project, document, alice)
    bring_in(project, document, alice)

    assert counts(shown) == {
        "added": 1, "unchanged": 1, "missing": 1, "removable": 1, "guessed": 1, "calendars_added": 1,
    }  # fmt: skip
    assert list(Task.objects.order_by("uid").values_list("uid", "name", "source_uid")) == [
        (1, "Dig", 7), (2, "Elsewhere", None), (8, "Pour", 8)
    ]  # fmt: skip


def test_missing_rows_stay_unless_the_person_says_otherwise(house: Project, alice: User) -> None:
    shorter = plan([SHELL, DIG, ROOF], [Link(11, 13)])

    shown = preview(house, shorter, alice)
    bring_in(house, shorter, alice)

    assert shown["missing_rows"] == [
        {"uid": 12, "wbs": "1.2", "name": "Pour", "facts": [], "is_removable": True}
    ]
    assert _task(house, "Pour").is_active
    assert house.links.count() == 3


@pytest.mark.parametrize(("missing", "left"), [("DEACTIVATE", [False]), ("REMOVE", [])])
def test_missing_rows_without_facts_go(house: Project, alice: User, missing: str, left: list[bool]) -> None:
    result = bring_in(house, plan([SHELL, DIG, ROOF]), alice, missing)

    assert list(Task.objects.filter(name="Pour").values_list("is_active", flat=True)) == left
    assert result.counts["deactivated" if left else "removed"] == 1


def test_missing_rows_with_recorded_facts_are_never_removed(house: Project, alice: User) -> None:
    """Progress, money and baselines hold a row, and a row holds the summaries above it."""
    set_data_date(actor=None, project=house, data_date=date(2026, 3, 6))
    pour = _task(house, "Pour")
    record_progress(
        actor=None, task=pour, data_date=date(2026, 3, 6), actual_start=factories.moment(3),
        actual_finish=factories.moment(3, 17), percent_complete=Decimal(100),
    )  # fmt: skip
    shorter = plan([ROOF])

    shown = preview(house, shorter, alice)
    bring_in(house, shorter, alice, "REMOVE")

    held = {item["name"]: (item["facts"], item["is_removable"]) for item in shown["missing_rows"]}
    assert held == {"Shell": ([], False), "Dig": ([], True), "Pour": (["progress"], False)}
    assert {task.name for task in Task.objects.all()} == {"Shell", "Pour", "Roof"}
    assert TaskProgress.objects.filter(task=pour).count() == 1


def test_links_follow_the_file(house: Project, alice: User) -> None:
    later = plan([SHELL, DIG, POUR, ROOF], [Link(11, 12, lag=480.0), Link(11, 13, LinkType.SS)])

    shown = preview(house, later, alice)
    bring_in(house, later, alice)

    assert [(item["act"], item["first"], item["second"]) for item in shown["link_rows"]] == [
        ("added", "Dig", "Roof"), ("changed", "Dig", "Pour"), ("removed", "Pour", "Roof")
    ]  # fmt: skip
    assert sorted(house.links.values_list("predecessor__name", "successor__name", "type", "lag")) == [
        ("Dig", "Pour", "FS", 480), ("Dig", "Roof", "SS", 0)
    ]  # fmt: skip


def test_links_stay_for_people_who_may_not_delete_them(house: Project) -> None:
    """The PMO may import and not delete tasks and links."""
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_ANALYST, house.node)
    later = plan([SHELL, DIG, POUR, ROOF], [Link(11, 12)])

    shown = preview(house, later, paula)
    with pytest.raises(NotAllowed):
        bring_in(house, later, paula, "REMOVE")
    bring_in(house, later, paula)

    assert (notes(shown), house.links.count()) == (["LINKS_KEPT"], 2)


def test_ring_with_rows_that_are_not_in_the_file_is_refused(house: Project, alice: User) -> None:
    """SCH-10: said in the preview, refused in the writing, nothing stored."""
    own = factories.task(house, "Own", planned_start=factories.moment(5))
    add_link(actor=None, project=house, predecessor=_task(house, "Dig"), successor=own)
    add_link(actor=None, project=house, predecessor=own, successor=_task(house, "Roof"))
    backwards = plan([SHELL, DIG, POUR, ROOF], [Link(13, 11)])
    entries = AuditEntry.objects.count()

    shown = preview(house, backwards, alice)
    with pytest.raises(Conflict) as refused:
        bring_in(house, backwards, alice)

    assert (notes(shown), refused.value.code) == (["RING"], "CYCLE")
    assert (house.links.count(), AuditEntry.objects.count()) == (4, entries)


def test_summary_of_the_file_takes_no_links_and_keeps_the_number(house: Project, alice: User) -> None:
    """SCH-9: a task that becomes a summary loses the links of rows the file does not know."""
    own = factories.task(house, "Own", planned_start=factories.moment(5))
    add_link(actor=None, project=house, predecessor=_task(house, "Roof"), successor=own)
    later = plan(
        [SHELL, DIG, POUR, replace(ROOF, kind=TaskKind.SUMMARY), row(14, "Tiles", 4, parent_uid=13)],
        [Link(11, 12)],
    )

    bring_in(house, later, alice)

    roof = _task(house, "Roof")
    assert (roof.uid, roof.kind, list(roof.successor_links.all())) == (13, "SUMMARY", [])
    assert _outline(house)[-3:] == [("2", "Roof"), ("2.1", "Tiles"), ("3", "Own")]


def test_baseline_in_force_is_never_overwritten(house: Project) -> None:
    """SCH-36: not even by people who may set baselines."""
    set_baseline(actor=None, project=house, effective_from=date(2026, 3, 2))
    frozen = Baseline(0, (BaselineRow(11, start=at(20), finish=at(21)),))

    shown = preview(house, replace(HOUSE, baselines=(frozen,)))
    bring_in(house, replace(HOUSE, baselines=(frozen,)))

    assert notes(shown) == ["BASELINE_KEPT"]
    assert house.baselines.get().rows.get(task__name="Dig").start == factories.moment(2)


def test_baseline_of_the_file_needs_the_right_to_set_one(project: Project, alice: User) -> None:
    frozen = replace(HOUSE, baselines=(Baseline(0, (BaselineRow(11, start=at(2), finish=at(2, 17)),)),))

    shown = preview(project, frozen, alice)
    bring_in(project, frozen, alice)
    assert (notes(shown), project.baselines.count()) == (["BASELINE_RIGHT"], 0)

    bring_in(project, frozen)
    assert project.baselines.get().rows.count() == 1


def test_money_comes_in_once_and_the_ledger_is_never_touched(project: Project, alice: User) -> None:
    """CST-18: postings are corrected by postings."""
    paid = plan([row(1, "Dig", cost=Decimal(500), actual_cost=Decimal(200))], status_date=date(2026, 3, 6))
    dearer = plan([row(1, "Dig", cost=Decimal(900), actual_cost=Decimal(300))], status_date=date(2026, 3, 6))
    bring_in(project, paid, alice)

    shown = preview(project, dearer, alice)
    bring_in(project, dearer, alice)

    assert notes(shown) == ["MONEY_KEPT"]
    assert [line.amount for line in project.budget_lines.all()] == [Decimal(500)]
    assert [cost.amount for cost in project.actual_costs.all()] == [Decimal(200)]


def test_costs_in_another_currency_are_left_out(project: Project, alice: User) -> None:
    dollars = plan([row(1, "Dig", cost=Decimal(500))], options={"currency": "USD"})

    shown = preview(project, dollars, alice)
    bring_in(project, dollars, alice)

    assert (notes(shown), project.budget_lines.count()) == (["MONEY_CURRENCY"], 0)


def test_outcome_that_was_not_seen_is_refused(house: Project, alice: User) -> None:
    """What is confirmed is what is written: nothing changed, nothing in the trail."""
    later = plan([SHELL, replace(DIG, name="Dig deep"), POUR, ROOF], HOUSE.links)
    shown = preview(house, later, alice)
    Task.objects.filter(name="Dig").update(name="Dig by hand")
    entries = AuditEntry.objects.count()

    with pytest.raises(Conflict) as refused:
        bring_in(house, later, alice, expected_digest=shown["digest"])

    assert refused.value.code == "PLAN_CHANGED"
    assert Task.objects.filter(name="Dig by hand").exists()
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.EXECUTIVE, Role.AUDITOR, ""])
def test_people_without_the_right_change_nothing(house: Project, role: str) -> None:
    """Security matrix row 17; the last one is the project manager of another project."""
    bob = factories.user("Bob")
    if role:
        factories.grant(bob, role, house.node)
    else:
        factories.grant(bob, Role.PROJECT_MANAGER, factories.project("other").node)
    entries = AuditEntry.objects.count()

    with pytest.raises(NotAllowed):
        bring_in(house, plan([row(1, "Other")]), bob)

    assert (Task.objects.count(), AuditEntry.objects.count()) == (4, entries)


def test_closed_project_is_refused(house: Project, alice: User) -> None:
    Project.objects.filter(pk=house.pk).update(state="CLOSED")

    with pytest.raises(DomainError) as refused:
        bring_in(house, plan([row(1, "Other")]))

    assert (refused.value.code, Task.objects.count()) == ("PROJECT_CLOSED", 4)


@pytest.mark.parametrize("count", [1, 3])
def test_comparison_takes_a_fixed_number_of_queries(project: Project, alice: User, count: int) -> None:
    document = plan([row(number, f"Task {number}") for number in range(1, count + 1)])
    bring_in(project, document, alice)
    project.refresh_from_db()

    with CaptureQueriesContext(connection) as captured:
        preview_it: Any = preview(project, document, alice)

    assert counts(preview_it) == {"unchanged": count}
    assert len(captured) == QUERIES


QUERIES = 35
