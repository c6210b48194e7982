"""Versions of methodologies: one in force, never changed, approved by somebody else (STD-1, ORG-8)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio.interchange.methodology_file import SHIPPED, read_methodology
from portfolio.models import Methodology, MethodologyVersion
from portfolio.rollup.methodology import GateRule, PhaseRule, Words
from portfolio.services.methodologies import (
    ContentFaultyError,
    approve_version,
    bring_due_into_force,
    keep_methodologies,
    load_methodology,
    publish_version,
    rank_of,
    return_version,
    submit_version,
    withdraw_version,
)
from portfolio.services.methodology_drafts import (
    begin_draft,
    discard_draft,
    edit_head,
    move_row,
    remove_row,
    save_row,
)
from portfolio.services.version_numbers import next_version
from tests.factories import user
from tests.portfolio.methods import DAY, NOW, anna, draft_of, paula, publish, stage_gate

pytestmark = pytest.mark.django_db


def changed(draft: MethodologyVersion, author: Any) -> MethodologyVersion:
    """The draft with one requirement less."""
    return remove_row(actor=author, version=draft, edition=1, part="requirements", code="SG-34")


def states() -> dict[str, str]:
    return dict(MethodologyVersion.objects.order_by("rank").values_list("version", "state"))


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def test_first_version_of_a_file_is_in_force_at_once() -> None:
    version = stage_gate()

    assert (version.state, version.effective_from, version.methodology.family) == (
        "EFFECTIVE",
        DAY,
        "PREDICTIVE",
    )
    assert actions() == ["methodology.loaded"]


def test_loading_twice_changes_nothing() -> None:
    stage_gate()

    again = load_methodology(actor=None, file=read_methodology(SHIPPED / "sg.toml"), today=DAY)

    assert again is None
    assert states() == {"1.0.2": "EFFECTIVE"}
    assert actions() == ["methodology.loaded"]


def test_known_version_with_another_content_is_refused() -> None:
    """STD-1: a version that is there is never changed, by a file neither."""
    before = stage_gate().document
    file = read_methodology(SHIPPED / "sg.toml")
    other = replace(file, content=replace(file.content, name=Words("Other")))

    with pytest.raises(Conflict, match=r"SG 1\.0\.2 is there with another content"):
        load_methodology(actor=None, file=other, today=DAY)

    assert MethodologyVersion.objects.get().document == before


def test_further_version_of_a_file_waits_for_its_publication() -> None:
    """One that is in force under another number, or is below the one in force, is no further version."""
    stage_gate()
    file = read_methodology(SHIPPED / "sg.toml")
    other = replace(file, content=replace(file.content, name=Words("Other")))

    same = load_methodology(actor=None, file=replace(file, version="1.1.0"), today=DAY)
    with pytest.raises(Conflict, match=r"1\.0\.2 is in force already"):
        load_methodology(actor=None, file=replace(other, version="1.0.0"), today=DAY)
    load_methodology(actor=None, file=replace(other, version="1.1.0"), today=DAY)

    assert same is None
    assert states() == {"1.0.2": "EFFECTIVE", "1.1.0": "APPROVED"}


def test_empty_installation_gets_the_shipped_methodologies_once() -> None:
    first, second = keep_methodologies(today=DAY), keep_methodologies(today=DAY)

    assert (first.loaded, second.loaded) == (3, 0)
    assert sorted(Methodology.objects.values_list("code", flat=True)) == ["AH", "P2", "SG"]


def test_version_goes_from_draft_into_force() -> None:
    author, head = anna(), paula()
    draft = changed(draft_of(stage_gate(), author), author)

    done = publish(draft, author=author, head=head)

    assert states() == {"1.0.2": "SUPERSEDED", "1.1.0": "EFFECTIVE"}
    assert MethodologyVersion.objects.get(version="1.0.2").superseded_on == DAY
    assert (done.approved_by_id, done.approved_at, done.submitted_by_id) == (head.pk, NOW, author.pk)
    assert actions() == [
        "methodology.loaded",
        "methodology.drafted",
        "methodology.edited",
        "methodology.submitted",
        "methodology.approved",
        "methodology.published",
        "methodology.superseded",
    ]


def test_later_day_supersedes_on_that_day() -> None:
    author = anna()
    draft = changed(draft_of(stage_gate(), author), author)
    publish(draft, author=author, head=paula(), day=DAY + timedelta(days=5))

    found = [bring_due_into_force(today=DAY + timedelta(days=days)) for days in (4, 5, 6)]

    assert found == [0, 1, 0]
    assert states() == {"1.0.2": "SUPERSEDED", "1.1.0": "EFFECTIVE"}
    assert MethodologyVersion.objects.get(version="1.0.2").superseded_on == date(2026, 3, 7)


def test_nobody_approves_the_own_version() -> None:
    """ORG-8."""
    head = paula()
    draft = changed(draft_of(stage_gate(), head), head)
    submit_version(actor=head, version=draft)
    before = actions()

    with pytest.raises(NotAllowed, match="somebody else has to approve it"):
        approve_version(actor=head, version=draft, now=NOW)

    assert (states()["1.1.0"], actions()) == ("IN_REVIEW", before)


@pytest.mark.parametrize("act", [submit_version, discard_draft])
def test_only_the_pmo_keeps_methodologies(act: Callable[..., Any]) -> None:
    draft = draft_of(stage_gate(), anna())
    before = actions()

    with pytest.raises(NotAllowed):
        act(actor=user("Charlie"), version=draft)

    assert (states()["1.1.0"], actions()) == ("DRAFT", before)


def test_analyst_does_not_approve() -> None:
    author = anna()
    draft = changed(draft_of(stage_gate(), author), author)
    submit_version(actor=author, version=draft)

    with pytest.raises(NotAllowed):
        approve_version(actor=anna(), version=draft, now=NOW)

    assert states()["1.1.0"] == "IN_REVIEW"


def test_given_back_version_is_a_draft_again() -> None:
    author = anna()
    draft = changed(draft_of(stage_gate(), author), author)
    submit_version(actor=author, version=draft)

    with pytest.raises(DomainError, match="Say what should be changed"):
        return_version(actor=paula(), version=draft, reason=" ")
    return_version(actor=paula(), version=draft, reason="Keep SG-34")

    assert states()["1.1.0"] == "DRAFT"
    assert AuditEntry.objects.order_by("-sequence")[0].reason == "Keep SG-34"


def test_withdrawn_version_never_comes_into_force() -> None:
    author, head = anna(), paula()
    draft = changed(draft_of(stage_gate(), author), author)
    publish(draft, author=author, head=head, day=DAY + timedelta(days=5))

    withdraw_version(actor=head, version=draft, reason="Too early")

    assert bring_due_into_force(today=DAY + timedelta(days=9)) == 0
    assert states() == {"1.0.2": "EFFECTIVE", "1.1.0": "WITHDRAWN"}


def test_day_that_is_over_is_refused() -> None:
    author, head = anna(), paula()
    draft = changed(draft_of(stage_gate(), author), author)
    submit_version(actor=author, version=draft)
    approve_version(actor=head, version=draft, now=NOW)

    with pytest.raises(DomainError, match="today or a later day") as refused:
        publish_version(actor=head, version=draft, effective_from=DAY - timedelta(days=1), today=DAY)

    assert refused.value.field == "effective_from"
    assert states()["1.1.0"] == "APPROVED"


def test_version_in_force_is_never_edited() -> None:
    """STD-1."""
    version, author = stage_gate(), anna()

    with pytest.raises(Conflict, match="In force"):
        remove_row(actor=author, version=version, edition=1, part="phases", code="SG0")

    assert len(MethodologyVersion.objects.get().content.phases) == 7


def test_draft_that_says_the_same_is_not_submitted() -> None:
    author = anna()

    with pytest.raises(DomainError, match="Nothing differs"):
        submit_version(actor=author, version=draft_of(stage_gate(), author))


def test_draft_that_does_not_say_what_changes_is_not_submitted() -> None:
    """STD-1: a version comes with its changelog."""
    author = anna()
    draft = changed(draft_of(stage_gate(), author), author)
    MethodologyVersion.objects.filter(pk=draft.pk).update(changelog={"en": " ", "de": "Weniger Papier"})

    with pytest.raises(DomainError, match="Say what changes") as refused:
        submit_version(actor=author, version=draft)

    assert (refused.value.field, states()["1.1.0"]) == ("changelog", "DRAFT")


def test_faulty_draft_is_not_submitted() -> None:
    author = anna()
    draft = draft_of(stage_gate(), author)
    draft = remove_row(actor=author, version=draft, edition=1, part="phases", code="SG0")

    with pytest.raises(ContentFaultyError) as refused:
        submit_version(actor=author, version=draft)

    assert [(fault.where, fault.key) for fault in refused.value.faults] == [("gates G0", "closes_phase")]


@pytest.mark.parametrize(
    ("number", "told"), [("1.0", "three numbers"), ("1.0.2", "above 1.0.2"), ("0.9.9", "above 1.0.2")]
)
def test_next_version_has_a_higher_number(number: str, told: str) -> None:
    with pytest.raises(DomainError, match=told):
        begin_draft(actor=anna(), base=stage_gate(), version=number)

    assert states() == {"1.0.2": "EFFECTIVE"}


def test_only_one_draft_at_a_time() -> None:
    base = stage_gate()
    draft_of(base, anna())

    with pytest.raises(Conflict, match=r"1\.1\.0 is being worked on"):
        draft_of(base, anna(), "1.2.0")


def test_numbers_order_as_numbers() -> None:
    assert sorted(["1.10.0", "1.9.0", "2.0.0", "1.9.10"], key=rank_of) == [
        "1.9.0",
        "1.9.10",
        "1.10.0",
        "2.0.0",
    ]
    assert next_version("1.9.3") == "1.10.0"


def test_stale_draft_is_refused() -> None:
    """XC-1: what somebody else saved meanwhile is not overwritten."""
    author = anna()
    draft = changed(draft_of(stage_gate(), author), author)

    with pytest.raises(StaleObject):
        save_row(
            actor=author,
            version=draft,
            edition=1,
            part="phases",
            code="SG0",
            row=PhaseRule("SG0", Words("Spark")),
        )

    assert MethodologyVersion.objects.get(version="1.1.0").content.phases[0].title.en == "Idea"


def test_new_code_of_a_gate_is_followed_everywhere() -> None:
    author = anna()
    draft = draft_of(stage_gate(), author)
    gate = replace(draft.content.gate("G2") or GateRule("", "", Words()), code="GATE-2")

    after = save_row(actor=author, version=draft, edition=1, part="gates", code="G2", row=gate).content

    assert [row.code for row in after.gates] == ["G0", "G1", "GATE-2", "G3", "G4", "G5", "G6"]
    assert {row.gate for row in after.requirements if row.code in ("SG-10", "SG-22")} == {"GATE-2"}
    assert after.requirement("SG-04").refreshed_at == ("GATE-2", "G4")  # type: ignore[union-attr]
    assert len(after.checks_of("GATE-2")) == 6


@pytest.mark.parametrize(("code", "told"), [("SG1", "taken"), ("S G", "letters"), ("EACH", "letters")])
def test_codes_are_unique_and_plain(code: str, told: str) -> None:
    author = anna()
    draft = draft_of(stage_gate(), author)

    with pytest.raises(DomainError, match=told) as refused:
        save_row(actor=author, version=draft, edition=1, part="phases", row=PhaseRule(code, Words("New")))

    assert refused.value.field == "code"
    assert MethodologyVersion.objects.get(version="1.1.0").edition == 1


def test_rows_move_one_place() -> None:
    author = anna()
    draft = draft_of(stage_gate(), author)

    after = move_row(actor=author, version=draft, edition=1, part="phases", code="SG1", step=-1)
    with pytest.raises(DomainError, match="moved further"):
        move_row(actor=author, version=draft, edition=2, part="phases", code="SG1", step=-1)

    assert [row.code for row in after.content.phases][:3] == ["SG1", "SG0", "SG2"]


def test_texts_of_a_draft_change_and_the_trail_says_how() -> None:
    author = anna()
    draft = draft_of(stage_gate(), author)
    values = {"name": Words("Stage-gate", "Tore"), "changelog": Words("Shorter names")}

    after = edit_head(actor=author, version=draft, edition=1, values=values)

    entry = AuditEntry.objects.order_by("-sequence")[0]
    assert (after.content.name.de, after.changelog, after.edition) == (
        "Tore",
        {"de": "", "en": "Shorter names"},
        2,
    )
    assert entry.before == {"name": {"de": "Stage-Gate", "en": "Stage-gate"}}


def test_discarded_draft_leaves_its_line() -> None:
    author = anna()
    discard_draft(actor=author, version=draft_of(stage_gate(), author))

    assert states() == {"1.0.2": "EFFECTIVE"}
    assert actions()[-1] == "methodology.discarded"
