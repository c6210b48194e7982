"""Use and ratings (KNO-1, KNO-3, KNO-9)."""

from datetime import timedelta

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError
from portfolio.models import SearchGap, UsageEvent
from portfolio.services import library_use
from tests.factories import project, user
from tests.portfolio.libraries import TODAY, draft, paula, published, republished

pytestmark = pytest.mark.django_db


def test_view_counts_once_a_day() -> None:
    version = published().versions.get()
    bob = user("Bob")

    for day in (TODAY, TODAY, TODAY + timedelta(days=1)):
        library_use.record_usage(actor=bob, version=version, kind="VIEW", day=day)

    assert UsageEvent.objects.count() == 2


def test_project_keeps_the_version_it_used() -> None:
    """KNO-1: links from a project keep the version used."""
    alice, plan = user("Alice"), project("P1")
    item = published()
    library_use.use_in_project(actor=alice, version=item.versions.get(), project=plan, day=TODAY)

    republished(item, title="Newer")

    assert UsageEvent.objects.get().version.number == "1.0"
    assert AuditEntry.objects.filter(action="library.used").get().after == {
        "project": "P1",
        "version": "1.0",
    }


def test_use_is_noted_once_and_only_of_what_is_published() -> None:
    alice, plan = user("Alice"), project("P1")
    version = published().versions.get()
    library_use.use_in_project(actor=alice, version=version, project=plan, day=TODAY)

    with pytest.raises(Conflict) as twice:
        library_use.use_in_project(actor=alice, version=version, project=plan, day=TODAY)
    with pytest.raises(Conflict) as unpublished:
        library_use.use_in_project(actor=alice, version=draft("new"), project=plan, day=TODAY)

    assert (twice.value.code, unpublished.value.code) == ("ALREADY_USED", "NOT_PUBLISHED")
    assert UsageEvent.objects.count() == 1


def test_rating_is_one_for_each_person_and_can_change() -> None:
    item = published()
    bob, charlie = user("Bob"), user("Charlie")

    library_use.rate(actor=bob, item=item, stars=1)
    library_use.rate(actor=bob, item=item, stars=4)
    rated = library_use.rate(actor=charlie, item=item, stars=5)

    assert (rated.rating_sum, rated.rating_count) == (9, 2)


@pytest.mark.parametrize("stars", [0, 6])
def test_rating_is_one_to_five(stars: int) -> None:
    item = published()

    with pytest.raises(DomainError) as refused:
        library_use.rate(actor=user("Bob"), item=item, stars=stars)

    item.refresh_from_db()
    assert (refused.value.code, item.rating_count) == ("STARS", 0)


def test_owner_does_not_rate_the_own_item() -> None:
    head = paula()
    item = published(owner=head)

    with pytest.raises(DomainError) as refused:
        library_use.rate(actor=head, item=item, stars=5)

    assert refused.value.code == "OWN_ITEM"


def test_questions_without_an_answer_are_counted() -> None:
    """KNO-9: logged for the gap report, without a name."""
    for words in ("Monte Carlo", " monte  carlo ", "x"):
        library_use.log_gap(words=words, language="en", day=TODAY)

    assert list(SearchGap.objects.values_list("words", "count")) == [("monte carlo", 2)]
