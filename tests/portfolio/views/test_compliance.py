"""Standards: compliance, waivers, and the journey from SG 1.0 to 1.1 (STD-2, STD-5, A.3 journey 1)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.models import MethodologyBinding, PortfolioComponent, TailoringChoice
from portfolio.rollup.methodology import CheckRule, Words
from portfolio.selectors.compliance_page import month_ends
from portfolio.services.artefacts import record_step
from portfolio.services.governance import bind_methodology, plan_gates, tailor
from portfolio.services.methodology_drafts import remove_row, save_row
from portfolio.services.rollups import judge_project, keep_refreshed
from portfolio.services.waivers import request_waiver
from projects.models import Project
from tests.factories import grant, manager_of, project, user
from tests.portfolio.methods import anna, draft_of, paula, publish, stage_gate
from tests.portfolio.views.test_dashboards import words
from tests.portfolio.worlds import make_portfolio

pytestmark = pytest.mark.django_db


def followed(code: str = "P-1") -> Project:
    """A project that follows SG 1.0.2 and has shown one of the two artefacts due at G0."""
    today = timezone.localdate()
    made = project(code, tier="T2", state="EXECUTING")
    bind_methodology(actor=None, project=made, version=stage_gate(), today=today)
    plan_gates(actor=None, project=made, dates={("G0", 1): today}, today=today)
    for state in ("SUBMITTED", "APPROVED"):
        record_step(actor=None, project=made, requirement="SG-01", state=state, today=today)
    return made


def test_empty_page_says_what_to_do(client: Client) -> None:
    client.force_login(anna())

    assert "No project follows a methodology yet" in words(client.get("/standards/compliance/"))
    assert "No waivers" in words(client.get("/standards/waivers/"))


@pytest.mark.parametrize("count", [1, 3])
def test_compliance_takes_a_fixed_number_of_queries(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        followed(f"P-{number}")
    client.force_login(anna())

    with django_assert_num_queries(34):
        shown = words(client.get("/standards/compliance/"))

    assert shown.count("50.0 %") == count + 1
    assert f"SG-02 Complexity score 0 of {count}" in shown
    names = " ".join(f"P-{number} {Project.objects.get(code=f'P-{number}').name}" for number in range(count))
    assert f"SG 1.0.2 {count} {names}" in shown


def test_files_say_what_the_pages_say(client: Client) -> None:
    """By project, by requirement with who lacks it, and waivers with their words; by portfolio too."""
    made = followed()
    PortfolioComponent.objects.create(project=made, portfolio=make_portfolio("GRID"))
    request_waiver(
        actor=None, project=made, requirement="SG-04", reason="Law", risk="None", compensating_control="Look",
        expires_on=timezone.localdate(), today=timezone.localdate(),
    )  # fmt: skip
    client.force_login(anna())

    projects = _lines(client, "compliance/export/projects/csv/?portfolio=GRID")
    requirements = _lines(client, "compliance/export/requirements/csv/")
    waivers = _lines(client, "waivers/export/csv/?state=SUBMITTED")

    assert projects == [f"P-1,{made.name},SG,1.0.2,FALSE,T2,50,2,0,0,0,"]
    assert requirements == ["SG,SG-02,Complexity score,1,0,0,1,0,P-1", "SG,SG-01,Idea note,1,1,0,0,0,"]
    assert waivers[0].startswith(f"P-1,{made.name},SG-04,Business case,Submitted,Law,None,Look,")
    assert _lines(client, "compliance/export/projects/csv/?portfolio=NONE") == []
    for path in ("compliance/export/other/csv/", "compliance/export/projects/pdf/", "waivers/export/pdf/"):
        assert client.get(f"/standards/{path}").status_code == 404


def _lines(client: Client, path: str) -> list[str]:
    return client.get(f"/standards/{path}").content.decode().splitlines()[1:]


def test_projects_of_others_are_not_there(client: Client) -> None:
    """ORG-9."""
    made = followed()
    request_waiver(
        actor=None, project=made, requirement="SG-04", reason="Law", risk="None", compensating_control="Look",
        expires_on=timezone.localdate(), today=timezone.localdate(),
    )  # fmt: skip
    other = user("Olga")
    grant(other, Role.PROJECT_MANAGER, project("P-9").node)
    client.force_login(other)

    shown = [words(client.get(f"/standards/{page}/")) for page in ("compliance", "waivers")]

    assert [("P-1" in text) for text in shown] == [False, False]
    grant(other, Role.AUDITOR, organization_node())
    assert "P-1" in words(client.get("/standards/waivers/?state=SUBMITTED"))


def test_color_leads_to_the_requirement_that_is_not_met(client: Client) -> None:
    """HG1: the explanation names what is due and missing as the reader says it, and leads to its line."""
    made = followed()
    PortfolioComponent.objects.create(project=made, portfolio=make_portfolio("GRID"))
    today = timezone.localdate()
    keep_refreshed(as_of=today, chunk=judge_project(project_id=made.pk, as_of=today))
    client.force_login(manager_of(made))

    page = client.get("/portfolio/health/P-1/").content.decode()
    german = client.get("/portfolio/health/P-1/", headers={"Accept-Language": "de"}).content.decode()
    line = client.get("/portfolio/projects/P-1/governance/").content.decode()

    address = "/portfolio/projects/P-1/governance/#requirement-SG-02"
    assert f'<a href="{address}">SG-02 Complexity score</a>' in page
    assert f'<a href="{address}">SG-02 Komplexitätswert</a>' in german
    assert "requirement-SG-01" not in page, "it is met"
    assert 'id="requirement-SG-02"' in line


def test_month_ends() -> None:
    assert month_ends(date(2026, 3, 15)) == [
        date(2025, 10, 31),
        date(2025, 11, 30),
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 15),
    ]


def test_journey_from_one_version_to_the_next(client: Client) -> None:
    """A.3 journey 1: SG 1.1 is published, old projects stay, migration shows the difference."""
    made, author = followed(), anna()
    alice = manager_of(made)
    today = timezone.localdate()
    tailor(actor=None, project=made, requirement="SG-03", choice="DROP", note="One way only", today=today)
    draft = draft_of(stage_gate(), author)
    row = draft.content.requirement("SG-03")
    assert row is not None
    stricter = type(row)(
        **{**{name: getattr(row, name) for name in row.__slots__}, "tiers": dict.fromkeys(row.tiers, "M")}
    )
    draft = save_row(actor=author, version=draft, edition=1, part="requirements", code="SG-03", row=stricter)
    draft = remove_row(actor=author, version=draft, edition=2, part="requirements", code="SG-01")
    new = replace(row, code="WAYS", tiers={**row.tiers, "T2": "R"})
    draft = save_row(actor=author, version=draft, edition=3, part="requirements", code="", row=new)
    asked = CheckRule("G5-9", "G5", Words("Is the old system off?"), is_knock_out=True)
    draft = save_row(actor=author, version=draft, edition=4, part="checks", code="", row=asked)
    publish(draft, author=author, head=paula())
    client.force_login(alice)

    before = words(client.get("/portfolio/projects/P-1/governance/"))
    difference = client.get("/portfolio/projects/P-1/governance/migration/")
    client.post(
        "/portfolio/projects/P-1/governance/migration/",
        {"expected": difference.context["known"].version.pk, "note": "As agreed"},
    )
    after = words(client.get("/portfolio/projects/P-1/governance/"))

    assert "Stage-gate 1.0.2" in before
    assert "Version 1.1.0 is in force now; this project keeps its own." in before
    told = words(difference)
    assert "SG-01 “Idea note” is removed. What the project has is kept as extra." in told
    assert "SG-03 “Feasibility and options paper” is changed." in told
    assert "The project had dropped it; it is mandatory now." in told
    added = "WAYS “Feasibility and options paper” is added. Recommended at tier T2. Due at: G1."
    assert added in told
    assert "Question G5-9 “Is the old system off?” is new. Asked at G5 Knock-out" in told
    assert "Stage-gate 1.1.0" in after
    assert "Extra not asked for any more; kept, not counted SG-01 Approved" in after
    assert [row.version.version for row in MethodologyBinding.objects.order_by("pk")] == ["1.0.2", "1.1.0"]
    assert TailoringChoice.objects.order_by("-pk")[0].choice == ""
