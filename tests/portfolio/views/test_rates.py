"""Pages and API of exchange rates (CST-19, CST-20)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from portfolio.selectors.rates import MissingRate, missing_rates
from projects.models import BudgetLine, FxRate
from projects.services.periods import close_postings
from projects.services.rates import set_rate
from tests.factories import grant, user
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.views.test_dashboards import words
from tests.portfolio.worlds import make_portfolio, make_project

pytestmark = pytest.mark.django_db
URL = "/administration/rates/"
DAY = date(2026, 1, 1)
TODAY = date(2026, 4, 10)
HEAD = "from,to,date,kind,rate\n"


def paula(role: str = Role.PMO_ANALYST) -> User:
    made = user("Paula")
    grant(made, role, organization_node())
    return made


def keep(source: str = "GBP", target: str = "EUR", rate: str = "1.1", day: date = DAY) -> FxRate:
    return set_rate(actor=None, source=source, target=target, rate=Decimal(rate), valid_from=day)


def test_missing_rates_are_named_with_what_needs_them() -> None:
    """CST-20: up the tree and inside of the ledger; a turned-round rate counts."""
    home = make_portfolio("UK", currency="GBP")
    pounds, crowns = make_project("P1", home, currency="GBP"), make_project("P2", home, currency="SEK")
    BudgetLine.objects.create(project=pounds, currency="USD", amount=5, effective_from=DAY)
    keep("EUR", "GBP", "0.9")

    found = missing_rates(paula(), today=TODAY)

    assert found == [
        MissingRate("SEK", "EUR", 1, ("P2",)),
        MissingRate("SEK", "GBP", 1, ("P2",)),
        MissingRate("USD", "GBP", 1, ("P1",)),
    ]
    assert crowns.currency == "SEK"


def test_missing_rates_do_not_name_hidden_projects() -> None:
    """SEC-13: a confidential project is in no list."""
    home = make_portfolio("UK", currency="GBP")
    make_project("ZEPHYR", home, currency="SEK", is_confidential=True)

    assert missing_rates(paula(), today=TODAY) == []
    assert [row.codes for row in missing_rates(paula(Role.PMO_HEAD), today=TODAY)] == [("ZEPHYR",)] * 2


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    home = make_portfolio("UK", currency="GBP")
    for number in range(count):
        make_project(f"P{number}", home, currency="SEK")
        keep(day=date(2026, 1, 1 + number))
    client.force_login(paula())

    with django_assert_num_queries(26):
        page = words(client.get(URL))

    assert f"needed by {count} project" in page
    assert page.count("1 GBP → EUR") == count


def test_from_a_missing_pair_to_its_rate(client: Client) -> None:
    """One click from the row to the form, which is filled in."""
    make_project("P1", make_portfolio("UK", currency="GBP"), currency="GBP")
    client.force_login(paula())
    assert b"?source=GBP&amp;target=EUR" in client.get(URL).content

    form = client.get(f"{URL}edit/?source=GBP&target=EUR").context["form"]
    body = {"source": "gbp", "target": "eur", "rate": "1.17", "valid_from": "2026-01-01", "kind": "BUDGET"}
    response = client.post(f"{URL}edit/", body)

    assert (form["source"].value(), form["target"].value()) == ("GBP", "EUR")
    assert (response.status_code, FxRate.objects.get().rate) == (302, Decimal("1.17"))
    assert AuditEntry.objects.get(action="rate.set").actor.name == "Paula"
    assert "Missing rates" not in words(client.get(URL))


def test_correction_without_a_reason_stands_on_its_field(client: Client) -> None:
    rate = keep()
    client.force_login(paula())
    form = client.get(f"{URL}edit/?rate={rate.pk}").context["form"]
    body = {
        "source": "GBP",
        "target": "EUR",
        "rate": "1.2",
        "valid_from": "2026-01-01",
        "kind": "BUDGET",
        "seen": str(form["seen"].value()),
    }

    refused = client.post(f"{URL}edit/", body)
    kept = client.post(f"{URL}edit/", {**body, "reason": "Typing error"})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert (kept.status_code, FxRate.objects.get().rate) == (302, Decimal("1.2"))


def test_locked_rate_offers_a_newer_one(client: Client) -> None:
    """HLT-5: what closed figures were made with cannot be corrected."""
    keep()
    close_postings(actor=None, period_end=date(2026, 3, 31), today=TODAY)
    client.force_login(paula())

    page = words(client.get(URL))
    form = client.get(f"{URL}edit/?source=GBP&target=EUR").context["form"]

    assert ("closed periods" in page, "Newer rate" in page, "Correct GBP" in page) == (True, True, False)
    assert form["valid_from"].value() == date(2026, 4, 1)


def test_table_is_shown_line_by_line_before_it_is_kept(client: Client) -> None:
    keep()
    client.force_login(paula())
    good = "GBP,EUR,2026-01-01,BUDGET,1.2\nUSD,EUR,2026-01-01,budget,0.9\n"
    text = f"{HEAD}{good}SEK;\nUSD,USD,2026-01-01,SPOT,1\n"

    shown = client.post(f"{URL}import/", {"text": text})
    forced = client.post(f"{URL}import/", {"text": text, "confirm": "yes"})

    page = words(shown)
    assert (shown.status_code, "corrects 1.1" in page, "2 lines cannot be kept" in page) == (200, True, True)
    assert "A rate needs two different currencies." in page
    assert "Keep these rates" not in page
    assert (forced.status_code, FxRate.objects.count()) == (200, 1)


def test_good_table_is_kept_after_the_preview(client: Client) -> None:
    client.force_login(paula())
    file = SimpleUploadedFile(
        "rates.csv", "\ufefffrom;to;date;kind;rate\nGBP;EUR;2026-01-01;BUDGET;1,17\n".encode()
    )

    shown = client.post(f"{URL}import/", {"file": file})
    kept = client.post(f"{URL}import/", {"text": shown.context["text"], "confirm": "yes"})

    assert (shown.status_code, kept.status_code) == (200, 302)
    assert FxRate.objects.get().rate == Decimal("1.17")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", HEAD])
def test_what_is_no_table_is_refused(client: Client, text: str) -> None:
    client.force_login(paula())

    assert client.post(f"{URL}import/", {"text": text}).status_code == 422
    assert not FxRate.objects.exists()


def test_api_keeps_lists_and_names_missing_rates() -> None:
    """CST-20, SEC-16."""
    home = make_portfolio("UK", currency="GBP")
    make_project("P1", home, currency="GBP")
    client = client_of(paula())
    body = {"source": "GBP", "target": "EUR", "rate": "1.17", "valid_from": "2026-01-01"}

    missing = client.get("/api/v1/rates/missing/").data
    kept = client.post("/api/v1/rates/", body, format="json")
    silent = client.post("/api/v1/rates/", {**body, "rate": "1.2"}, format="json")

    assert [(row["source"], row["target"]) for row in missing] == [("GBP", "EUR")]
    assert (kept.status_code, silent.status_code) == (200, 400)
    assert silent.data["error"]["code"] == "REASON_NEEDED"
    listed = client.get("/api/v1/rates/?source=GBP").data["results"]
    assert [row["rate"] for row in listed] == ["1.17000000"]
