"""What adoption counts, as it was known on a day (KNO-10)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from pmo_portal.accounts.models import RoleGrant
from pmo_portal.common.among import Among
from portfolio.choices import ArtefactState
from portfolio.models import Certificate, CourseRole, DocumentTemplate, Exemption, ProjectDocument
from portfolio.models.training import live_course_versions
from portfolio.rollup.adoption import Facts
from portfolio.rollup.training import RequiredCourse, TrainingSum, training_sum
from portfolio.selectors.governance import Governance, load_governance
from portfolio.selectors.lessons import review_counts

SHOWN = (ArtefactState.SUBMITTED, ArtefactState.APPROVED)


@dataclass(frozen=True)
class _Held:
    """A role somebody holds in a project since a day."""

    project: int
    user: int
    role: str
    since: date


def adoption_facts(project_ids: Sequence[int], day: date) -> dict[int, Facts]:
    """Return what was counted of each project by the end of a day. At most sixteen queries."""
    known = load_governance(project_ids, day)
    documents = _documents(project_ids, known, day)
    lessons = review_counts(project_ids, day)
    training = _training(project_ids, day)
    found = {}
    for pk in project_ids:
        made, from_template = documents[pk]
        governance = known.get(pk)
        reviewed = lessons.get(pk)
        found[pk] = Facts(
            documents=made,
            from_template=from_template,
            proposed=reviewed.proposed if reviewed else 0,
            marked=reviewed.marked if reviewed else 0,
            due=training[pk].due,
            passed=training[pk].passed,
            compliance=governance.compliance(day).percent if governance else None,
        )
    return found


def _documents(
    project_ids: Sequence[int], known: Mapping[int, Governance], day: date
) -> dict[int, tuple[int, int]]:
    """
    Return documents and those made from a template in force, per project. Two queries.

    An artefact a template exists for, but which was shown elsewhere, is a document without a template.
    """
    templates = list(DocumentTemplate.objects.filter(loaded_on__lte=day).order_by("rank", "pk"))
    made: dict[int, int] = defaultdict(int)
    proper: dict[int, int] = defaultdict(int)
    here: set[tuple[int, str]] = set()
    rows = ProjectDocument.objects.filter(Among("project_id", project_ids), made_on__lte=day).select_related(
        None
    )
    for project, requirement, template, made_on in rows.order_by("pk").values_list(
        "project", "requirement", "template", "made_on"
    ):
        made[project] += 1
        proper[project] += template in _in_force(templates, day) | _in_force(templates, made_on)
        here.add((project, requirement))
    codes = {template.code for template in templates}
    for project, governance in known.items():
        for rule in governance.content.requirements:
            step = governance.last_steps.get(rule.code)
            is_shown = step is not None and step.state in SHOWN
            made[project] += is_shown and rule.template in codes and (project, rule.code) not in here
    return {pk: (made[pk], proper[pk]) for pk in project_ids}


def _in_force(templates: Sequence[DocumentTemplate], day: date) -> set[int]:
    """Return the newest version of each template that was there on a day; ``templates`` ascend."""
    return set({each.code: each.pk for each in templates if each.loaded_on <= day}.values())


def _training(project_ids: Sequence[int], day: date) -> dict[int, TrainingSum]:
    required = required_courses(project_ids, day)
    return {pk: training_sum(required[pk].values(), day) for pk in project_ids}


def required_courses(
    project_ids: Sequence[int], day: date
) -> dict[int, dict[tuple[int, int], RequiredCourse]]:
    """Return per project, person and course what the roles held in it require. Five queries."""
    wanted: dict[str, list[CourseRole]] = defaultdict(list)
    live = set(live_course_versions().order_by().values_list("item__code", flat=True))
    for row in CourseRole.objects.filter(course__code__in=live, since__lte=day).order_by("pk"):
        wanted[row.role].append(row)
    due: dict[tuple[int, int, int], date] = {}
    for held in _held(project_ids, list(wanted), day):
        for row in wanted[held.role]:
            by = max(held.since, row.since) + timedelta(days=row.due_days)
            key = (held.project, held.user, row.course_id)
            due[key] = min(by, due.get(key, by))
    users = {user for _project, user, _course in due}
    passes, exempt = _passes(users, day), _exempt(users, day)
    required: dict[int, dict[tuple[int, int], RequiredCourse]] = {pk: {} for pk in project_ids}
    for (project, user, course), by in due.items():
        who = (user, course)
        required[project][who] = RequiredCourse(due=by, is_passed=who in passes, is_exempt=who in exempt)
    return required


def _held(project_ids: Sequence[int], roles: Sequence[str], day: date) -> list[_Held]:
    after = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    rows = RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        Q(ends_at__isnull=True) | Q(ends_at__gte=after),
        Q(valid_from__isnull=False, valid_from__lte=day) | Q(valid_from__isnull=True, granted_at__lt=after),
        Among("node__project", project_ids),
        role__in=roles,
        user__is_active=True,
    )
    names = ("node__project", "user_id", "role", "valid_from", "granted_at")
    return [
        _Held(project, user, role, begin or granted.date())
        for project, user, role, begin, granted in rows.order_by("pk").values_list(*names)
    ]


def _passes(users: set[int], day: date) -> set[tuple[int, int]]:
    """Return who had passed which course so that it held on a day, by the certificates."""
    rows = Certificate.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=day),
        issued_on__lte=day,
        attempt__enrolment__user__in=users,
    )
    return set(rows.order_by().values_list("attempt__enrolment__user", "attempt__enrolment__course"))


def _exempt(users: set[int], day: date) -> set[tuple[int, int]]:
    """Return who needed not take which course on a day."""
    rows = Exemption.objects.filter(
        Q(since__isnull=True) | Q(since__lte=day),
        Q(ended_on__isnull=True) | Q(ended_on__gt=day),
        enrolment__user__in=users,
    )
    return set(rows.order_by().values_list("enrolment__user", "enrolment__course"))
