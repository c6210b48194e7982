"""The PMO is alerted where more than a fifth of what is due is waived (STD-6)."""

from datetime import date, timedelta

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.notifications.models import Notification
from portfolio.models import Waiver
from portfolio.services.governance import bind_methodology, plan_gates
from portfolio.services.waiver_watch import watch_waivers
from portfolio.services.waivers import decide_waiver
from projects.models import Project
from tests.factories import grant, manager_of, project, user
from tests.portfolio.methods import DAY, anna, paula, stage_gate

pytestmark = pytest.mark.django_db
LAST = DAY + timedelta(days=90)


def governed() -> Project:
    """A project with seven requirements due at G0 and G1."""
    made = project("P-1", tier="T2", name="Bridge")
    bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)
    days: dict[tuple[str, int], date | None] = {("G0", 1): DAY, ("G1", 1): DAY}
    plan_gates(actor=None, project=made, dates=days, today=DAY)
    return made


def waiver(made: Project, code: str, *, state: str = "SUBMITTED") -> Waiver:
    return Waiver.objects.create(
        project=made, requirement=code, reason="R", risk="R", compensating_control="C", expires_on=LAST,
        requested_on=DAY, state=state, approver="SPONSOR", approved_on=DAY if state == "APPROVED" else None,
    )  # fmt: skip


def messages() -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(kind="waiver_rate").order_by("pk")
    return [(row.user.name, row.title, row.body) for row in rows]


def test_the_pmo_is_told_at_once_each_in_their_own_language() -> None:
    """STD-6: one of seven is 14.3 %, two are 28.6 %: above a fifth."""
    made = governed()
    head, analyst = paula(), anna()
    analyst.language = "de"
    analyst.save(update_fields=["language"])
    sponsor = user("Stella")
    grant(sponsor, Role.SPONSOR, made.node)
    manager_of(made)

    decide_waiver(actor=sponsor, waiver=waiver(made, "SG-05"), is_approved=True, note="", today=DAY)
    first = messages()
    decide_waiver(actor=sponsor, waiver=waiver(made, "SG-07"), is_approved=True, note="", today=DAY)

    assert first == []
    assert messages() == [
        (
            head.name,
            "More than a fifth is waived: Bridge",
            "2 of 7 requirements that are due are waived (28.6\N{NO-BREAK SPACE}%).",
        ),
        (
            analyst.name,
            "Mehr als ein Fünftel ist ausgenommen: Bridge",
            "2 von 7 fälligen Anforderungen sind ausgenommen (28,6\N{NO-BREAK SPACE}%).",
        ),
    ]


def test_the_daily_look_tells_once_until_another_waiver_counts() -> None:
    """STD-6: what is due changes from day to day, so it is looked at each day; nobody is told twice."""
    made = governed()
    paula()
    for code in ("SG-05", "SG-07"):
        waiver(made, code, state="APPROVED")

    found = [watch_waivers(today=DAY), watch_waivers(today=DAY + timedelta(days=1))]
    told = len(messages())
    waiver(made, "SG-08", state="APPROVED")
    watch_waivers(today=DAY + timedelta(days=2))

    assert (found, told, len(messages())) == ([1, 1], 1, 2)
    assert watch_waivers(today=LAST + timedelta(days=1)) == 0


def test_a_fifth_is_not_above_a_fifth() -> None:
    """EX-STD-2: one of five is exactly 20.0 %: no alarm; before the gates nothing is due, so none either."""
    made = governed()
    paula()
    waiver(made, "SG-05", state="APPROVED")

    assert (watch_waivers(today=DAY), watch_waivers(today=DAY - timedelta(days=1))) == (0, 0)
    assert messages() == []


def test_the_pmo_of_another_portfolio_is_not_told() -> None:
    made = governed()
    other = project("P-2")
    olga = user("Olga")
    grant(olga, Role.PMO_HEAD, other.node)
    for code in ("SG-05", "SG-07"):
        waiver(made, code, state="APPROVED")

    assert watch_waivers(today=DAY) == 1
    assert messages() == []
