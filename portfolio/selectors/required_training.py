"""Which courses people have to take by their roles, and where they stand (KNO-5)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language

from pmo_portal.accounts.models import RoleGrant, User
from portfolio.choices import EnrolmentState
from portfolio.models import Course, CourseRole, Enrolment
from portfolio.models.training import live_course_versions
from portfolio.rollup.training import RequiredCourse, TrainingSum, training_sum

SOON = timedelta(days=30)
RENEWAL = timedelta(days=60)


@dataclass(frozen=True)
class Standing:
    """Somebody in a course: required by a role or taken freely."""

    user_id: int
    course: Course
    title: str
    is_required: bool
    due: date | None
    enrolment: Enrolment | None
    today: date

    @property
    def required(self) -> RequiredCourse | None:
        """The course as compliance counts it; None for one that is not required."""
        if not self.is_required or self.due is None:
            return None
        row = self.enrolment
        return RequiredCourse(
            due=self.due,
            is_passed=row is not None and row.state == EnrolmentState.PASSED,
            expires_on=row.expires_on if row else None,
            is_exempt=row is not None and row.state == EnrolmentState.EXEMPT,
        )

    @property
    def holds(self) -> bool:
        """Whether it is passed and unexpired."""
        row = self.enrolment
        is_passed = row is not None and row.state == EnrolmentState.PASSED
        return is_passed and (row.expires_on is None or row.expires_on >= self.today)  # type: ignore[union-attr]

    @property
    def is_overdue(self) -> bool:
        """Whether it is required, due and not met."""
        required = self.required
        return required is not None and required.is_due(self.today) and not required.holds(self.today)

    @property
    def expires_soon(self) -> bool:
        """Whether the pass ends within 30 days."""
        ends = self.enrolment.expires_on if self.enrolment else None
        return self.holds and ends is not None and ends - SOON <= self.today

    @property
    def may_renew(self) -> bool:
        """Whether a pass that holds may be taken again already."""
        ends = self.enrolment.expires_on if self.enrolment else None
        return self.holds and ends is not None and ends - RENEWAL <= self.today

    @property
    def state(self) -> str:
        """The state as of today; empty for a course nobody began."""
        if self.enrolment is None:
            return ""
        if self.enrolment.state == EnrolmentState.PASSED and not self.holds:
            return EnrolmentState.EXPIRED.value
        return str(self.enrolment.state)

    @property
    def state_title(self) -> str:
        """The state in words."""
        return str(EnrolmentState(self.state).label) if self.state else ""

    @property
    def attempts_left(self) -> int:
        """How many attempts are left."""
        used = self.enrolment.used if self.enrolment else 0
        return max(self.course.max_attempts - used, 0)


def standings(*, today: date, users: Iterable[int] | None = None) -> list[Standing]:
    """
    Return where people stand in courses that are required of them or that they began, by title.

    Four queries, whatever the number of people; for all active people without ``users``.
    """
    chosen = None if users is None else list(users)
    titles = course_titles()
    due = _due_days(chosen, today)
    begun = {(row.user_id, row.course_id): row for row in _enrolments(chosen)}
    courses = {course.pk: course for course in Course.objects.filter(code__in=titles)}
    found = [
        Standing(
            user_id=user,
            course=courses[course],
            title=titles[courses[course].code],
            is_required=(user, course) in due,
            due=_due(due.get((user, course)), begun.get((user, course))),
            enrolment=begun.get((user, course)),
            today=today,
        )
        for user, course in {*due, *begun}
        if course in courses
    ]
    return sorted(found, key=lambda each: (each.user_id, each.title.casefold(), each.course.code))


def reader_language() -> str:
    """Return the language courses are shown in."""
    return (get_language() or "en")[:2]


def course_titles() -> dict[str, str]:
    """Return code → title of published courses, in the reader's language where there is one. One query."""
    language = reader_language()
    rows = live_course_versions().order_by("item__code", "item__language")
    titles: dict[str, str] = {}
    for row in rows:
        if row.item.code not in titles or row.item.language == language:
            titles[row.item.code] = row.title
    return titles


def sums_of(rows: Iterable[Standing], today: date) -> TrainingSum:
    """Return what is due and met of some standings."""
    return training_sum([row.required for row in rows if row.required is not None], today)


def _due(by_role: date | None, enrolment: Enrolment | None) -> date | None:
    """Return the day by which a course has to be passed; after an expiry that is the last day it held."""
    if enrolment is None:
        return by_role
    return enrolment.due or by_role


def _due_days(users: list[int] | None, today: date) -> dict[tuple[int, int], date]:
    """Return (user, course) → the first day by which a role wants the course. Two queries."""
    wanted: dict[str, list[CourseRole]] = defaultdict(list)
    for row in CourseRole.objects.order_by("pk"):
        wanted[row.role].append(row)
    found: dict[tuple[int, int], date] = {}
    for user, role, start in _held_roles(users, list(wanted), today):
        for row in wanted[role]:
            day = max(start, row.since) + timedelta(days=row.due_days)
            key = (user, row.course_id)
            found[key] = min(day, found.get(key, day))
    return found


def _held_roles(users: list[int] | None, roles: list[str], today: date) -> list[tuple[int, str, date]]:
    """Return who holds which role since when; grants that hold on a day, of people who can sign in."""
    rows = RoleGrant.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today),
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        Q(ends_at__isnull=True) | Q(ends_at__gt=Now()),
        user__is_active=True,
        role__in=roles,
    )
    if users is not None:
        rows = rows.filter(user__in=users)
    return [
        (user, role, begin or granted.date())
        for user, role, begin, granted in rows.values_list("user_id", "role", "valid_from", "granted_at")
    ]


def _enrolments(users: list[int] | None) -> Any:
    rows = Enrolment.objects.filter(user__is_active=True)
    return rows if users is None else rows.filter(user__in=users)


def people_in(rows: Iterable[Standing]) -> dict[int, User]:
    """Return user number → user with person and unit. One query."""
    pks = {row.user_id for row in rows}
    return {user.pk: user for user in User.objects.filter(pk__in=pks).select_related("person__org_unit")}
