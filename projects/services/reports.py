"""Publish the status of a project (REP-3 to REP-5, REP-10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from projects import actions
from projects.choices import OverrideState, Rag, ReportState
from projects.models import DeclaredRating, Project, StatusReport
from projects.services.changes import lock_project, touch_project

MIN_REASON = 20
ORDER = (Rag.BLUE, Rag.GREEN, Rag.AMBER, Rag.RED)
REPORTED = frozenset(
    {
        "confidence_note",
        "achievements",
        "next_steps",
        "top_issues",
        "decisions_needed",
        "reported_start",
        "reported_finish",
        "reported_budget",
        "reported_forecast",
        "reported_year_budget",
        "reported_year_forecast",
        "currency",
        "extra",
    }
)
WORDS = frozenset({"confidence", "summary", "path_to_green", "source"})


@dataclass(frozen=True)
class Declaration:
    """The color declared for a dimension, beside the computed one, and why it is better."""

    declared: str
    computed: str = Rag.GREY
    reason: str = ""


@transaction.atomic
def publish_status(
    *,
    actor: User | None,
    project: Project,
    period_end: date,
    published_at: datetime,
    data_date: date | None = None,
    confidence: str = "",
    summary: str = "",
    path_to_green: str = "",
    ratings: Mapping[str, Declaration | str] | None = None,
    source: str = "",
    **reported: Any,
) -> StatusReport:
    """
    Return the status of a period, published; an earlier one of the same period is superseded.

    Parameters
    ----------
    ratings : mapping, optional
        Dimension to declaration (or just the declared color).
    source : str
        Where an imported status comes from. Imported ones are history: nobody is asked for reasons.
    **reported
        Further columns, those of ``REPORTED``.

    Raises
    ------
    DomainError
        ``REASON_NEEDED`` for a color better than computed without 20 characters why (REP-3);
        ``PATH_TO_GREEN_NEEDED`` if a dimension is red without a way out (REP-5).
    """
    locked = lock_project(project)
    declared = {
        dimension: Declaration(value) if isinstance(value, str) else value
        for dimension, value in (ratings or {}).items()
    }
    if not source:
        _require_reasons(declared, path_to_green)
    report = draft_report(
        actor=actor,
        project=locked,
        period_end=period_end,
        published_at=published_at,
        data_date=data_date,
        confidence=confidence,
        summary=summary,
        path_to_green=path_to_green,
        source=source,
        **reported,
    )
    earlier = locked.reports.filter(period_end=period_end, state=ReportState.PUBLISHED)
    superseded = list(earlier.values_list("pk", flat=True))
    earlier.update(state=ReportState.SUPERSEDED)
    report.full_clean(exclude=["created_at"])
    report.save()
    DeclaredRating.objects.bulk_create(
        [_rating(report, dimension, value) for dimension, value in sorted(declared.items())]
    )
    ratings_said = {dimension: value.declared for dimension, value in declared.items()}
    audit.record_many(
        actor=actor, changes=[publication_of(report, superseded=superseded, ratings=ratings_said)]
    )
    touch_project(locked)
    return report


def draft_report(
    *,
    actor: User | None,
    project: Project,
    period_end: date,
    published_at: datetime,
    data_date: date | None = None,
    **reported: Any,
) -> StatusReport:
    """Return the published status of a period, neither saved nor cleaned yet."""
    if set(reported) - REPORTED - WORDS:
        raise ValueError(f"not to be set here: {sorted(set(reported) - REPORTED - WORDS)}")
    return StatusReport(
        project=project,
        period_end=period_end,
        data_date=data_date or period_end,
        state=ReportState.PUBLISHED,
        created_by=actor,
        published_at=published_at,
        **reported,
    )


def publication_of(
    report: StatusReport, *, superseded: Sequence[int] = (), ratings: Mapping[str, str] | None = None
) -> audit.Change:
    """Return what the audit trail says of a published status."""
    return audit.Change(
        action=actions.STATUS_PUBLISHED,
        target=report,
        node=report.project.node,
        before={"superseded": list(superseded)} if superseded else None,
        after={
            "period_end": report.period_end,
            "confidence": report.confidence,
            "ratings": dict(ratings or {}),
        },
    )


def is_better(declared: str, *, than: str) -> bool:
    """Whether a declared color claims more than the computed one; green over "not rated" does too (REP-4)."""
    if than not in ORDER:
        return declared in {Rag.GREEN, Rag.BLUE}
    return declared in ORDER and ORDER.index(Rag(declared)) < ORDER.index(Rag(than))


def _require_reasons(declared: Mapping[str, Declaration], path_to_green: str) -> None:
    for dimension, value in declared.items():
        is_rated = value.computed in ORDER
        if (
            is_rated
            and is_better(value.declared, than=value.computed)
            and len(value.reason.strip()) < MIN_REASON
        ):
            raise DomainError(
                _("Better than computed needs a reason of at least %(count)s characters.")
                % {"count": MIN_REASON},
                code="REASON_NEEDED",
                field=dimension.lower(),
            )
    if (
        any(Rag.RED in {value.declared, value.computed} for value in declared.values())
        and not path_to_green.strip()
    ):
        raise DomainError(
            _("A red dimension needs a path to green: what is done, by whom, until when."),
            code="PATH_TO_GREEN_NEEDED",
            field="path_to_green",
        )


def _rating(report: StatusReport, dimension: str, value: Declaration) -> DeclaredRating:
    waits = is_better(value.declared, than=value.computed)
    rating = DeclaredRating(
        report=report,
        dimension=dimension,
        computed=value.computed,
        declared=value.declared,
        override_reason=value.reason,
        override_state=OverrideState.PENDING if waits else OverrideState.NONE,
    )
    rating.full_clean(exclude=["report"], validate_unique=False, validate_constraints=False)
    return rating
