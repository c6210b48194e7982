"""Links: ends, duplicates, rings, and two people at once (SCH-9, SCH-10, SEC-30)."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import DomainError
from projects.access import PlanRights
from projects.models import Link, Project, Task
from projects.services import links
from projects.services.plan_changes import acts, steps
from tests import factories

EVERYTHING = PlanRights(
    edits=True, deletes=True, records=True, records_own=False, prices=True, person_id=None
)


def plan(*names: str) -> tuple[Project, dict[str, Task]]:
    """Return a project with tasks of these names."""
    project = factories.project()
    return project, {name: factories.task(project, name) for name in names}


def refused(project: Project, predecessor: Task, successor: Task, **facts: Any) -> DomainError:
    """Return the refusal, after checking that nothing changed and nothing was audited."""
    before = (Link.objects.count(), AuditEntry.objects.count())
    with pytest.raises(DomainError) as refusal:
        links.add_link(actor=None, project=project, predecessor=predecessor, successor=successor, **facts)
    assert (Link.objects.count(), AuditEntry.objects.count()) == before
    return refusal.value


@pytest.mark.django_db
def test_ring_refused_with_its_tasks_in_order() -> None:
    """SCH-10."""
    project, task = plan("A", "B", "C")
    links.add_link(actor=None, project=project, predecessor=task["A"], successor=task["B"])
    links.add_link(actor=None, project=project, predecessor=task["B"], successor=task["C"])

    fault = refused(project, task["C"], task["A"])

    assert (fault.code, str(fault)) == ("CYCLE", "This link would close a ring: 1 A → 2 B → 3 C → 1 A.")


@pytest.mark.django_db
def test_duplicate_of_pair_and_type_refused() -> None:
    """SCH-10; another type of the same pair is another link."""
    project, task = plan("A", "B")
    links.add_link(actor=None, project=project, predecessor=task["A"], successor=task["B"])

    same = refused(project, task["A"], task["B"])
    links.add_link(
        actor=None, project=project, predecessor=task["A"], successor=task["B"], type="FF", lag=480
    )

    assert same.code == "DUPLICATE_LINK"
    assert sorted(Link.objects.values_list("type", "lag")) == [("FF", 480), ("FS", 0)]


@pytest.mark.django_db
def test_trail_calls_a_link_by_its_tasks() -> None:
    """As planners write it, not by keys of the database."""
    project, task = plan("A", "B")
    link = links.add_link(actor=None, project=project, predecessor=task["A"], successor=task["B"], type="SS")
    links.edit_link(actor=None, link=link, changes={"type": "FF"}, expected_version=None)
    links.remove_link(actor=None, link=link)
    links.add_links(
        actor=None, project=project, drafts=[links.LinkDraft(predecessor=task["A"], successor=task["B"])]
    )

    assert names_in_trail() == ["1 SS 2", "1 FF 2", "1 FF 2", "1 FS 2"]


@pytest.mark.django_db
def test_trail_of_the_plan_calls_a_link_by_its_tasks() -> None:
    """Steps on the plan page write the same names."""
    project, task = plan("A", "B")
    actor = factories.manager_of(project)
    uids = task["A"].uid, task["B"].uid

    def do(act: acts.Act, key: str) -> None:
        steps.do_step(actor=actor, project=project, rights=EVERYTHING, key=key, changes=[act])

    do(acts.AddLink(*uids, "SS"), "a")
    pk = Link.objects.get().pk
    do(acts.EditLink(pk, "FF"), "b")
    do(acts.RemoveLink(pk), "c")

    assert names_in_trail() == ["1 SS 2", "1 FF 2", "1 FF 2"]


def names_in_trail() -> list[str]:
    """Return what the audit trail calls the links, oldest first."""
    told = AuditEntry.objects.filter(object_type="projects.link").order_by("sequence")
    return list(told.values_list("object_label", flat=True))


@pytest.mark.django_db
def test_link_to_itself_refused() -> None:
    """SCH-9."""
    project, task = plan("A")

    assert refused(project, task["A"], task["A"]).code == "SELF_LINK"


@pytest.mark.django_db
def test_link_to_summary_or_ancestor_refused() -> None:
    """SCH-9."""
    project, task = plan("A", "B")
    below = factories.task(project, "Below", parent=task["A"])

    assert refused(project, below, task["A"]).code == "ANCESTOR_LINK"
    assert refused(project, task["A"], task["B"]).code == "SUMMARY_LINK"


@pytest.mark.django_db
def test_task_of_another_project_refused() -> None:
    """SEC-11, SEC-12."""
    project, task = plan("A")
    foreign = factories.task(factories.project())

    assert refused(project, task["A"], foreign).code == "NO_TASK"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_check_for_rings_reads_the_links_once(count: int, django_assert_max_num_queries: Any) -> None:
    """The same bound at 1 and at 3 links."""
    project, task = plan("A", "B", "C", "D", "E")
    for first, second in (("A", "B"), ("B", "C"), ("C", "D"))[:count]:
        links.add_link(actor=None, project=project, predecessor=task[first], successor=task[second])

    with django_assert_max_num_queries(33):
        links.add_link(actor=None, project=project, predecessor=task["D"], successor=task["E"])


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "rounds"), [(2, 20), (8, 5)])
def test_links_at_the_same_moment_close_no_ring(size: int, rounds: int) -> None:
    """SEC-30: of the links of a ring, each added by a writer of its own at once, exactly one is refused."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    project = factories.project()
    refusals: list[str] = []

    for _round in range(rounds):
        ring = [factories.task(project) for _number in range(size)]
        barrier = Barrier(size)
        threads = [
            Thread(target=_add, args=(project, first, ring[place - size + 1], barrier, refusals))
            for place, first in enumerate(ring)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert refusals == ["CYCLE"] * rounds
    assert Link.objects.filter(project=project).count() == (size - 1) * rounds


def _add(project: Project, first: Task, second: Task, barrier: Barrier, refusals: list[str]) -> None:
    try:
        barrier.wait(timeout=10)
        links.add_link(actor=None, project=project, predecessor=first, successor=second)
    except DomainError as fault:
        refusals.append(fault.code)
    finally:
        connection.close()
