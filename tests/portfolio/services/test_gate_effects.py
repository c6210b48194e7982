"""What a hold does to costs, and the checklist a kill opens (domain 2.5, effects of decisions)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.models import Notification
from portfolio.models import ClosingItem, GateReview, MethodologyBinding
from portfolio.selectors.closing_lists import closing_list
from portfolio.selectors.gate_funds import funds_of
from portfolio.selectors.gate_page import gate_page
from portfolio.selectors.waiting.gates import closing
from portfolio.services import gate_packs
from portfolio.services.closing_lists import reopen_closing_item, tick_closing_item
from portfolio.services.gate_holds import require_listable
from portfolio.services.governance import bound, plan_gates
from projects.models import ActualCost, BudgetLine, CostHold, Project
from projects.selectors.cost_holds import cost_hold_of, cost_stand
from projects.selectors.money import money_totals
from projects.services.budgets import add_budget_line
from projects.services.commitments import add_commitment, close_commitment, edit_commitment
from projects.services.costs import (
    CostDraft,
    post_actual_cost,
    post_actual_costs,
    reverse_actual_cost,
    set_forecast,
)
from projects.services.states import change_state
from tests.factories import grant, user
from tests.portfolio.gates import G0_DAY, Scene, decided, executing, killed
from tests.portfolio.methods import DAY

pytestmark = pytest.mark.django_db


def line(found: Scene, name: str) -> BudgetLine:
    return add_budget_line(
        actor=None, project=found.project, amount=Decimal(1000), effective_from=DAY, name=name,
        category="LABOUR", cost_type="OPEX",
    )  # fmt: skip


def post(found: Scene, on: BudgetLine | None = None, day: int = 0) -> ActualCost:
    return post_actual_cost(
        actor=None, project=found.project, posting_date=DAY + timedelta(days=day), amount=Decimal(5), line=on
    )


def test_hold_stops_costs_but_those_of_closing() -> None:
    """Whatever the day of the posting; a mistake is put right; the costs go on with the project."""
    found = executing()
    work, closing_costs = line(found, "Work"), line(found, "Contract end")
    before = post(found, work)

    review = decided(found, "HOLD", closing_lines=[closing_costs])

    for each in (work, None):
        for day in (0, -3):
            with pytest.raises(Conflict) as refused:
                post(found, each, day)
            assert (refused.value.code, refused.value.field) == ("COSTS_HELD", "line")
    assert str(refused.value).startswith("Gate G0 put the project on hold on ")
    assert "costs are booked only on: Contract end. Choose one of these lines" in str(refused.value)
    drafts = [CostDraft(DAY, Decimal(5), line=each) for each in (closing_costs, work)]
    with pytest.raises(Conflict):
        post_actual_costs(actor=None, project=found.project, drafts=drafts)
    assert ActualCost.objects.count() == 1
    post(found, closing_costs)
    reverse_actual_cost(actor=None, cost=before, posting_date=DAY)
    held = AuditEntry.objects.get(action="costs.held").after
    assert (held["gate"], held["open"]) == ("G0", "Contract end")

    change_state(actor=None, project=found.project, state="EXECUTING", today=DAY + timedelta(days=9))

    post(found, work, day=9)
    kept = GateReview.objects.get(pk=review.pk).cost_hold
    assert kept is not None
    assert (kept.cause, kept.began_on, kept.ended_on) == ("G0", DAY, DAY + timedelta(days=9))
    assert [each.name for each in kept.lines.all()] == ["Contract end"]
    assert AuditEntry.objects.filter(action="costs.freed").count() == 1


def test_hold_without_lines_stops_all_costs() -> None:
    """The newest hold counts; one that a person ordered without a gate stops none."""
    found = executing()
    work = line(found, "Work")
    change_state(actor=None, project=found.project, state="ON_HOLD", today=DAY, reason="The crane is late")
    post(found, work)

    decided(found, "HOLD")

    with pytest.raises(Conflict) as refused:
        post(found, work)
    assert "No cost is booked until the project goes on. Let the gate decide again" in str(refused.value)
    assert CostHold.objects.filter(ended_on=None).count() == 1


def test_only_a_hold_of_who_sees_money_names_lines() -> None:
    found = executing()
    mine = line(found, "Work")
    quinn = grant(user("Quinn"), Role.QUALITY_REVIEWER, found.project.node).user

    with pytest.raises(DomainError) as not_taken:
        decided(found, "GO", closing_lines=[mine])
    with pytest.raises(NotAllowed) as hidden:
        require_listable(quinn, found.project, [mine])

    assert (not_taken.value.code, not_taken.value.field) == ("NOT_TAKEN", "closing_lines")
    assert (hidden.value.code, hidden.value.field) == ("MONEY_HIDDEN", "closing_lines")
    assert cost_hold_of(Project.objects.get()) is None


@pytest.mark.parametrize(("is_open", "told"), [(True, "Contract end"), (False, "–")])
def test_gate_pack_says_what_a_hold_left_open(is_open: bool, told: str) -> None:
    """To readers who see money."""
    found = executing()
    end = line(found, "Contract end")
    decided(found, "HOLD", closing_lines=[end] if is_open else [])
    known = bound(found.project, DAY)
    shown = gate_page(known, found.project, "G0", 1, user=found.petra, today=DAY)
    assert shown is not None

    seeing = gate_packs._request(shown, funds_of(found.project, known, DAY))["decided"]
    blind = gate_packs._request(shown, None)["decided"]

    assert seeing == [*blind, ["Costs still booked during the hold", told]]


def test_kill_opens_the_closing_checklist() -> None:
    """Each line has who holds its role, else the project manager; people are told once."""
    found, review = killed()

    rows = list(ClosingItem.objects.order_by("number"))

    assert found.project.state == "CANCELED"
    assert len(rows) == 9
    assert all(row.project == review.project and row.owner is not None for row in rows)
    assert [row.owner for row in rows if row.role["en"] == "Project manager"] == [found.alice] * 3
    assert [row.owner for row in rows if row.role["en"] == "Sponsor"] == [found.stella]
    assert Notification.objects.filter(kind="closing_list", user=found.alice).count() == 1
    assert AuditEntry.objects.get(action="closing.opened").after == {"lines": 9}
    assert [(line.project, line.title) for line in closing(found.alice)] == [
        ("P-1", "Closing checklist: 9 lines are open")
    ]
    assert [line.title for line in closing(found.stella)] == ["Closing checklist: 2 lines are open"]
    assert closing(user("Charlie")) == []


def test_lines_are_ticked_off_and_opened_again() -> None:
    found, _review = killed()
    mine, second = ClosingItem.objects.filter(owner=found.stella).order_by("pk")
    other = ClosingItem.objects.filter(owner=found.alice).first()
    assert other is not None

    tick_closing_item(actor=found.stella, item=mine, note=" Told the board ", today=DAY)

    with pytest.raises(NotAllowed):
        tick_closing_item(actor=found.stella, item=other, note="", today=DAY)
    with pytest.raises(Conflict):
        tick_closing_item(actor=found.alice, item=mine, note="", today=DAY)
    with pytest.raises(Conflict):
        reopen_closing_item(actor=found.alice, item=other, today=DAY)
    shown = closing_list(found.project, user=found.stella, rights=frozenset())
    assert shown is not None
    assert (shown.done, shown.total, shown.is_complete) == (1, 9, False)
    assert [row.item.pk for row in shown.rows if row.may_tick] == [mine.pk, second.pk]
    mine.refresh_from_db()
    assert (mine.done_on, mine.done_by, mine.note) == (DAY, found.stella, "Told the board")
    assert [line.title for line in closing(found.stella)] == ["Closing checklist: 1 line is open"]

    reopen_closing_item(actor=found.alice, item=mine, today=DAY)

    mine.refresh_from_db()
    assert (mine.done_on, mine.done_by, mine.note) == (None, None, "")
    trail = AuditEntry.objects.filter(action__startswith="closing.").order_by("pk")
    assert [row.action for row in trail] == ["closing.opened", "closing.done", "closing.reopened"]


def test_pmo_finds_the_checklist_until_all_is_done() -> None:
    found, _review = killed()
    paula = grant(user("Paula"), Role.PMO_HEAD, organization_node()).user

    for item in ClosingItem.objects.order_by("pk"):
        assert len(closing(paula)) == 1
        tick_closing_item(actor=paula, item=item, note="", today=DAY)

    assert closing(paula) == closing(found.alice) == []


def test_killed_project_pays_what_it_owes_until_its_checklist_is_done() -> None:
    """An invoice that comes late, its reversal, the order it belongs to: nothing else, and not for ever."""
    found = executing()
    work = line(found, "Work")
    order = add_commitment(
        actor=None, project=found.project, number="O-1", amount=Decimal(9), date=DAY, line=work
    )
    killed(found)
    *items, last = ClosingItem.objects.order_by("pk")
    member = grant(user("Bob"), Role.TEAM_MEMBER, found.project.node).user

    invoice = post(found, work)
    order = edit_commitment(actor=None, commitment=order, changes={"invoiced": 5}, expected_version=None)
    with pytest.raises(Conflict) as shut:
        line(found, "New work")
    for item in items:
        tick_closing_item(actor=None, item=item, note="", today=DAY)
    reverse_actual_cost(actor=None, cost=invoice, posting_date=DAY)
    with pytest.raises(Conflict) as owed:
        tick_closing_item(actor=None, item=last, note="", today=DAY)
    ClosingItem.objects.filter(pk=last.pk).update(owner=member)
    with pytest.raises(Conflict) as hidden:
        tick_closing_item(actor=member, item=last, note="", today=DAY)
    close_commitment(actor=None, commitment=order, closed_on=DAY, expected_version=None)
    tick_closing_item(actor=None, item=last, note="", today=DAY)
    late: list[Callable[[], Any]] = [
        lambda: post(found, work),
        lambda: edit_commitment(actor=None, commitment=order, changes={"invoiced": 6}, expected_version=None),
    ]
    for act in late:
        with pytest.raises(Conflict) as final:
            act()
        assert final.value.code == "COSTS_HELD"

    assert str(shut.value) == "The project is canceled, so nothing in it can be changed."
    assert owed.value.code == "COMMITMENTS_OPEN"
    assert str(owed.value) == "1 commitment is still open: O-1. Settle or cancel it on the tab Money first."
    assert str(hidden.value) == "1 commitment is still open. Settle or cancel it on the tab Money first."
    assert str(final.value).startswith("The closing checklist of the project was done on ")
    reopen_closing_item(actor=None, item=items[0], today=DAY)
    post(found, work)
    assert money_totals(found.project).actual == 5
    trail = AuditEntry.objects.filter(action__startswith="costs.").order_by("pk")
    assert [row.action for row in trail] == ["costs.held", "costs.freed"]


def test_project_closed_in_order_takes_no_cost() -> None:
    found = executing()
    Project.objects.filter(pk=found.project.pk).update(state="CLOSED")

    with pytest.raises(Conflict) as refused:
        post(found)

    assert refused.value.code == "PROJECT_CLOSED"


def test_decided_gate_keeps_its_day(client: Client) -> None:
    """What was due there stays due (STD-5): nobody loses a requirement by taking the day away."""
    found = executing()
    decided(found, "GO")
    client.force_login(found.alice)

    with pytest.raises(Conflict) as refused:
        plan_gates(actor=found.alice, project=found.project, dates={("G0", 1): None}, today=DAY)
    sent = client.post("/portfolio/projects/P-1/governance/gates/", {"G0": "", "G1": "2026-05-04"})

    assert (refused.value.code, refused.value.field) == ("GATE_DECIDED", "G0")
    assert sent.status_code == 302
    days = bound(found.project, timezone.localdate()).gate_days
    assert (days["G0", 1], str(days["G1", 1])) == (G0_DAY, "2026-05-04")


@pytest.mark.parametrize(("follows", "lines"), [(True, 9), (False, 5)])
def test_project_canceled_without_a_gate_has_a_closing_checklist(follows: bool, lines: int) -> None:
    """It pays what it owes, then its costs are final, as after a kill; the portal has lines of its own."""
    found = executing()
    if not follows:
        MethodologyBinding.objects.filter(project=found.project).delete()
    work = line(found, "Work")
    set_forecast(actor=None, project=found.project, etc_amount=Decimal(70), made_on=DAY)

    change_state(actor=None, project=found.project, state="CANCELED", today=DAY, reason="The need is gone")

    found.project.refresh_from_db()
    items = list(ClosingItem.objects.order_by("number"))
    shown = closing_list(found.project, user=found.alice, rights=frozenset())
    assert shown is not None
    assert (len(items), shown.gate, shown.since) == (lines, "", DAY)
    assert all(row.text["en"] and row.text["de"] != row.text["en"] for row in items)
    assert closing(found.alice)[0].since == DAY
    post(found, work)
    for item in items:
        tick_closing_item(actor=None, item=item, note="", today=DAY)
    assert cost_stand(found.project).takes_costs is False
    totals = money_totals(found.project)
    assert totals.forecast == totals.actual > 0
    with pytest.raises(Conflict) as final:
        post(found, work)
    assert final.value.code == "COSTS_HELD"
    assert not Notification.objects.filter(kind="closing_list", settled_at=None).exists()
