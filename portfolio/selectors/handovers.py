"""What people who left still hold, for hand-over (ORG-7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person, RoleGrant
from portfolio.models import PmoMember
from projects.models import Assignment, Project


@dataclass(frozen=True)
class Held:
    """Something somebody holds; ``number`` of unfinished tasks, ``role`` in a project, or ``office``."""

    url: str
    project: str = ""
    role: str = ""
    tasks: int = 0
    office: str = ""


@dataclass(frozen=True)
class Handover:
    """Somebody who left, with what is to be handed over."""

    person: Person
    held: tuple[Held, ...]


def open_handovers(user: Any, today: date) -> list[Handover]:
    """
    Return people whose employment or access ended and what they still hold, as far as ``user`` sees it.

    Unfinished tasks, roles in open projects, memberships of offices. Four queries.
    """
    left = Person.objects.filter(Q(active_to__lt=today) | Q(user__is_active=False))
    seen = Project.objects.visible_to(user, "member.view").active()
    held: dict[int, list[Held]] = {}
    for pk, line in (*_tasks(left, seen), *_roles(left, seen), *_memberships(left, today)):
        held.setdefault(pk, []).append(line)
    people = Person.objects.filter(pk__in=held).select_related("org_unit").order_by("name", "pk")
    return [Handover(person, tuple(held[person.pk])) for person in people]


def _tasks(left: QuerySet[Person], seen: QuerySet[Project]) -> Iterable[tuple[int, Held]]:
    rows = (
        Assignment.objects.filter(
            resource__person__in=left.values("pk"),
            task__project__in=seen.values("pk"),
            task__actual_finish__isnull=True,
        )
        .values("resource__person", "task__project__code", "task__project__name")
        .annotate(number=Count("task", distinct=True))
        .order_by("task__project__code", "resource__person")
    )
    for row in rows:
        code = row["task__project__code"]
        name = f"{code} {row['task__project__name']}"
        yield (
            row["resource__person"],
            Held(reverse("projects:team", args=[code]), project=name, tasks=row["number"]),
        )


def _roles(left: QuerySet[Person], seen: QuerySet[Project]) -> Iterable[tuple[int, Held]]:
    rows = RoleGrant.objects.filter(
        user__person__in=left.values("pk"), node__project__in=seen.values("pk"), valid_to__isnull=True
    ).exclude(ends_at__isnull=False)
    names = dict(Role.choices)
    found = rows.order_by("node__project__code", "role", "pk")
    for pk, code, name, role in found.values_list(
        "user__person", "node__project__code", "node__project__name", "role"
    ):
        address = reverse("projects:team", args=[code])
        yield pk, Held(address, project=f"{code} {name}", role=str(names.get(role, role)))


def _memberships(left: QuerySet[Person], today: date) -> Iterable[tuple[int, Held]]:
    rows = PmoMember.objects.active_on(today).filter(person__in=left.values("pk"), valid_to__isnull=True)
    for row in rows.select_related("pmo").order_by("pmo__name", "pk"):
        yield row.person_id, Held(reverse("portfolio:member_edit", args=[row.pk]), office=row.pmo.name)
