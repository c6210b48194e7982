"""What a project does about its methodology, over the API (STD-2 to STD-5)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from portfolio.models import ArtefactStep, ComplexityScore, MethodologyBinding, TailoringChoice
from portfolio.rollup.tier import WEIGHTS
from portfolio.services.methodology_drafts import remove_row
from tests.factories import grant, manager_of, project, user
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.methods import anna, draft_of, paula, publish, stage_gate
from tests.portfolio.views.test_compliance import followed

pytestmark = pytest.mark.django_db
URL = "/api/v1/projects/P-1/governance"
EX_STD_1 = dict(zip(WEIGHTS, (3, 2, 3, 4, 2, 3, 4, 3, 4, 2), strict=True))


def sent(client: Any, part: str, **fields: Any) -> Any:
    return client.post(f"{URL}/{part}/", fields, format="json")


def test_project_is_bound_once_to_a_version_in_force() -> None:
    """STD-2; a draft is as unknown as what does not exist."""
    version = stage_gate()
    draft = draft_of(version, anna())
    client = client_of(manager_of(project("P-1", tier="T2")))

    before = client.get(f"{URL}/").status_code
    unknown = sent(client, "methodology", version=draft.pk)
    bound = sent(client, "methodology", version=version.pk, note="As the board wished")
    again = sent(client, "methodology", version=version.pk)

    assert (before, unknown.status_code, list(unknown.json()["error"]["fields"])) == (404, 400, ["version"])
    assert (bound.status_code, again.status_code, again.json()["error"]["code"]) == (
        201,
        409,
        "BOUND_ALREADY",
    )
    told = client.get(f"{URL}/").json()
    assert told == bound.json()
    assert (told["methodology"], told["version_id"], told["tier"]) == ("SG", version.pk, "T2")
    assert (told["complexity"], told["pending"], told["newer"]) == (None, None, None)


def test_ten_answers_give_the_tier() -> None:
    """EX-STD-1; a missing answer is named, and nothing is kept."""
    client = client_of(manager_of(followed()))

    few = sent(client, "complexity", answers={code: 3 for code in WEIGHTS if code not in {"F9", "F10"}})
    kept = ComplexityScore.objects.count()
    scored = sent(client, "complexity", answers=EX_STD_1)

    assert (few.status_code, sorted(few.json()["error"]["fields"]["answers"]), kept) == (
        400,
        ["F10", "F9"],
        0,
    )
    assert scored.status_code == 201
    assert (scored.json()["score"], scored.json()["tier"], scored.json()["floors"]) == ("3.05", "T3", [])
    assert client.get(f"{URL}/").json()["complexity"] == scored.json()


def test_choices_are_kept_listed_and_taken_back() -> None:
    """STD-3."""
    client = client_of(manager_of(followed()))

    mandatory = sent(client, "choices/SG-01", choice="DROP", note="No need")
    silent = sent(client, "choices/SG-03", choice="DROP")
    dropped = sent(client, "choices/SG-03", choice="DROP", note="Done before")
    listed = client.get(f"{URL}/choices/").json()["results"]
    sent(client, "choices/SG-03", choice="")

    assert (mandatory.status_code, mandatory.json()["error"]["fields"].keys()) == (400, {"choice"})
    assert (silent.status_code, silent.json()["error"]["fields"].keys()) == (400, {"note"})
    assert (dropped.status_code, listed) == (201, [dropped.json()])
    assert (listed[0]["requirement"], listed[0]["choice"], listed[0]["note"]) == (
        "SG-03",
        "DROP",
        "Done before",
    )
    assert client.get(f"{URL}/choices/").json()["results"] == []
    assert sent(client, "choices/GHOST", choice="KEEP").status_code == 404
    assert TailoringChoice.objects.count() == 2


def test_artefact_is_submitted_and_approved_by_who_is_asked() -> None:
    """STD-5, ORG-8: SG-06 is approved by the sponsor; who is not asked records nothing."""
    made = followed()
    client, sponsor, member = client_of(manager_of(made)), user("Stella"), user("Mia")
    grant(sponsor, Role.SPONSOR, made.node)
    grant(member, Role.EXECUTIVE, made.node)

    submitted = sent(client, "artefacts/SG-06", state="SUBMITTED", link="https://example.org/plan")
    own = sent(client, "artefacts/SG-06", state="APPROVED")
    stranger = sent(client_of(member), "artefacts/SG-06", state="APPROVED")
    approved = sent(client_of(sponsor), "artefacts/SG-06", state="APPROVED")

    assert (submitted.status_code, own.status_code, own.json()["error"]["code"]) == (
        201,
        403,
        "NOT_THE_APPROVER",
    )
    assert (stranger.status_code, approved.status_code) == (403, 201)
    newest = {row["requirement"]: row["state"] for row in client.get(f"{URL}/artefacts/").json()["results"]}
    assert newest == {"SG-01": "APPROVED", "SG-06": "APPROVED"}
    assert approved.json()["made_by"] == "Stella"


@pytest.mark.parametrize("count", [1, 3])
def test_artefacts_take_a_fixed_number_of_queries(count: int) -> None:
    made = followed()
    alice = manager_of(made)
    for requirement in ("SG-04", "SG-06")[: count - 1]:
        sent(client_of(alice), f"artefacts/{requirement}", state="SUBMITTED")

    with CaptureQueriesContext(connection) as queries:
        rows = client_of(alice).get(f"{URL}/artefacts/").json()["results"]

    assert (len(rows), ArtefactStep.objects.count()) == (count, count + 1)
    assert len(queries) == 10


def test_project_goes_on_to_the_version_in_force() -> None:
    """STD-2: what would change is read first; who read an older state is refused."""
    made = followed()
    client = client_of(manager_of(made))
    nothing = client.get(f"{URL}/migration/").status_code
    author = anna()
    draft = remove_row(
        actor=author, version=draft_of(stage_gate(), author), edition=1, part="requirements", code="SG-01"
    )
    newer = publish(draft, author=author, head=paula())

    shown = client.get(f"{URL}/migration/").json()
    stale = sent(client, "migration", expected=newer.pk)
    done = sent(client, "migration", expected=shown["expected"], note="Agreed")

    assert (nothing, stale.status_code, done.status_code) == (404, 409, 200)
    (row,) = shown["requirements"]
    assert (shown["version"], row["kind"], row["is_warning"]) == (newer.pk, "REMOVED", False)
    assert row["sentence"] == "SG-01 “Idea note” is removed."
    assert row["outcomes"] == ["What the project has is kept as extra."]
    assert (done.json()["version"], done.json()["newer"]) == ("1.1.0", None)
    assert list(MethodologyBinding.objects.order_by("pk").values_list("note", flat=True)) == ["", "Agreed"]
