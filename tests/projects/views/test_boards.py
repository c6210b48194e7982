"""Board and month calendar of a project: who sees and moves what, refusals, queries."""

from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.audit.models import AuditEntry
from projects.models import Project, Task
from projects.services import boards, links, progress
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 6)
SCRIPT = {"HX-Request": "true"}


def signed_in(user: Any) -> Client:
    """Return a browser of a person."""
    client = Client()
    client.force_login(user)
    return client


def world() -> Project:
    """
    Return a plan known up to Friday, 6 March: phase Build with Design, Walls (waits), Roof; a gate on top.

    Bob, a team member, owns Design and Roof.
    """
    project = factories.project("P-1", planned_start=date(2026, 3, 2))
    bob = factories.user("Bob", email="bob@example.org")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    owner = factories.person("Bob", of=bob)
    phase = factories.task(project, "Build")
    design = factories.task(
        project, "Design", parent=phase, planned_start=moment(2), duration=5 * 480, owner=owner
    )
    walls = factories.task(project, "Walls", parent=phase, planned_start=moment(9), duration=480)
    factories.task(project, "Roof", parent=phase, planned_start=moment(10), duration=480, owner=owner)
    factories.task(project, "Gate", kind="FINISH_MILESTONE", planned_finish=moment(20, 17))
    links.add_link(actor=None, project=project, predecessor=design, successor=walls)
    progress.set_data_date(actor=None, project=project, data_date=FRIDAY)
    return Project.objects.get(pk=project.pk)


def named(name: str) -> Task:
    return Task.objects.get(name=name)


def cards(response: Any) -> dict[str, list[str]]:
    """Return the names of the cards by column."""
    found: dict[str, list[str]] = {}
    for lane in response.context["board"].lanes:
        for cell in lane.cells:
            found.setdefault(cell.column.title, []).extend(card.name for card in cell.cards)
    return found


def bob_signed_in() -> Client:
    return signed_in(User.objects.get(email="bob@example.org"))


def test_columns_by_state_owner_and_phase() -> None:
    project = world()
    browser = signed_in(factories.manager_of(project))

    by_state = cards(browser.get("/projects/P-1/board/"))
    by_owner = cards(browser.get("/projects/P-1/board/?by=owner"))
    by_phase = cards(browser.get("/projects/P-1/board/?by=phase"))

    assert by_state == {
        "Not started": ["Design", "Roof", "Gate"],
        "Waiting": ["Walls"],
        "In progress": [],
        "Done": [],
    }
    assert by_owner == {"Bob": ["Design", "Roof"], "No owner": ["Walls", "Gate"]}
    assert by_phase == {"1 Build": ["Design", "Walls", "Roof"], "Without a phase": ["Gate"]}


def test_lanes_and_filters() -> None:
    """Design should have been finished by Friday; lanes without cards are left out."""
    project = world()
    browser = signed_in(factories.manager_of(project))

    lanes = browser.get("/projects/P-1/board/?by=state&lanes=phase").context["board"].lanes
    late = cards(browser.get("/projects/P-1/board/?show=late"))
    found = cards(browser.get("/projects/P-1/board/?q=ROO"))
    mine = cards(bob_signed_in().get("/projects/P-1/board/?show=mine"))

    assert [(lane.title, lane.count) for lane in lanes] == [("1 Build", 3), ("Without a phase", 1)]
    assert [name for column in late.values() for name in column] == ["Design"]
    assert [name for column in found.values() for name in column] == ["Roof"]
    assert [name for column in mine.values() for name in column] == ["Design", "Roof"]


def test_what_is_done_stands_below_what_is_open() -> None:
    """A column is drawn as far as there is room: open work comes first, whatever its day."""
    project = world()
    browser = signed_in(factories.manager_of(project))
    boards.move_card(actor=None, task=named("Design"), to={"state": "DONE"}, expected_version=None)

    found = cards(browser.get("/projects/P-1/board/?by=owner"))

    assert found["Bob"] == ["Roof", "Design"]


def test_done_of_the_last_two_weeks_and_all_of_it() -> None:
    """Finished on 6 March: still shown on the 19th, older on the 20th, back when asked for."""
    project = world()
    browser = signed_in(factories.manager_of(project))
    boards.move_card(actor=None, task=named("Design"), to={"state": "DONE"}, expected_version=None)

    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 19))
    lately = browser.get("/projects/P-1/board/")
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 20))
    later = browser.get("/projects/P-1/board/")
    everything = browser.get("/projects/P-1/board/?done=all")

    assert (cards(lately)["Done"], lately.context["board"].older_done) == (["Design"], 0)
    assert (cards(later)["Done"], later.context["board"].older_done) == ([], 1)
    assert cards(everything)["Done"] == ["Design"]


def test_script_gets_the_new_board_and_successors_stop_waiting() -> None:
    project = world()
    browser = signed_in(factories.manager_of(project))

    response = browser.post(
        f"/projects/P-1/board/{named('Design').uid}/move/", {"to": "DONE"}, headers=SCRIPT
    )

    assert response.status_code == 200
    assert cards(response)["Done"] == ["Design"]
    assert cards(response)["Waiting"] == []
    assert b"<html" not in response.content
    assert b"Moved." in response.content


def test_refusal_tells_the_script_why_and_changes_nothing() -> None:
    """SCH-20: without a data date nothing is recorded."""
    project = world()
    Project.objects.filter(pk=project.pk).update(data_date=None)
    browser = signed_in(factories.manager_of(project))
    before = AuditEntry.objects.count()

    response = browser.post(
        f"/projects/P-1/board/{named('Design').uid}/move/", {"to": "IN_PROGRESS"}, headers=SCRIPT
    )

    assert response.status_code == 422
    assert unquote(response.headers["X-Message"]) == "Set the data date of the project first."
    assert (named("Design").actual_start, AuditEntry.objects.count()) == (None, before)


def test_plain_form_moves_a_card_and_goes_back_to_the_same_board() -> None:
    project = world()
    browser = signed_in(factories.manager_of(project))
    address = f"/projects/P-1/board/{named('Design').uid}/move/?by=state&lanes=owner"

    shown = browser.get(address)
    refused = browser.post(address, {"to": "NOT_STARTED"})
    done = browser.post(address, {"to": "IN_PROGRESS", "version": named("Design").version})

    assert shown.context["form"]["to"].value() == "NOT_STARTED"
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"to": ["The card is in this column already."]}
    assert (done.status_code, done.url) == (302, "/projects/P-1/board/?by=state&lanes=owner")
    assert named("Design").actual_start == moment(6)


def test_team_member_moves_own_cards_by_state_only() -> None:
    """Progress of Bob's own tasks; not of others, no other owner, no other lane."""
    world()
    browser = bob_signed_in()
    own, other = named("Roof").uid, named("Walls").uid

    may_move = {
        card.name: card.may_move
        for lane in browser.get("/projects/P-1/board/").context["board"].lanes
        for cell in lane.cells
        for card in cell.cards
    }
    answers = [
        browser.post(f"/projects/P-1/board/{other}/move/", {"to": "IN_PROGRESS"}).status_code,
        browser.post(f"/projects/P-1/board/{own}/move/?by=owner", {"to": "none"}).status_code,
        browser.post(
            f"/projects/P-1/board/{own}/move/?lanes=owner", {"to": "IN_PROGRESS", "lane": "none"}
        ).status_code,
        browser.post("/projects/P-1/board/new/", {"name": "New", "to": "NOT_STARTED"}).status_code,
        browser.post("/projects/P-1/board/limits/", {"limit_IN_PROGRESS": 1}).status_code,
    ]
    untouched = Task.objects.filter(actual_start=None).count()
    allowed = browser.post(f"/projects/P-1/board/{own}/move/", {"to": "IN_PROGRESS"}).status_code

    assert may_move == {"Design": True, "Roof": True, "Walls": False, "Gate": False}
    assert (answers, untouched) == ([403, 403, 403, 403, 403], 5)
    assert (allowed, named("Roof").actual_start) == (302, moment(6))


def test_reader_of_milestones_sees_no_task_and_no_wait() -> None:
    """Executives get the gate, without columns that follow from links or phases."""
    project = world()
    executive = factories.user("Edward")
    factories.grant(executive, Role.EXECUTIVE, project.node)
    browser = signed_in(executive)

    response = browser.get("/projects/P-1/board/?by=phase")
    month = browser.get("/projects/P-1/calendar/?month=2026-03").context["month"]

    assert cards(response) == {"Not started": ["Gate"], "Done": []}
    assert b"Design" not in response.content
    assert b"Build" not in response.content
    assert [entry.name for day in month.listed for entry in day.entries] == ["Gate"]


def test_quick_add_puts_the_task_into_the_phase() -> None:
    project = world()
    browser = signed_in(factories.manager_of(project))
    phase = named("Build").uid

    response = browser.post(
        "/projects/P-1/board/new/?by=phase", {"name": "Windows", "to": str(phase)}, headers=SCRIPT
    )
    empty = browser.post("/projects/P-1/board/new/?by=phase", {"name": "", "to": str(phase)}, headers=SCRIPT)

    assert "Windows" in cards(response)["1 Build"]
    assert named("Windows").wbs == "1.4"
    assert (empty.status_code, unquote(empty.headers["X-Message"])) == (422, "This field is required.")


def test_limit_counts_whatever_the_filters_and_says_when_it_is_exceeded() -> None:
    project = world()
    browser = signed_in(factories.manager_of(project))

    saved = browser.post("/projects/P-1/board/limits/", {"limit_NOT_STARTED": 2, "version": project.version})
    response = browser.get("/projects/P-1/board/?q=roof")
    stale = browser.post("/projects/P-1/board/limits/", {"limit_NOT_STARTED": 9, "version": project.version})
    wrong = browser.post("/projects/P-1/board/limits/", {"limit_NOT_STARTED": 0})

    column = response.context["board"].columns[0]
    assert saved.status_code == 302
    assert (column.count, column.work, column.limit, column.is_over) == (1, 3, 2, True)
    assert "Limit 2, now 3: too many" in response.content.decode()
    assert (stale.status_code, wrong.status_code) == (422, 422)
    assert Project.objects.get(pk=project.pk).board_limits == {"state": {"NOT_STARTED": 2}}


def test_limit_of_an_owner_counts_what_is_in_progress() -> None:
    project = world()
    browser = signed_in(factories.manager_of(project))
    bob = named("Design").owner_id
    boards.set_limits(actor=None, project=project, by="owner", limits={str(bob): 1}, expected_version=None)
    boards.move_card(actor=None, task=named("Design"), to={"state": "IN_PROGRESS"}, expected_version=None)

    column = browser.get("/projects/P-1/board/?by=owner").context["board"].columns[0]

    assert (column.title, column.count, column.work, column.is_over) == ("Bob", 2, 1, False)


def test_closed_project_offers_nothing_to_move() -> None:
    project = world()
    Project.objects.filter(pk=project.pk).update(state="CLOSED")
    browser = signed_in(factories.manager_of(project))

    content = browser.get("/projects/P-1/board/").content.decode()
    answer = browser.post(f"/projects/P-1/board/{named('Design').uid}/move/", {"to": "DONE"})

    assert "data-version" not in content
    assert "data-add" not in content
    assert (answer.status_code, named("Design").actual_finish) == (422, None)


@pytest.mark.parametrize(
    ("address", "queries"),
    [("board/", 12), ("board/?by=phase&lanes=owner", 15), ("calendar/?month=2026-03", 13)],
)
def test_queries_do_not_grow_with_the_plan(
    address: str, queries: int, django_assert_num_queries: Any
) -> None:
    """The same literal number at 4 and at 40 tasks."""
    project = world()
    browser = signed_in(factories.manager_of(project))
    browser.get(f"/projects/P-1/{address}")

    with django_assert_num_queries(queries):
        browser.get(f"/projects/P-1/{address}")
    parent, last = named("Build"), named("Roof")
    for number in range(36):
        task = factories.task(project, f"More {number}", parent=parent, planned_start=moment(11))
        links.add_link(actor=None, project=project, predecessor=last, successor=task)
    with django_assert_num_queries(queries):
        browser.get(f"/projects/P-1/{address}")


def test_long_column_draws_sixty_cards_and_says_how_many_are_left() -> None:
    project = world()
    Task.objects.bulk_create(
        Task(project=project, uid=100 + number, name=f"More {number}", sort_path=f"{number + 2:05d}")
        for number in range(70)
    )
    browser = signed_in(factories.manager_of(project))

    short = browser.get("/projects/P-1/board/")
    whole = browser.get("/projects/P-1/board/?cards=all")

    column = short.context["board"].columns[0]
    assert (column.count, column.more, len(cards(short)["Not started"])) == (73, 13, 60)
    assert len(cards(whole)["Not started"]) == 73


def test_card_that_was_moved_or_made_is_drawn_in_a_full_column() -> None:
    """70 cards before it, room for 60: it is the 61st that is drawn."""
    project = world()
    browser = signed_in(factories.manager_of(project))
    factories.task(project, "Pattern", planned_finish=moment(3, 17))
    pattern = named("Pattern")
    Task.objects.bulk_create(
        Task(
            project=project,
            uid=100 + number,
            position=100 + number,
            name=f"Early {number}",
            sort_path=f"{100 + number:05d}",
            planned_finish=pattern.planned_finish,
        )
        for number in range(70)
    )

    moved = browser.post(
        f"/projects/P-1/board/{named('Roof').uid}/move/?by=phase", {"to": "none"}, headers=SCRIPT
    )

    names = cards(moved)["Without a phase"]
    column = moved.context["board"].columns[-1]
    assert (len(names), names[-1], column.count, column.more) == (61, "Roof", 73, 12)


def test_month_lays_bars_over_the_days() -> None:
    """March 2026 begins on a Sunday; by the Monday of German weeks it takes six rows."""
    project = world()
    browser = signed_in(factories.manager_of(project))

    month = browser.get("/projects/P-1/calendar/?month=2026-03", headers={"Accept-Language": "de"}).context[
        "month"
    ]

    first, second = month.weeks[0], month.weeks[1]
    assert (month.previous, month.following) == (date(2026, 2, 1), date(2026, 4, 1))
    assert [len(month.weeks), first.days[0].day, month.weeks[-1].days[-1].day] == [
        6,
        date(2026, 2, 23),
        date(2026, 4, 5),
    ]
    assert [(bar.entry.name, bar.column, bar.span) for row in second.rows for bar in row] == [
        ("Design", 1, 5)
    ]
    assert [day.is_working for day in second.days] == [True] * 5 + [False] * 2
    third = [[(bar.entry.name, bar.column, bar.span) for bar in row] for row in month.weeks[2].rows]
    assert third == [[("Walls", 1, 1), ("Roof", 2, 1)]]
    assert [day.day.day for day in month.listed] == [2, 9, 10, 20]
    assert month.count == 4


def test_bar_goes_on_into_the_next_week_and_crowded_days_say_how_many_more() -> None:
    project = world()
    for number in range(8):
        factories.task(project, f"Long {number}", planned_start=moment(12), duration=4 * 480)
    browser = signed_in(factories.manager_of(project))

    month = browser.get(
        "/projects/P-1/calendar/?month=2026-03&day=2026-03-12", headers={"Accept-Language": "de"}
    ).context["month"]

    week, following = month.weeks[2], month.weeks[3]
    assert [len(week.rows), week.days[3].hidden, week.days[4].hidden, week.days[5].hidden] == [6, 2, 2, 2]
    bars = [bar for row in week.rows for bar in row if bar.entry.name == "Long 0"]
    assert [(bar.column, bar.span, bar.came_before, bar.goes_on) for bar in bars] == [(4, 4, False, True)]
    again = [bar for row in following.rows for bar in row if bar.entry.name == "Long 0"]
    assert [(bar.column, bar.span, bar.came_before, bar.goes_on) for bar in again] == [(1, 2, True, False)]
    assert len(month.chosen.entries) == 8


def test_crowded_week_and_list_show_what_counts_most_and_filters_thin_them() -> None:
    """Eight tasks and a gate on Thursday, room for six: the gate first, what is done last."""
    project = world()
    for number in range(8):
        factories.task(project, f"Long {number}", planned_start=moment(12), duration=480)
    Task.objects.filter(name="Gate").update(planned_start=moment(12, 17), planned_finish=moment(12, 17))
    Task.objects.filter(name__in=["Long 0", "Long 1", "Long 2"]).update(
        actual_start=moment(12), actual_finish=moment(12, 17)
    )
    browser = signed_in(factories.manager_of(project))
    address = "/projects/P-1/calendar/?month=2026-03"

    month = browser.get(address).context["month"]
    gates = browser.get(f"{address}&show=milestones").context["month"]
    found = browser.get(f"{address}&q=long+7").context["month"]

    thursday = [entry.name for day in month.listed for entry in day.entries if day.day.day == 12]
    drawn = {bar.entry.name for week in month.weeks for row in week.rows for bar in row}
    assert thursday == ["Gate", "Long 3", "Long 4", "Long 5", "Long 6", "Long 7"]
    assert drawn == {"Design", "Walls", "Roof", *thursday}
    assert [day.hidden for day in month.listed if day.day.day == 12] == [3]
    assert [entry.name for day in gates.listed for entry in day.entries] == ["Gate"]
    assert [entry.name for day in found.listed for entry in day.entries] == ["Long 7"]


@pytest.mark.parametrize("month", ["", "nonsense", "0001-01", "9999-12", "2026-13"])
def test_month_of_a_strange_address_is_that_of_today(month: str) -> None:
    project = world()
    browser = signed_in(factories.manager_of(project))

    response = browser.get(f"/projects/P-1/calendar/?month={month}")

    assert response.status_code == 200
    assert response.context["month"].first == response.context["today"].replace(day=1)
