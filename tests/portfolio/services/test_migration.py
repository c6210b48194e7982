"""A project goes to another version of its methodology, but not under a running review (STD-2, STD-15)."""

import pytest

from pmo_portal.common.errors import Conflict
from portfolio.models import GateReview, MethodologyBinding, MethodologyVersion
from portfolio.services.gate_conditions import ConditionGiven, end_condition, show_evidence
from portfolio.services.methodology_drafts import remove_row
from portfolio.services.migration import migrate_methodology
from tests.portfolio.gates import G0_DAY, Scene, decided, prepare, requested, scene, voted
from tests.portfolio.methods import DAY, anna, draft_of, paula, publish, stage_gate

pytestmark = pytest.mark.django_db


def newer() -> MethodologyVersion:
    """SG 1.1.0, in force."""
    author = anna()
    draft = draft_of(stage_gate(), author)
    draft = remove_row(actor=author, version=draft, edition=1, part="requirements", code="SG-03")
    return publish(draft, author=author, head=paula())


def migrated(found: Scene, version: MethodologyVersion) -> MethodologyBinding:
    expected = MethodologyBinding.objects.latest("pk").version_id
    return migrate_methodology(
        actor=found.alice, project=found.project, version=version, expected=expected, today=DAY
    )


def test_no_other_version_while_a_gate_is_under_review() -> None:
    """STD-15: from the request to the last condition the review rests on one version."""
    found = scene()
    version = newer()
    review = requested(found)
    refusals = []

    for _state in ("REQUESTED", "IN_REVIEW"):
        with pytest.raises(Conflict, match="Gate G0 is under review") as fault:
            migrated(found, version)
        refusals.append((review.state, fault.value.code))
        review = voted(review, "CONDITIONAL_GO", found.petra)
    row = decided(
        found,
        "CONDITIONAL_GO",
        review,
        conditions=[ConditionGiven("Show the fit", found.alice, G0_DAY)],
    ).conditions.get()
    with pytest.raises(Conflict, match="or a condition of it is open") as fault:
        migrated(found, version)
    refusals.append((GateReview.objects.get().state, fault.value.code))

    assert refusals == [
        ("REQUESTED", "GATE_OPEN"),
        ("IN_REVIEW", "GATE_OPEN"),
        ("DECIDED", "GATE_OPEN"),
    ]
    assert MethodologyBinding.objects.count() == 1
    show_evidence(actor=found.alice, condition=row, evidence="See the note", today=DAY)
    end_condition(actor=found.petra, condition=row, state="MET", note="", today=DAY)
    assert migrated(found, version).version == version


def test_a_gate_that_is_only_prepared_keeps_nobody() -> None:
    found = scene()
    version = newer()
    prepare(found)

    assert migrated(found, version).version == version
