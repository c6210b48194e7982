"""The first visit: the tour, the dashboard with a reason for its color, and the lists behind the figures."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import violations_of


def test_tour_leads_to_five_pages_and_is_put_away(sign_in: Callable[[str], Page]) -> None:
    """Product section 5, first run: a tour of five stops, each a real page."""
    page = sign_in("PMO_ANALYST")
    page.goto("/")
    expect(page.locator(".tour")).to_be_visible()
    stops = page.locator(".tour-stops a")
    expect(stops).to_have_count(5)

    addresses = [stop.get_attribute("href") for stop in stops.all()]
    for address in addresses:
        answer = page.goto(str(address))
        assert answer is not None
        assert answer.status == 200, address
        expect(page.locator("h1")).to_be_visible()

    page.goto("/")
    page.get_by_role("button", name="Put the tour away").click()
    expect(page.locator(".tour")).to_have_count(0)
    page.goto("/")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".tour")).to_have_count(0)


def test_dashboard_says_color_rule_and_distribution(sign_in: Callable[[str], Page]) -> None:
    """A.3 journey 6, CON-10: the color in words, the sentence of the rule, projects not rated counted."""
    page = sign_in("PMO_ANALYST")

    page.goto("/portfolio/")

    expect(page.locator(".verdict-main .health-text")).to_have_text(re.compile("Green|Amber|Red"))
    expect(page.locator(".verdict-rule")).to_have_text(re.compile(r"\w+ .*\w+"))
    lines = page.locator(".spread-table tbody tr")
    assert "Not rated" in " ".join(lines.all_inner_texts())
    counts = [int(text) for text in lines.locator("td:nth-child(2)").all_inner_texts()]
    total = int(page.locator(".page-subtitle a").first.inner_text().split()[0])
    assert sum(counts) == total


def test_every_figure_of_the_dashboard_opens_its_list(sign_in: Callable[[str], Page]) -> None:
    """Product section 4: each count leads to as many projects as it says."""
    page = sign_in("PMO_ANALYST")
    page.goto("/portfolio/")
    rows = page.locator(".spread-table tbody tr td:nth-child(2) a")
    whole = page.locator(".page-subtitle a").first
    everything = (int(whole.inner_text().split()[0]), str(whole.get_attribute("href")))
    figures = [everything] + [(int(row.inner_text()), str(row.get_attribute("href"))) for row in rows.all()]
    others = page.locator(".trust-facts a, .change-count, .money-lines a, .page-subtitle a, .verdict-score a")
    late = page.locator(".trust-facts a", has_text="late report")
    figures.append((int(late.inner_text().split()[0]), str(late.get_attribute("href"))))
    addresses = {str(link.get_attribute("href")).partition("#")[0] for link in others.all()} - {""}

    for count, address in figures:
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        shown = page.locator("table tbody tr")
        if count:
            expect(shown).to_have_count(min(count, 25))
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address


def test_executive_reaches_the_reason_of_a_red_project_in_three_clicks(
    sign_in: Callable[[str], Page],
) -> None:
    """A.3 journey 6: dashboard, list of the red ones, why; rule, indicators and policy version are there."""
    page = sign_in("EXECUTIVE")
    page.goto("/")

    page.locator("main .page-actions").get_by_role("link", name="Portfolio dashboard").click()
    page.locator(".spread-table tbody tr", has_text="Red").locator("td:nth-child(2) a").click()
    page.locator("table tbody tr .health").first.click()

    expect(page.locator(".explanation-rule").first).to_have_text(re.compile(r"\w+ .*\w+"))
    expect(page.locator(".explanation-table tbody tr").first).to_be_visible()
    expect(page.locator(".explanation-foot")).to_contain_text("Health policy version")
    expect(page.locator(".verdict-effective .health-text")).to_have_text("Red")


def test_form_with_faults_leads_to_them(sign_in: Callable[[str], Page]) -> None:
    """Product section 5, writing: a fault stands beside its field, and above the form with a link to it."""
    page = sign_in("PORTFOLIO_MANAGER")
    page.goto("/portfolio/projects/new/")
    page.fill("#id_planned_start", "2027-05-01")
    page.fill("#id_planned_finish", "2027-01-01")

    page.get_by_role("button", name="Create project").click()

    expect(page.locator(".form-faults li")).to_have_count(2)
    expect(page.locator("#id_name")).to_be_focused()
    page.locator(".form-faults a", has_text="Planned finish").click()
    expect(page.locator("#id_planned_finish")).to_be_focused()
    assert violations_of(page) == []
