"""Every constraint of every model is kept by the database itself, on both engines (SEC-43)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint, Q, UniqueConstraint

from portfolio.models import RollupRun
from projects.models import Calendar, Project
from tests.security.mold import Mold

pytestmark = pytest.mark.django_db
OWN_APPS = ("pmo_portal", "projects", "portfolio")
# Constraint -> what a raw UPDATE of a valid row sets.
VIOLATIONS = {
    "adoption_part_of_whole": "from_template = documents + 1",
    "project_health_color_known": "color = 'PINK'",
    "group_health_color_known": "color = 'PINK'",
    "knowledge_kind_known": "kind = 'SONG'",
    "knowledge_rating_1_to_5": "rating_sum = 6, rating_count = 1",
    "knowledge_state_known": "state = 'LOST'",
    "knowledge_stars_1_to_5": "stars = 6",
    "usage_project_is_reuse": "kind = 'VIEW', project_id = 1",
    "course_pass_mark_1_to_100": "pass_mark = 101",
    "course_attempts_at_least_1": "max_attempts = 0",
    "course_asks_at_least_1": "asked = 0",
    "enrolment_state_known": "state = 'ASLEEP'",
    "enrolment_passed_on_a_day": "state = 'PASSED', passed_on = NULL",
    "enrolment_exempt_with_reason": "state = 'EXEMPT', exempt_reason = ''",
    "attempt_marked_when_handed_in": "handed_in_on = '2026-03-02', score = NULL",
    "certificate_expires_after_issue": "issued_on = '2026-03-02', expires_on = '2026-03-02'",
    "lesson_kind_known": "kind = 'SONG'",
    "lesson_phase_known": "phase = 'DREAM'",
    "lesson_state_known": "state = 'LOST'",
    "document_template_state_known": "state = 'LOST', is_current = false",
    "document_template_current_published": "state = 'DRAFT', is_current = true",
    "lesson_published_has_item": "state = 'PUBLISHED', item_id = NULL",
    "lesson_merged_is_retired": "state = 'CAPTURED', merged_into_id = id",
    "lesson_occasion_known": "occasion = 'PARTY'",
    "lesson_mark_known": "mark = 'LOVED'",
    "lesson_marked_on_a_day": "mark = 'APPLIED', marked_on = NULL",
    "standard_change_known": "state = 'LOST'",
    "standard_change_has_version": "state = 'DONE', item_version_id = NULL, methodology_version_id = NULL, "
    "template_version_id = NULL",
    "portfolio_not_own_parent": "parent_id = id",
    "absence_ends_after_start": "left_on = '2026-03-02', returned_on = '2026-03-02'",
    "assessment_scope_fits_kind": "kind = 'MATURITY', scope = ''",
    "assessment_state_known": "state = 'DREAMING'",
    "assessment_closed_at_a_time": "state = 'CLOSED', closed_at = NULL",
    "maturity_aim_level": "target = 6",
    "maturity_aim_weight": "weight = 4",
    "gap_action_state_known": "state = 'LATE'",
    "document_state_known": "state = 'DREAMING'",
    "document_decided_on_a_day": "state = 'APPROVED', decided_on = NULL",
    "pmo_not_own_parent": "parent_id = id",
    "pmo_mandate_known": "mandate = 'NO_PMO'",
    "pmo_answers_within_60_days": "answer_days = 61",
    "help_state_known": "state = 'DREAMING'",
    "help_answered_on_a_day": "state = 'ANSWERED', answered_on = NULL",
    "help_due_after_asked": "asked_on = '2026-03-03', due_on = '2026-03-02'",
    "pmo_member_allocation_1_to_100": "allocation_percent = 101",
    "pmo_member_until_after_from": "valid_from = '2026-03-02', valid_to = '2026-03-01'",
    "period_order": "\"start\" = '2026-03-03', \"end\" = '2026-03-02'",
    "period_closed_by_close": "closed_at = NULL, closed_by_id = 1",
    "emergency_ends_after_opening": "ends_at = opened_at",
    "emergency_confirmed_by_somebody": "confirmed_at = '2026-03-02 08:00:00+00:00', confirmed_by_id = NULL",
    "grant_hour_only_in_emergency": "role = 'EXECUTIVE', ends_at = '2026-03-02 08:00:00+00:00'",
    "check_waiver_until_after_from": "valid_from = '2026-03-02', valid_until = '2026-03-01'",
    "project_dependency_of_two_projects": "receiver_id = giver_id",
    "calendar_hours_per_day": "hours_per_day = 25",
    "calendar_exception_order": "start = '2026-03-03', finish = '2026-03-02'",
    "calendar_work_week_order": "start = '2026-03-03', finish = '2026-03-02'",
    "methodology_family_known": "family = 'MAGIC'",
    "methodology_version_state_known": "state = 'DREAMING'",
    "methodology_effective_from_a_day": "state = 'EFFECTIVE', effective_from = NULL",
    "binding_tier_known": "tier = 'T9'",
    "complexity_tier_known": "tier = 'T9'",
    "own_requirement_one_due": "gate = 'G0', cadence = 'MONTHLY'",
    "own_requirement_weight_range": "weight = 4",
    "placement_cadence_known": "cadence = 'DAILY'",
    "exemption_ends_after_its_begin": "since = '2026-03-02', ended_on = '2026-03-01'",
    "artefact_state_known": "state = 'DREAMING'",
    "gate_review_state_known": "state = 'DREAMING'",
    "gate_review_decision_known": "decision = 'MAYBE'",
    "gate_review_decided_on_a_day": "state = 'CLOSED', decision = 'GO', decided_on = NULL",
    "gate_review_requested_on_evidence": "state = 'REQUESTED', requested_on = '2026-03-02', checksum = ''",
    "gate_review_releases_with_a_go": "decision = 'HOLD', decided_on = '2026-03-02', released_amount = 1",
    "gate_member_part_known": "part = 'GUEST'",
    "gate_vote_known": "vote = 'MAYBE', voted_on = '2026-03-02', reason = 'Why', part = 'CHAIR'",
    "gate_member_votes_with_reason": "vote = 'GO', voted_on = '2026-03-02', reason = '', part = 'CHAIR'",
    "gate_answer_known": "answer = 'MAYBE'",
    "gate_answer_left_out_with_note": "answer = 'NOT_APPLICABLE', note = ''",
    "closing_item_done_on_a_day": "note = 'Why', done_on = NULL",
    "cost_hold_ends_after_its_begin": "began_on = '2026-03-03', ended_on = '2026-03-02'",
    "gate_condition_state_known": "state = 'LATE', ended_on = '2026-03-02'",
    "gate_condition_ended_on_a_day": "state = 'MET', ended_on = NULL",
    "waiver_state_known": "state = 'DREAMING'",
    "waiver_approved_on_a_day": "state = 'APPROVED', approved_on = NULL",
    "raci_kind_known": "kind = 'DANCE'",
    "raci_share_known": "share = 'X'",
    "raci_one_party": "role = '', person_id = NULL",
    "link_not_to_itself": "predecessor_id = successor_id",
    "budget_category_known": "category = 'SECRET'",
    "commitment_invoiced_not_negative": "invoiced = -0.01",
    "actual_cost_rate_positive": "rate = 0",
    "actual_cost_not_own_reversal": "reverses_id = id",
    "forecast_not_negative": "etc_amount = -0.01",
    "fx_rate_positive": "rate = 0",
    "fx_rate_two_currencies": "source = target",
    "progress_percent_0_to_100": "percent_complete = 100.01",
    "progress_actual_finish_after_start": "actual_finish = '2026-03-01 08:00:00+00:00'",
    "project_finish_after_start": "planned_start = '2026-03-02', planned_finish = '2026-03-01'",
    "project_state_known": "state = 'DREAMING'",
    "project_hold_remembers_state": "state = 'ON_HOLD', state_before_hold = ''",
    "report_confidence_known": "confidence = 'PINK'",
    "rating_dimension_known": "dimension = 'WEATHER'",
    "resource_units_not_negative": "max_units_percent = -1",
    "rate_not_negative": "cost_per_hour = -0.01",
    "assignment_units_not_negative": "units_percent = -1",
    "task_percent_complete_0_to_100": "percent_complete = -0.01",
    "task_percent_physical_0_to_100": "percent_physical = 100.01",
    "task_planned_finish_after_start": (
        "planned_start = '2026-03-02 08:00:00+00:00', planned_finish = '2026-03-01 08:00:00+00:00'"
    ),
    "task_actual_finish_after_start": "actual_finish = '2026-03-01 08:00:00+00:00', actual_start = NULL",
    "template_factors_positive": "duration_factor = 0",
    "template_version_state_known": "state = 'GONE'",
    "task_not_own_parent": "parent_id = id",
    "task_milestone_without_duration": "kind = 'FINISH_MILESTONE', duration = 480",
    "api_token_scope_known": "scope = 'ALL'",
    "grant_valid_to_after_from": "valid_from = '2026-03-02', valid_to = '2026-03-01'",
    "grant_role_known": "role = 'KING'",
    "org_unit_valid_to_after_from": "valid_from = '2026-03-02', valid_to = '2026-03-01'",
    "org_unit_not_own_parent": "parent_id = id",
    "person_fte_0_to_1": "fte = 1.01",
    "person_active_to_after_from": "active_from = '2026-03-02', active_to = '2026-03-01'",
    "schedule_passed_within_applicable": "passed = 2",
    "schedule_score_or_reason": "reason = 'EMPTY_PLAN'",
    "scope_only_organization_is_root": "kind = 'ORGANIZATION', parent_id = id",
    "scope_only_project_confidential": "kind = 'ORGANIZATION', parent_id = NULL, is_confidential = TRUE",
    "user_email_lower_case": "email = 'Alice@Example.org'",
    "job_progress_within_total": "progress_total = 1, progress_done = 2",
    "job_state_known": "state = 'DREAMING'",
}

# Columns that keep another constraint out of the way.
AIM = {"target": 3, "weight": 1}
OPENED = {"opened_at": datetime(2026, 3, 2, 7, tzinfo=UTC)}
ASIDE: dict[str, dict[str, Any]] = {
    "baseline_number_unique": {"is_current": False},
    "absence_once_per_day": {"returned_on": date(2026, 3, 3)},
    "emergency_one_open_per_person": OPENED,
    "emergency_ends_after_opening": OPENED,
    "emergency_confirmed_by_somebody": OPENED,
    "document_template_version_unique": {"is_current": False},
    "document_template_one_open": {"state": "DRAFT", "is_current": False, "version": "9.9.9"},
    "gate_member_once": {"part": "DECIDER"},
    "document_version_unique": {"state": "APPROVED", "decided_on": date(2026, 3, 2)},
    "project_document_once_per_requirement": {"requirement": "SG-06"},
    "methodology_one_effective": {"effective_from": date(2026, 3, 2)},
    "raci_share_known": {"role": "PM"},
    "raci_one_party": {"role": "PM"},
    "pmo_not_own_parent": {"answer_days": 3},
    "pmo_mandate_known": {"answer_days": 3},
    "pmo_answers_within_60_days": {"answer_days": 3},
    "knowledge_version_unique": {"state": "ARCHIVED"},
    "knowledge_stars_1_to_5": {"stars": 3},
    "knowledge_rating_once": {"stars": 3},
    "usage_once_per_project": {"kind": "REUSE"},
    "attempt_number_unique": {
        "handed_in_on": date(2026, 3, 2),
        "score": Decimal(0),
        "points": 0,
        "max_points": 1,
    },
    "maturity_aim_level": AIM,
    "maturity_aim_weight": AIM,
    "maturity_aim_once": AIM,
    "schedule_passed_within_applicable": {"applicable": 1},
    "schedule_score_or_reason": {"applicable": 1},
    "schedule_assessed_once_per_date": {"applicable": 1},
}


def constraints(kind: type[Any]) -> Iterator[tuple[type[models.Model], Any]]:
    for model in apps.get_models():
        if model.__module__.startswith(OWN_APPS):
            for each in model._meta.constraints:
                if isinstance(each, kind):
                    yield model, each


CHECKS = {each.name: (model, each) for model, each in constraints(CheckConstraint)}
UNIQUES = {each.name: (model, each) for model, each in constraints(UniqueConstraint)}


def test_every_check_has_a_violation() -> None:
    """A new constraint without a line here fails the build."""
    assert sorted(CHECKS) == sorted(VIOLATIONS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_check_refuses_raw_update(name: str) -> None:
    """SEC-43: raw SQL past models, forms and services."""
    model, _check = CHECKS[name]
    row = Mold().make(model, **ASIDE.get(name, {}))
    before = model._base_manager.filter(pk=row.pk).values().get()
    table, key = connection.ops.quote_name(model._meta.db_table), model._meta.pk.column

    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {VIOLATIONS[name]} WHERE {key} = %s", [_raw(model, row)])

    assert name in str(refused.value)
    assert model._base_manager.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("name", sorted(UNIQUES))
def test_unique_refuses_second_row(name: str) -> None:
    """SEC-43: a second row that differs in everything else."""
    model, unique = UNIQUES[name]
    mold = Mold()
    if model is not RollupRun:
        mold.known = {RollupRun: mold.make(RollupRun)}
    held = {**ASIDE.get(name, {}), **_held(unique.condition)}
    _free(model, unique)
    first = mold.make(model, **held, **_filled(mold, model, unique, held))
    same = {field: getattr(first, field) for field in unique.fields}
    second = mold.unsaved(model, **{**held, **same})
    before = model._base_manager.count()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model._base_manager.bulk_create([second])

    columns = [model._meta.get_field(field).column for field in unique.fields]
    told = str(refused.value)
    assert name in told or all(column in told for column in columns)
    assert model._base_manager.count() == before


def _raw(model: type[models.Model], row: models.Model) -> Any:
    return model._meta.pk.get_db_prep_value(row.pk, connection)


def _held(condition: Q | None) -> dict[str, Any]:
    """Return columns for which the condition of a partial constraint holds."""
    held: dict[str, Any] = {}
    for child in condition.children if condition and not condition.negated else []:
        if isinstance(child, tuple) and child[0].endswith("__isnull"):
            held.update({child[0].removesuffix("__isnull"): None} if child[1] else {})
        elif isinstance(child, tuple) and child[0].endswith("__in"):
            held[child[0].removesuffix("__in")] = child[1][0]
        elif isinstance(child, tuple):
            held[child[0]] = child[1]
    return held


def _filled(
    mold: Mold, model: type[models.Model], unique: UniqueConstraint, held: dict[str, Any]
) -> dict[str, Any]:
    """Return values for columns of the constraint that could stay empty: two empty ones do not clash."""
    values = {}
    for name in unique.fields:
        field = model._meta.get_field(name)
        if name not in held and (field.null or field.blank or field.has_default()):
            values[name] = mold._value(field)
    return values


def _free(model: type[models.Model], unique: UniqueConstraint) -> None:
    """Make room where migrations have put the one row already."""
    if unique.name == "calendar_one_default":
        Calendar.objects.filter(is_default=True).update(is_default=False)
        assert not Project.objects.exists()
