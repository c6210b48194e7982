"""What projects and lessons are compared by (KNO-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.choices import LessonPhase
from portfolio.models import Lesson, LessonProfile
from portfolio.models.knowledge import LIVE
from portfolio.models.lesson import tags_of
from portfolio.rollup.lesson_match import Candidate, Profile
from portfolio.selectors.governance import load_governance
from projects.choices import ProjectState
from projects.models import Project

PHASES = {
    ProjectState.PROPOSED: LessonPhase.INTAKE,
    ProjectState.APPROVED: LessonPhase.INITIATING,
    ProjectState.INITIATING: LessonPhase.INITIATING,
    ProjectState.PLANNING: LessonPhase.PLANNING,
    ProjectState.EXECUTING: LessonPhase.EXECUTING,
    ProjectState.CLOSING: LessonPhase.CLOSING,
    ProjectState.CLOSED: LessonPhase.CLOSING,
}


@dataclass(frozen=True)
class OfferedLesson:
    """A published lesson that may be offered."""

    project_id: int
    kind: str
    phase: str
    candidate: Candidate


def phase_of(project: Project) -> LessonPhase:
    """Return the phase a project is in; on hold, the one it was in before."""
    state = project.state_before_hold if project.state == ProjectState.ON_HOLD else project.state
    return PHASES.get(ProjectState(state), LessonPhase.EXECUTING) if state else LessonPhase.EXECUTING


def candidates() -> list[OfferedLesson]:
    """Return the published lessons, those of confidential projects left out (ORG-9). One query."""
    rows = Lesson.objects.in_use().filter(
        item__versions__state__in=LIVE, project__node__is_confidential=False
    )
    return [
        OfferedLesson(
            lesson.project_id,
            lesson.kind,
            lesson.phase,
            Candidate(
                lesson.pk,
                Profile(lesson.category, lesson.methodology, lesson.tier, frozenset(lesson.tag_list)),
                lesson.published_on or lesson.captured_on,
            ),
        )
        for lesson in rows.order_by("pk")
    ]


def profiles_of(projects: Sequence[Project], day: date) -> dict[int, Profile]:
    """Return what lessons are compared with, by project. Two queries, or seven."""
    ids = [each.pk for each in projects]
    known = load_governance(ids, day)
    tags = dict(LessonProfile.objects.filter(project__in=ids).values_list("project", "tags"))
    return {
        each.pk: Profile(
            category=each.category,
            methodology=known[each.pk].version.methodology.code if each.pk in known else "",
            tier=known[each.pk].records.tier if each.pk in known else each.tier,
            tags=frozenset(tags_of(tags.get(each.pk, ""))),
        )
        for each in projects
    }
