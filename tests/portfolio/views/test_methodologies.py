"""The pages of methodologies: list, version, what changed, editing, acts (STD-1)."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils.formats import date_format

from pmo_portal.accounts.choices import Role
from portfolio.models import MethodologyVersion
from portfolio.rollup.methodology import Words
from portfolio.services import methodology_drafts
from portfolio.services.governance import bind_methodology
from portfolio.services.methodologies import load_shipped_methodologies
from portfolio.services.methodology_drafts import remove_row, save_row
from tests.factories import grant, portfolio_node, project, user
from tests.portfolio.methods import DAY, anna, draft_of, paula, stage_gate
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
URL = "/standards/methodologies/"


def test_empty_page_says_what_goes_here(client: Client) -> None:
    client.force_login(anna())

    assert "No methodologies yet" in words(client.get(URL))


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    stage_gate() if count == 1 else load_shipped_methodologies(actor=None, today=DAY)
    client.force_login(anna())

    with django_assert_num_queries(16):
        answer = client.get(URL)

    assert words(answer).count("Version 1.0.2 in force since") == count


def test_code_leads_to_the_version_in_force(client: Client) -> None:
    author = anna()
    draft_of(stage_gate(), author)
    client.force_login(author)

    assert client.get(f"{URL}SG/").headers["Location"] == f"{URL}SG/1.0.2/"


def test_version_shows_path_requirements_and_checklists(client: Client) -> None:
    stage_gate()
    client.force_login(anna())

    shown = words(client.get(f"{URL}SG/1.0.2/"))

    for text in (
        "G2 Is the plan credible and funded?",
        "Schedule checks 7 and 12 pass.",
        "SG-04 Business case weight 3",
        "Refreshed at G2, G4.",
        "Every two weeks",
    ):
        assert text.lower() in shown.lower()


def test_drafts_are_seen_by_the_pmo_only(client: Client) -> None:
    draft_of(stage_gate(), anna())
    manager = user("Alice")
    grant(manager, Role.PROJECT_MANAGER, portfolio_node())
    client.force_login(manager)

    assert client.get(f"{URL}SG/1.1.0/").status_code == 404
    assert "1.1.0" not in words(client.get(URL))
    assert client.get(f"{URL}SG/1.0.2/").status_code == 200


def test_changes_stand_in_words(client: Client) -> None:
    author = anna()
    draft = draft_of(stage_gate(), author)
    remove_row(actor=author, version=draft, edition=1, part="requirements", code="SG-34")
    client.force_login(author)
    row = {
        "version": 2, "code": "SG-03", "title_en": "Feasibility and options paper",
        "title_de": "Machbarkeit und Wege",
        "kind": "ARTEFACT", "gate": "G1", "approver": "SPONSOR", "weight": 1,
        "tier_T1": "R", "tier_T2": "M", "tier_T3": "M", "tier_T4": "M",
    }  # fmt: skip
    address = f"{URL}SG/1.1.0/edit/requirements/SG-03/"

    saved = client.post(address, row)
    shown = words(client.get(f"{URL}SG/1.1.0/changes/"))

    assert (saved.status_code, MethodologyVersion.objects.get(version="1.1.0").edition) == (302, 3)
    assert "Requirement SG-34 “Benefits review report” is gone." in shown
    assert "Requirement SG-03 “Feasibility and options paper” has changed." in shown
    assert "T1: Not needed → Recommended" in shown
    assert "T2: Recommended → Mandatory" in shown


def test_stale_form_keeps_the_input_and_saves_nothing(client: Client) -> None:
    """XC-1."""
    author = anna()
    draft = draft_of(stage_gate(), author)
    remove_row(actor=author, version=draft, edition=1, part="requirements", code="SG-34")
    client.force_login(author)

    answer = client.post(
        f"{URL}SG/1.1.0/edit/phases/SG0/", {"version": 1, "code": "SG0", "title_en": "Spark"}
    )

    assert answer.status_code == 422
    assert "Somebody else changed this draft meanwhile" in words(answer)
    assert 'value="Spark"' in answer.content.decode()
    assert MethodologyVersion.objects.get(version="1.1.0").content.phases[0].title.en == "Idea"


def test_stale_row_shows_what_the_other_wrote(client: Client) -> None:
    """XC-1."""
    author = anna()
    draft = draft_of(stage_gate(), author)
    client.force_login(author)
    page = client.get(f"{URL}SG/1.1.0/edit/phases/SG0/").context["form"].initial
    theirs = replace(draft.content.phases[0], title=Words(en="Theirs", de="Ihres"))
    save_row(actor=author, version=draft, edition=1, part="phases", row=theirs, code="SG0")

    answer = client.post(
        f"{URL}SG/1.1.0/edit/phases/SG0/", {**page, "version": 1, "title_en": "Mine", "title_de": "Ihres"}
    )

    form = answer.context["form"]
    assert [(each.theirs, each.yours) for each in form.other_changes if each.theirs == "Theirs"] == [
        ("Theirs", "Mine")
    ]
    assert str(form.data["version"]) == "2"


@pytest.mark.parametrize(
    ("page", "act"), [("texts/", "edit_head"), ("edit/phases/SG0/", "save_row"), ("edit/phases/", "save_row")]
)
def test_draft_discarded_while_it_is_saved_is_a_refusal(
    client: Client, monkeypatch: pytest.MonkeyPatch, page: str, act: str
) -> None:
    author = anna()
    draft = draft_of(stage_gate(), author)
    client.force_login(author)
    initial = client.get(f"{URL}SG/1.1.0/{page}").context["form"].initial
    save = getattr(methodology_drafts, act)

    def late(**about: Any) -> Any:
        MethodologyVersion.objects.filter(pk=draft.pk).delete()
        return save(**about)

    monkeypatch.setattr(methodology_drafts, act, late)
    answer = client.post(
        f"{URL}SG/1.1.0/{page}", {"code": "X", "title_en": "X", **initial, "is_repeatable": ""}
    )

    assert answer.status_code == 422
    assert "Somebody discarded this draft meanwhile." in words(answer)


@pytest.mark.parametrize("part", ["roles", "phases", "gates", "requirements", "checks", "closing"])
def test_every_part_has_its_form(client: Client, part: str) -> None:
    author = anna()
    draft = draft_of(stage_gate(), author)
    client.force_login(author)
    first = getattr(draft.content, part)[0]

    answers = [client.get(f"{URL}SG/1.1.0/edit/{part}/{tail}") for tail in ("", f"{first.code}/")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert f'value="{first.code}"' in answers[1].content.decode()


def test_one_language_is_enough(client: Client) -> None:
    """Who writes German is not made to write English; readers of both see what was written."""
    stage_gate()
    client.force_login(anna())
    german = {"headers": {"Accept-Language": "de"}}
    draft = f"{URL}SG/1.1.0/"
    client.post(f"{URL}SG/1.0.2/draft/", {"version": "1.1.0"})

    asked = words(client.get(f"{draft}texts/", **german))
    none = client.post(f"{draft}edit/phases/", {"version": 1, "code": "SG7"}, **german)
    client.post(f"{draft}edit/phases/", {"version": 1, "code": "SG7", "title_de": "Nachlauf"}, **german)
    client.post(f"{draft}texts/", {"version": 2, "name_de": "Stufen", "changelog_de": "Nachlauf"}, **german)

    version = MethodologyVersion.objects.get(version="1.1.0")
    assert asked.index("Zusammenfassung (Deutsch)") < asked.index("Zusammenfassung (Englisch)")
    assert (none.status_code, [*none.context["form"].errors]) == (422, ["title_de"])
    assert version.content.phases[-1].title == Words("Nachlauf", "Nachlauf")
    assert (version.content.name, version.says_what_changes) == (Words("Stufen", "Stufen"), True)


def test_all_the_way_in_the_browser(client: Client) -> None:
    """Publishing shows what changes, and how many running projects keep the former version (STD-1, STD-2)."""
    author, head = anna(), paula()
    bind_methodology(actor=None, project=project("P-1"), version=stage_gate(), today=DAY)
    address = f"{URL}SG/1.1.0/"
    client.force_login(author)
    client.post(f"{URL}SG/1.0.2/draft/", {"version": "1.1.0"})
    client.post(f"{address}edit/checks/G0-3/remove/", {"version": 1})
    client.post(f"{address}submit/")
    silent = client.get(address)
    texts = client.get(f"{address}texts/").context["form"].initial
    client.post(f"{address}texts/", {**texts, "changelog_en": "Fewer questions"})
    client.post(f"{address}submit/")
    own = client.get(address)
    client.force_login(head)
    client.post(f"{address}approve/")
    before = words(client.get(f"{address}publish/"))
    told = words(client.post(f"{address}publish/", {"effective_from": "2099-01-01"}, follow=True))

    version = MethodologyVersion.objects.get(version="1.1.0")

    assert f'<a href="{address}texts/#id_changelog_en">Say what changes' in silent.content.decode()
    assert "You submitted it; somebody else approves it." in words(own)
    assert "What changes against version 1.0.2 1 running project you see keeps 1.0.2" in before
    assert "Question G0-3" in before
    day = date_format(version.effective_from, "SHORT_DATE_FORMAT")
    assert f"SG 1.1.0 is published: new projects follow it from {day} on. 1 running project you see" in told
    assert (version.state, str(version.effective_from)) == ("APPROVED", "2099-01-01")
    assert [check.code for check in version.content.checks_of("G0")] == ["G0-1", "G0-2"]
