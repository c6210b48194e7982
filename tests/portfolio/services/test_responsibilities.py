"""Who does what in a project: taken from the methodology, changed, left out, put back (ORG-6, STD-19)."""

from datetime import date, timedelta
from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import RoleGrant
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio.models import ResponsibilityRow, ResponsibilityShare
from portfolio.rollup.methodology import Share
from portfolio.selectors.governance import governance_of
from portfolio.selectors.responsibilities import Matrix, load_matrix
from portfolio.services.governance import bind_methodology
from portfolio.services.responsibilities import (
    PartyKey,
    add_row,
    fill_matrix,
    put_back,
    remove_row,
    set_shares,
)
from projects.models import Project
from tests.factories import grant, manager_of, project, task, user
from tests.portfolio.methods import DAY, stage_gate

pytestmark = pytest.mark.django_db
PM, SPONSOR = PartyKey("PM"), PartyKey("SPONSOR")


def followed() -> Project:
    made = project("P-1", tier="T2")
    bind_methodology(actor=None, project=made, version=stage_gate(), today=DAY)
    return made


def matrix_of(made: Project, day: date = DAY) -> Matrix:
    known = governance_of(made, day)
    assert known is not None
    return load_matrix(made, known, day)


def row_of(made: Project, code: str = "SG-06") -> ResponsibilityRow:
    return ResponsibilityRow.objects.get(project=made, code=code)


def put(row: ResponsibilityRow, shares: dict[PartyKey, Share], version: int = 1, **options: Any) -> Any:
    return set_shares(actor=options.get("actor"), row=row, shares=shares, expected_version=version, today=DAY)


def test_the_matrix_begins_with_what_the_methodology_proposes(django_assert_num_queries: Any) -> None:
    """ORG-6: every row of the template has one A and at least one R."""
    made = followed()

    number = fill_matrix(actor=None, project=made, today=DAY)
    known = governance_of(made, DAY)
    assert known is not None
    with django_assert_num_queries(3):
        matrix = load_matrix(made, known, DAY)

    charter = next(row for row in matrix.rows if row.code == "SG-06")
    assert number == len(matrix.rows)
    assert [(cell.party.role, cell.share) for cell in charter.given] == [
        ("PM", "R"),
        ("SPONSOR", "A"),
        ("BUSINESS_OWNER", "C"),
        ("PMO", "C"),
        ("BOARD", "I"),
    ]
    assert (matrix.completeness, matrix.faulty) == (100, 0)
    assert "S" not in dict(matrix.letters)
    assert AuditEntry.objects.get(action="raci.filled").after == {"rows": number, "version": "SG 1.0.2"}


def test_filling_again_adds_only_what_is_missing() -> None:
    made = followed()
    fill_matrix(actor=None, project=made, today=DAY)
    put(row_of(made), {SPONSOR: Share.BOTH})
    row_of(made, "G0").delete()

    assert fill_matrix(actor=None, project=made, today=DAY) == 1
    with pytest.raises(Conflict, match="has everything"):
        fill_matrix(actor=None, project=made, today=DAY)

    assert [share.share for share in row_of(made).shares.all()] == ["AR"]


def test_faults_are_kept_and_shown() -> None:
    """ORG-6: a row without A, with two, or without R does not count as complete."""
    made = followed()
    rows = [add_row(actor=None, project=made, today=DAY, title=f"Row {number}") for number in range(1, 5)]
    put(rows[0], {SPONSOR: Share.ACCOUNTABLE, PM: Share.RESPONSIBLE})
    put(rows[1], {PM: Share.BOTH})
    put(rows[2], {SPONSOR: Share.ACCOUNTABLE, PM: Share.BOTH})
    put(rows[3], {SPONSOR: Share.ACCOUNTABLE, PM: Share.CONSULTED})

    matrix = matrix_of(made)

    assert [row.faults for row in matrix.rows] == [(), (), ("RACI_MULTI_A",), ("RACI_NO_R",)]
    assert matrix.rows[2].sentences == ("More than one is accountable (A). Keep exactly one.",)
    assert (matrix.completeness, matrix.faulty, matrix.counted) == (50, 2, 4)


def test_who_has_left_is_shown() -> None:
    """ORG-6: a role nobody holds, somebody without a role here, somebody who left."""
    made = followed()
    alice, bob = manager_of(made), user("Bob")
    grant(bob, Role.TEAM_MEMBER, made.node)
    row = add_row(actor=None, project=made, today=DAY, title="Invoices")
    put(row, {PM: Share.ACCOUNTABLE, SPONSOR: Share.INFORMED, PartyKey(person_id=bob.pk): Share.RESPONSIBLE})

    before = {party.title: (party.names, party.gone) for party in matrix_of(made).parties}
    bob.grants.all().delete()
    without = {party.title: party.gone for party in matrix_of(made).gone}
    bob.is_active = False
    bob.save(update_fields=["is_active"])
    left = {party.title: party.gone for party in matrix_of(made).gone}

    assert before == {
        "Sponsor": ((), "nobody has this role here"),
        "Project manager": ((alice.name,), ""),
        "Bob": ((), ""),
    }
    assert without == {"Sponsor": "nobody has this role here", "Bob": "has no role in this project any more"}
    assert left["Bob"] == "has left"


def test_only_parties_and_letters_of_the_project() -> None:
    """STD-19: S is a letter of the PM²-inspired methodology only."""
    made = followed()
    row = add_row(actor=None, project=made, today=DAY, title="Invoices")
    stranger = user("Charlie")

    for shares, message in (
        ({PM: Share.SUPPORTS}, "The letter S"),
        ({PartyKey("KING"): Share.RESPONSIBLE}, "no such role"),
        ({PartyKey(person_id=stranger.pk): Share.RESPONSIBLE}, "people with a role in the project"),
    ):
        with pytest.raises(DomainError, match=message):
            put(row, shares)

    assert not ResponsibilityShare.objects.exists()
    assert not AuditEntry.objects.filter(action="raci.changed").exists()


def test_changes_need_the_right_and_the_newest_version() -> None:
    made = followed()
    row = add_row(actor=None, project=made, today=DAY, title="Invoices")
    member = user("Bob")
    grant(member, Role.TEAM_MEMBER, made.node)

    with pytest.raises(NotAllowed):
        put(row, {PM: Share.BOTH}, actor=member)
    put(row, {PM: Share.BOTH}, actor=manager_of(made))
    with pytest.raises(StaleObject):
        put(row, {SPONSOR: Share.BOTH})

    assert [(share.role, share.share) for share in row.shares.all()] == [("PM", "AR")]
    entry = AuditEntry.objects.get(action="raci.changed")
    assert (entry.before, entry.after) == ({}, {"PM": "AR"})


def test_a_row_of_the_methodology_is_left_out_and_put_back() -> None:
    made = followed()
    fill_matrix(actor=None, project=made, today=DAY)

    remove_row(actor=None, row=row_of(made), expected_version=1)
    out = matrix_of(made)
    with pytest.raises(Conflict, match="has everything"):
        fill_matrix(actor=None, project=made, today=DAY)
    put_back(actor=None, row=row_of(made), expected_version=2)

    assert [row.code for row in out.left_out] == ["SG-06"]
    assert "SG-06" not in [row.code for row in out.rows]
    assert "SG-06" in [row.code for row in matrix_of(made).rows]


def test_work_stands_once_and_goes_with_its_task() -> None:
    made = followed()
    work, other = task(made, name="Build"), task(project("P-2"), name="Elsewhere")
    row = add_row(actor=None, project=made, today=DAY, task=work)

    with pytest.raises(Conflict, match="in the matrix already"):
        add_row(actor=None, project=made, today=DAY, task=work)
    with pytest.raises(DomainError, match="another project"):
        add_row(actor=None, project=made, today=DAY, task=other)
    with pytest.raises(DomainError, match="say what it is"):
        add_row(actor=None, project=made, today=DAY)
    shown = matrix_of(made).rows
    remove_row(actor=None, row=row, expected_version=1)

    assert [(each.kind, each.title, each.task) for each in shown] == [
        ("WORK", f"{work.wbs} Build".strip(), work.uid)
    ]
    assert not ResponsibilityRow.objects.exists()


def test_who_has_left_the_project_gets_no_letter() -> None:
    """ORG-6: people with a role in the project on the day; a membership that has ended is none."""
    made = followed()
    fill_matrix(actor=None, project=made, today=DAY)
    bob = user("Bob")
    membership = grant(bob, Role.TEAM_MEMBER, made.node)
    RoleGrant.objects.filter(pk=membership.pk).update(valid_to=DAY - timedelta(days=1))

    with pytest.raises(DomainError) as fault:
        put(row_of(made), {PartyKey(person_id=bob.pk): Share.RESPONSIBLE})

    assert (fault.value.code, fault.value.field) == ("NOT_IN_THE_PROJECT", "shares")
    assert not ResponsibilityShare.objects.filter(person=bob).exists()
