"""The PMO changes a standard and leads by it (A.3 journeys 1 and 10)."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import violations_of

SG = "/standards/methodologies/SG/"
PHONE = {"width": 390, "height": 844}


def test_new_version_of_a_methodology_leaves_running_projects_alone(visitor: Callable[..., Page]) -> None:
    """Journey 1 (STD-2, STD-3): drafted, approved by somebody else, in force; the project keeps its own."""
    analyst, head = visitor("PMO_ANALYST"), visitor("PMO_HEAD")
    analyst.goto(f"{SG}1.1.0/draft/")
    analyst.get_by_label("Version").fill("1.2.0")
    analyst.get_by_role("button", name="Begin the draft").click()
    analyst.get_by_role("link", name="Requirement", exact=True).click()
    analyst.get_by_role("button", name="Save").click()
    expect(analyst.get_by_text("This field is required.").first).to_be_visible()
    analyst.get_by_label("Code").fill("ENERGY")
    analyst.get_by_label("Title (English)").fill("Energy balance")
    analyst.get_by_label("Title (German)").fill("Energiebilanz")
    analyst.get_by_label("Due at").select_option("G2")
    analyst.get_by_label("Approver").select_option("SPONSOR")
    analyst.get_by_role("button", name="Save").click()
    expect(analyst.get_by_text("Energy balance")).to_be_visible()
    analyst.get_by_role("link", name="Edit texts").click()
    for language, text in (("English", "Energy counts."), ("German", "Energie zählt.")):
        analyst.get_by_label(f"What changes with this version, and why ({language})").fill(text)
    analyst.get_by_role("button", name="Save").click()
    analyst.get_by_role("button", name="Submit").click()
    expect(analyst.get_by_text("You submitted it; somebody else approves it.")).to_be_visible()

    head.goto(f"{SG}1.2.0/changes/")
    expect(head.locator("main")).to_contain_text("Requirement ENERGY “Energy balance” is new.")
    wrong = violations_of(head)
    head.goto(f"{SG}1.2.0/")
    head.get_by_role("button", name="Approve").click()
    head.get_by_role("link", name="Publish").click()
    head.get_by_role("button", name="Publish").click()
    expect(head.get_by_text("In force").first).to_be_visible()

    head.goto("/portfolio/projects/NWU-001/governance/")
    expect(head.locator("main")).to_contain_text("Version 1.2.0 is in force now; this project keeps its own.")
    head.get_by_role("link", name="See what would change").click()
    expect(head.get_by_role("heading", name="SG 1.0.2 → 1.2.0")).to_be_visible()
    expect(head.locator(".version-change", has_text="ENERGY “Energy balance”")).to_have_count(1)
    wrong += violations_of(head)
    head.goto("/portfolio/projects/NWU-001/governance/")
    expect(head.locator("main")).not_to_contain_text("ENERGY")
    assert wrong == []


def test_document_is_written_and_approved_on_a_phone(visitor: Callable[..., Page]) -> None:
    """ORG-8, STD-5: written by one, approved by another, sealed; given back with a reason only."""
    manager = visitor("PROJECT_MANAGER")
    manager.goto("/portfolio/projects/NWU-001/documents/")
    manager.get_by_role("link", name="Begin Lessons report").click()
    manager.get_by_role("button", name="Begin").click()
    document = manager.url
    manager.get_by_role("link", name="Go on writing").click()
    for text in ("Weekly walks on site.", "Ordering before the permit.", "Too few planners."):
        manager.get_by_label("Text").fill(text)
        manager.get_by_role("button", name="Save and go on").click()
    wrong = violations_of(manager)
    for text in ("Ask for permits first.", "None."):
        manager.get_by_label("Text").fill(text)
        manager.get_by_role("button", name="Save and go on").click()
    manager.wait_for_url(document)
    manager.get_by_role("button", name="Submit for approval").click()
    expect(manager.locator("#toasts")).to_contain_text("From now on the words stay as they are.")

    head = visitor("PMO_HEAD", viewport=PHONE, has_touch=True)
    head.goto("/notifications/")
    item = head.locator("li, article", has_text="Waiting for your approval: SG-32 Lessons report").last
    item.get_by_role("button", name="Open").tap()
    head.wait_for_url(document)
    head.get_by_role("button", name="Give back").tap()
    expect(head.get_by_text("Say what should be changed.")).to_be_visible()
    wrong += violations_of(head)
    width = head.evaluate("document.documentElement.scrollWidth")
    head.get_by_role("button", name="Approve").tap()
    expect(head.locator("#toasts")).to_contain_text("Approved.")
    expect(head.get_by_text("fits the words")).to_be_visible()
    with head.expect_download() as saved:
        head.get_by_role("button", name="Save as").tap()
        head.get_by_role("link", name="Word (DOCX)").tap()

    assert saved.value.suggested_filename == "NWU-001-lessons-report-1.docx"
    assert (wrong, width) == ([], 390)


def test_maturity_leads_to_actions_and_is_compared_over_the_years(visitor: Callable[..., Page]) -> None:
    """Journey 10 (MAT-1 to MAT-5): need, mandate, answers with evidence, gaps, an action, the year before."""
    head = visitor("PMO_HEAD")
    head.goto("/pmo/need/")
    expect(head.locator(".need-mandate")).not_to_be_empty()
    expect(head.get_by_role("link", name="PMO need 2025")).to_be_visible()

    head.goto("/pmo/assessments/new/?kind=MATURITY")
    head.get_by_label("What is assessed").select_option("PROGRAM")
    head.locator("select[name=people]").evaluate(
        "list => [...list.options].forEach(each => { each.selected = each.text.startsWith('Paula') })"
    )
    head.get_by_role("button", name="Start and invite").click()
    head.get_by_role("link", name="Answer").click()
    expect(head.get_by_role("button", name="Keep my answers")).to_be_visible()
    head.evaluate(
        "document.querySelectorAll('main input[type=radio]').forEach("
        "each => { each.checked = each.value === (each.name.includes('-2') ? '2' : '1') })"
    )
    head.get_by_role("button", name="Keep my answers").click()
    expect(head.get_by_text("Say what shows this: largely and fully need evidence.")).to_have_count(14)
    head.evaluate(
        "document.querySelectorAll('main input[name^=evidence][name*=\"-2\"]').forEach("
        "each => { each.value = 'Three projects looked at' })"
    )
    head.get_by_role("button", name="Keep my answers").click()
    head.get_by_role("button", name="Close and keep the result").click()
    expect(head.locator("main")).to_contain_text("2 Repeatable")

    head.get_by_role("link", name="Set targets").click()
    head.get_by_label("Risk", exact=True).select_option("3")
    head.get_by_role("button", name="Save the targets").click()
    gaps = head.get_by_role("group", name="Gap plan").locator("tbody tr")
    expect(gaps).to_have_count(2)
    wrong = violations_of(head)
    gaps.first.get_by_role("link").click()
    head.get_by_label("Action", exact=True).fill("One scale for all projects")
    head.get_by_label("Owner").select_option(label="Peter Analyst")
    head.get_by_role("button", name="Save").click()
    owner = visitor("PMO_ANALYST")
    owner.goto("/notifications/")
    expect(
        owner.get_by_text("An action for maturity is yours: One scale for all projects").first
    ).to_be_visible()

    head.goto("/pmo/maturity/")
    expect(head.get_by_role("row", name="Management control 3 Defined")).to_contain_text("1 (1.67)")
    assert wrong == []
