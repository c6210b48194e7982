"""The header of a project shows the tier that counts: one truth (STD-4)."""

from datetime import date, timedelta

import pytest

from pmo_portal.audit.models import AuditEntry
from portfolio.rollup.tier import WEIGHTS
from portfolio.selectors.governance import governance_of
from portfolio.services.governance import score_complexity
from portfolio.services.tiers import keep_tiers
from projects.models import Project
from tests.portfolio.gates import G0_DAY, Scene, scene
from tests.portfolio.methods import DAY

pytestmark = pytest.mark.django_db


def scored(found: Scene, answer: int, *, day: date = DAY) -> str:
    """Score with the same answer to all questions; return the tier in the header."""
    answers = dict.fromkeys(WEIGHTS, answer)
    score_complexity(actor=found.alice, project=found.project, answers=answers, today=day)
    return Project.objects.get().tier


def test_a_score_changes_the_header_when_it_counts() -> None:
    """The first and a lower score at once, a higher one on the day of the next gate."""
    found = scene("T1")

    tiers = [scored(found, 2), scored(found, 3), scored(found, 1)]

    assert tiers == ["T2", "T2", "T1"]
    entries = AuditEntry.objects.filter(action="project.changed").order_by("sequence")
    assert [(entry.before, entry.after) for entry in entries] == [
        ({"tier": "T1"}, {"tier": "T2"}),
        ({"tier": "T2"}, {"tier": "T1"}),
    ]


def test_the_day_of_the_gate_brings_the_higher_tier() -> None:
    found = scene("T1")
    scored(found, 2)
    scored(found, 3)

    kept = [keep_tiers(today=day) for day in (G0_DAY - timedelta(days=1), G0_DAY, G0_DAY)]

    known = governance_of(found.project, G0_DAY)
    assert kept == [0, 1, 0]
    assert known is not None
    assert (Project.objects.get().tier, known.records.tier) == ("T3", "T3")


def test_what_was_typed_in_before_is_brought_in_line() -> None:
    found = scene("T1")
    Project.objects.filter(pk=found.project.pk).update(tier="T4")

    assert (keep_tiers(today=DAY), Project.objects.get().tier) == (1, "T1")
