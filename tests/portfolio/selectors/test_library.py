"""The search of the library (KNO-3, KNO-9, ORG-9)."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from portfolio.selectors.library import LibraryQuery, find_items
from portfolio.services.library import archive
from portfolio.services.library_use import rate
from tests.factories import grant, user
from tests.portfolio.libraries import draft, paula, published
from tests.portfolio.worlds import make_portfolio, make_project

pytestmark = pytest.mark.django_db


def titles(who: object, **asked: str) -> list[str]:
    return [row.title for row in find_items(who, LibraryQuery(**asked)).rows]


def test_title_weighs_more_than_tags_summary_and_body() -> None:
    """KNO-9: weights title > tags > summary > body."""
    bob = paula(Role.TEAM_MEMBER, "Bob")
    published("b", title="In the body", body="Estimates of effort.")
    published("s", title="In the summary", summary="How to estimate.")
    published("g", title="In a tag", tags=("estimation",))
    published("t", title="Estimating effort")

    found = titles(bob, words="estimates")

    assert found == ["Estimating effort", "In a tag", "In the summary", "In the body"]


def test_exact_title_is_first() -> None:
    """KNO-9: whatever else weighs more."""
    bob = paula(Role.TEAM_MEMBER, "Bob")
    published("a", title="Plan the plan of plans", summary="A plan.", body="Plan", tags=("plan",))
    published("b", title="Plan")

    assert titles(bob, words=" PLAN ") == ["Plan", "Plan the plan of plans"]


def test_every_word_has_to_be_found() -> None:
    bob = paula(Role.TEAM_MEMBER, "Bob")
    published("a", title="Risk workshop")
    published("b", title="Risk register")

    assert titles(bob, words="risk work") == ["Risk workshop"]
    assert titles(bob, words="risk holiday") == []


def test_each_language_has_its_own_stems() -> None:
    """KNO-9: stemmed per language; a German compound is found by its parts."""
    bob = paula(Role.TEAM_MEMBER, "Bob")
    published("plan", title="Terminpläne prüfen", language="de")
    published("risk", title="Risikoregister", language="de")

    assert titles(bob, words="Terminplan", language="de") == ["Terminpläne prüfen"]
    assert titles(bob, words="Register", language="de") == ["Risikoregister"]
    assert titles(bob, words="risiko") == ["Risikoregister"]
    assert titles(bob, words="register", language="en") == []


def test_filters() -> None:
    bob = paula(Role.PMO_ANALYST, "Peter")
    published("a", title="A", kind="GUIDE", tags=("Risk",), roles=(Role.SPONSOR,), methodologies=("SG",))
    published("b", title="B", kind="FAQ")
    draft("c", title="C")

    assert titles(bob, kind="FAQ") == ["B"]
    assert titles(bob, tag="risk") == ["A"]
    assert titles(bob, role="SPONSOR") == ["A"]
    assert titles(bob, methodology="SG") == ["A"]
    assert titles(bob, state="DRAFT") == ["C"]
    assert dict(find_items(bob, LibraryQuery(kind="FAQ")).kinds) == {"GUIDE": 1, "FAQ": 1}


def test_readers_find_what_is_published_only() -> None:
    """ORG-9: drafts and archived versions are for the PMO."""
    bob = paula(Role.TEAM_MEMBER, "Bob")
    draft("a", title="Draft")
    archive(actor=None, item=published("b", title="Old"), reason="Replaced")

    assert titles(bob) == titles(bob, state="DRAFT") == titles(bob, state="ARCHIVED") == []
    assert titles(paula(), state="ARCHIVED") == ["Old"]


def test_lesson_of_a_confidential_project_is_seen_by_its_people() -> None:
    """ORG-9: a search does not reveal what the person may not read."""
    home = make_portfolio()
    secret, open_one = make_project("S", home, is_confidential=True), make_project("P", home)
    published("s", title="Secret lesson", kind="LESSON", project=secret)
    published("p", title="Open lesson", kind="LESSON", project=open_one)
    bob, alice = paula(Role.TEAM_MEMBER, "Bob"), user("Alice")
    grant(alice, Role.PROJECT_MANAGER, secret.node)

    assert titles(bob) == ["Open lesson"]
    assert find_items(bob, LibraryQuery()).total == 1
    assert titles(alice) == ["Open lesson", "Secret lesson"]


def test_ratings_in_the_list_are_damped() -> None:
    """KNO-3, EX-KNO: three votes 4, 5, 5 give 29/8."""
    item = published()
    for stars in (4, 5, 5):
        rate(actor=user(), item=item, stars=stars)
    published("b", title="Unrated")

    found = {row.title: row.rating for row in find_items(paula(), LibraryQuery()).rows}

    assert found == {"Risk register": Decimal(29) / 8, "Unrated": None}


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(count: int) -> None:
    bob = paula(Role.TEAM_MEMBER, "Bob")
    for number in range(count):
        published(f"item-{number}", title=f"Risk {number}", tags=("risk",))

    with CaptureQueriesContext(connection) as queries:
        found = find_items(bob, LibraryQuery(words="risk"))

    assert (found.total, len(queries)) == (count, 6)
