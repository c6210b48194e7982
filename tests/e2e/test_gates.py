"""From a template to a project with its dates, and a gate that is voted on and decided (A.3 journey 2)."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import violations_of

G4 = "/portfolio/projects/NWU-001/gates/G4/1/"
PHONE = {"width": 390, "height": 844}
# EX-STD-4 put off by the holidays of the demo: one before G2, three more before G4, two before G5.
DATES = {
    "Case approved": "29 Sep 2026",
    "Baseline approved": "5 Nov 2026",
    "Design frozen": "10 Dec 2026",
    "Ready for service": "16 Mar 2027",
    "Closed": "20 Apr 2027",
}


def test_approved_idea_becomes_a_project_with_its_dates(visitor: Callable[..., Page]) -> None:
    """Journey 2 from the approval on (STD-8, STD-10): dates tried first, one project, gates on their days."""
    manager = visitor("PORTFOLIO_MANAGER")
    manager.goto("/standards/templates/SG-T2-SERVICE/1.1.0/")
    manager.get_by_role("link", name="New project").first.click()
    manager.get_by_role("button", name="Create project").click()
    expect(manager.get_by_text("This field is required.").first).to_be_visible()
    wrong = violations_of(manager)
    manager.get_by_label("Name").fill("Permit service")
    manager.locator("#id_home").select_option(index=1)
    manager.get_by_label("Start", exact=False).first.fill("2026-09-01")
    manager.get_by_label("Budget at completion").fill("250000")
    manager.get_by_role("button", name="Show the dates first").click()
    dates = manager.locator(".template-dates")
    for name, day in DATES.items():
        expect(dates.locator("li", has_text=name)).to_contain_text(day)
    expect(manager.get_by_text("Nothing is stored yet.")).to_be_visible()
    manager.get_by_role("button", name="Create project").click()
    manager.wait_for_url("**/start/")
    code = manager.url.split("/")[-3]

    manager.goto(f"/portfolio/projects/{code}/gates/")
    expect(manager.locator("tbody tr", has_text="G1").first).to_contain_text("29 Sep 2026")
    expect(manager.locator("tbody tr", has_text="G5").first).to_contain_text("20 Apr 2027")
    wrong += violations_of(manager)
    manager.goto(f"/portfolio/projects/{code}/template/")
    expect(manager.get_by_text("The plan is as the template has it.")).to_be_visible()
    assert wrong == []


def test_gate_is_voted_on_and_decided_on_a_phone(visitor: Callable[..., Page]) -> None:
    """STD-14 to STD-18: below the threshold a go needs conditions; one meets them, another agrees."""
    chair = visitor("QUALITY_REVIEWER", viewport=PHONE, has_touch=True)
    chair.goto(f"{G4}decision/")
    expect(chair.get_by_text("The readiness is below the threshold")).to_be_visible()
    expect(chair.locator("#id_rework")).to_be_hidden()
    chair.goto(f"{G4}vote/")
    chair.get_by_label("Go with conditions").check()
    chair.get_by_label("Reason").fill("Operations has to sign.")
    chair.get_by_role("button", name="Cast a vote").tap()
    chair.wait_for_url(f"**{G4}")
    expect(chair.get_by_text("2 voted, 2 needed")).to_be_visible()
    chair.get_by_role("link", name="Decide").tap()
    chair.get_by_label("Go with conditions").check()
    chair.get_by_label("Reason").fill("The case holds.")
    chair.get_by_role("button", name="Decide").tap()
    expect(chair.get_by_text("Write down at least one condition.")).to_be_visible()
    wrong = violations_of(chair)
    chair.get_by_label("Condition 1").fill("Let operations sign the hand-over")
    chair.locator("#id_owner_1").select_option(label="Alice Moreau")
    chair.locator("#id_due_1").fill("2030-01-31")
    width = chair.evaluate("document.documentElement.scrollWidth")
    chair.get_by_role("button", name="Decide").tap()
    chair.wait_for_url(f"**{G4}")
    expect(chair.get_by_text("Dissent of Sofia Brandt (Go): The team is ready for it.")).to_be_visible()
    wrong += violations_of(chair)

    owner = visitor("PROJECT_MANAGER")
    owner.goto("/notifications/")
    item = owner.locator("li, article", has_text="A condition of gate G4 is yours").last
    item.get_by_role("button", name="Open").click()
    owner.wait_for_url(f"**{G4}")
    owner.get_by_role("link", name="Met 1").click()
    owner.get_by_label("What was done, and where it is seen").fill("Signed on Monday; in the documents.")
    owner.get_by_role("button", name="Save").click()
    owner.wait_for_url(f"**{G4}")
    expect(owner.get_by_text("waits for the forum")).to_be_visible()
    wrong += violations_of(owner)
    chair.goto(G4)
    chair.get_by_role("link", name="Settle 1").tap()
    chair.get_by_label("Met", exact=True).check()
    chair.get_by_role("button", name="Save").tap()
    chair.wait_for_url(f"**{G4}")
    expect(chair.get_by_text("all settled")).to_be_visible()

    assert (wrong, width) == ([], 390)
