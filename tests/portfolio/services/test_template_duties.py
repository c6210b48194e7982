"""Responsibilities of a template: taken from a project, and over into the projects made of it (ORG-6)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portfolio.models import ResponsibilityRow, TemplateVersion
from portfolio.rollup.methodology import Share, Words
from portfolio.rollup.project_template import DutyKind, TemplateContent, TemplateDuty, faults_of_template
from portfolio.selectors.template_content import project_as_template
from portfolio.selectors.template_duties import duty_lines
from portfolio.services.project_templates import load_shipped_templates
from portfolio.services.responsibilities import PartyKey, add_row, remove_row, set_shares
from portfolio.services.structure import create_portfolio
from portfolio.services.template_projects import Order, create_from_template
from projects.models import Project
from tests.factories import manager_of
from tests.portfolio.methods import stage_gate
from tests.portfolio.services.test_template_projects import NOW, START, TODAY

pytestmark = pytest.mark.django_db
DUTIES = (
    TemplateDuty(
        Words("Decide on invoices", "Über Rechnungen entscheiden"),
        shares={"PM": Share.RESPONSIBLE, "FINANCE": Share.ACCOUNTABLE, "WIZARD": Share.INFORMED},
    ),
    TemplateDuty(Words("Estimates"), DutyKind.WORK, row="2.2", shares={"PM": Share.BOTH}),
    TemplateDuty(Words(), DutyKind.REQUIREMENT, "SG-06", shares={"SPONSOR": Share.BOTH}),
    TemplateDuty(Words(), DutyKind.GATE, "G1", is_left_out=True),
    TemplateDuty(Words(), DutyKind.REQUIREMENT, "GONE", shares={"PM": Share.BOTH}),
)


def starter(*duties: TemplateDuty) -> TemplateVersion:
    """The shipped template with responsibilities, and the method it names."""
    stage_gate()
    (version,) = load_shipped_templates(actor=None, now=NOW)
    version.document = replace(version.content, duties=duties).to_dict()
    version.save(update_fields=["document"])
    return TemplateVersion.objects.get(pk=version.pk)


def made(version: TemplateVersion, *, language: str = "en") -> Project:
    home = create_portfolio(actor=None, name="Services", code="SERVICES")
    order = Order(name="Permits", start=START, portfolio=home, total=Decimal(400_000), language=language)
    return create_from_template(actor=None, version=version, order=order, today=TODAY)


def letters(project: Project, **wanted: str) -> dict[str, str]:
    row = ResponsibilityRow.objects.get(project=project, **wanted)
    return {share.role: share.share for share in row.shares.order_by("role")}


def test_a_new_project_begins_with_what_its_template_says() -> None:
    """ORG-6: own rows, work, changed letters and what is left out; the unknown is passed over."""
    project = made(starter(*DUTIES), language="de")

    assert letters(project, title="Über Rechnungen entscheiden") == {"FINANCE": "A", "PM": "R"}
    assert letters(project, kind="WORK", task__wbs="2.2") == {"PM": "AR"}
    assert letters(project, code="SG-06") == {"SPONSOR": "AR"}
    assert ResponsibilityRow.objects.get(project=project, code="G1").is_left_out
    assert not ResponsibilityRow.objects.filter(project=project, code="GONE").exists()


def test_a_template_without_own_rows_begins_with_the_proposal() -> None:
    plain = made(starter())

    assert not ResponsibilityRow.objects.filter(project=plain, code="").exists()
    assert letters(plain, code="SG-06")["SPONSOR"] in ("A", "AR")


def test_a_project_gives_its_template_what_differs() -> None:
    """Letters of people by name stay behind, and are counted; titles keep both languages."""
    project = made(starter(DUTIES[0]))
    alice = manager_of(project)
    add_row(actor=alice, project=project, today=TODAY, title="Water the plants")
    for title, shares in {
        "Water the plants": {PartyKey("PM"): Share.BOTH, PartyKey("", alice.pk): Share.INFORMED},
        "Decide on invoices": {PartyKey("PM"): Share.BOTH},
    }.items():
        row = ResponsibilityRow.objects.get(project=project, title=title)
        set_shares(actor=alice, row=row, shares=shares, expected_version=None, today=TODAY)
    gate = ResponsibilityRow.objects.get(project=project, code="G2")
    remove_row(actor=alice, row=gate, expected_version=None)

    found = project_as_template(project, with_money=False, today=TODAY)

    rows = {each.place: each for each in found.content.duties}
    assert set(rows) == {"Water the plants", "Decide on invoices", "G2"}
    assert rows["Decide on invoices"] == TemplateDuty(DUTIES[0].title, shares={"PM": Share.BOTH})
    assert (rows["G2"].is_left_out, rows["G2"].shares) == (True, {})
    assert ("NAMED_PEOPLE", 1) in [(item.code, item.count) for item in found.omissions]
    assert found.content.methodology == "SG"
    assert TemplateContent.from_dict(found.content.to_dict()) == found.content


def test_the_page_names_roles_by_their_titles() -> None:
    version = starter(*DUTIES[:4])

    lines = duty_lines(version.content)

    assert [(line.place, line.is_left_out) for line in lines] == [
        ("", False), ("2.2", False), ("SG-06", False), ("G1", True),
    ]  # fmt: skip
    assert lines[0].letters[:2] == (("Project manager", "R"), ("Finance controller", "A"))
    assert lines[2].name == "Charter"


def test_responsibilities_nothing_can_be_made_of() -> None:
    content = starter().content
    twice = replace(content, duties=(DUTIES[2], DUTIES[2]))
    wrong = (
        replace(DUTIES[1], row="9.9"),
        TemplateDuty(Words("Nobody")),
        TemplateDuty(Words("Gone"), is_left_out=True),
    )

    def codes(found: TemplateContent) -> list[tuple[str, str]]:
        return [(fault.code, fault.place) for fault in faults_of_template(found)]

    assert codes(twice) == [("DUTY_TWICE", "SG-06")]
    assert codes(replace(content, duties=wrong)) == [
        ("DUTY_ROW", "9.9"), ("DUTY_LETTERS", "Nobody"), ("DUTY_LETTERS", "Gone"),
    ]  # fmt: skip
    assert codes(replace(twice, methodology="")) == [("DUTY_METHOD", "responsibilities")]
