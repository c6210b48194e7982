"""Scenes of the PMO's own work: assessments, the library, templates of projects (see `bench._scenes`)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from bench._scenes import MEMBER, REASON, Scene

DAY = date(2026, 3, 2)


def _round(world: Any, kind: str) -> tuple[Any, Any]:
    """Return an open round and the person it asks."""
    from portfolio.services import assessments
    from tests import factories

    asked = factories.person("Bob", of=world.bob)
    scope = "PROJECT" if kind == "MATURITY" else ""
    draft = assessments.AssessmentDraft(kind=kind, title="Round", held_on=DAY, scope=scope)
    return assessments.start_assessment(actor=None, draft=draft, people=[asked]), asked


def _answered(world: Any, kind: str, answers: Mapping[str, int]) -> Any:
    from django.utils import timezone

    from portfolio.services import assessments

    held, _asked = _round(world, kind)
    evidence = dict.fromkeys(answers, "Seen") if kind == "MATURITY" else {}
    assessments.answer_assessment(
        actor=world.bob, assessment=held, answers=dict(answers), evidence=evidence, now=timezone.now()
    )
    return held


def _need(rng: Random) -> dict[str, int]:
    from portfolio.rollup.need import CODES

    return {code: rng.randint(0, 4) for code in CODES}


def _answer(world: Any, rng: Random) -> Scene:
    held, _asked = _round(world, "NEED")
    return Scene({"answers": _need(rng), "evidence": ...}, {"pk": held.pk}, MEMBER)


def _close(world: Any, rng: Random) -> Scene:
    return Scene({}, {"pk": _answered(world, "NEED", _need(rng)).pk}, "DIR")


def _plan(world: Any, _rng: Random) -> Scene:
    from django.utils import timezone

    from portfolio.rollup.maturity import CODES
    from portfolio.services import assessments

    held = _answered(world, "MATURITY", {code: 1 for code in CODES if code.startswith("RISK")})
    assessments.close_assessment(actor=None, assessment=held, expected_version=None, now=timezone.now())
    return Scene({"aims": [{"perspective": "RISK", "target": 3, "weight": 1}]}, {"pk": held.pk}, "DIR")


def _invite(_world: Any, rng: Random) -> Scene:
    return Scene({"people": [_somebody(rng)]}, {}, "DIR")


def _start(_world: Any, rng: Random) -> Scene:
    fields = {"people": [_somebody(rng)], "kind": "NEED", "scope": ..., "org_unit": None}
    return Scene({**fields, "held_on": "2026-03-02", "answer_by": None}, {}, "DIR")


def _somebody(rng: Random) -> int:
    from tests import factories

    email = f"c{rng.randint(1, 10**9)}@example.org"
    return factories.person("Carla", of=factories.user("Carla", email=email)).pk


def _content() -> dict[str, Any]:
    return {"link": "", "body": "# Cause\n\nText.", "tags": ["risk"], "roles": [], "methodologies": []}


def _new_item(_world: Any, rng: Random) -> Scene:
    about = {"code": f"item-{rng.randint(1, 10**9)}", "language": "en", "kind": "TEMPLATE"}
    return Scene({**about, **_content()}, {}, "DIR")


def _edited_item(_world: Any, _rng: Random) -> Scene:
    return Scene({**_content(), "is_major": False}, {}, "DIR")


def _drafted_item(_world: Any, _rng: Random) -> Scene:
    from portfolio.models import KnowledgeItem
    from portfolio.services.library import edit_item
    from tests.portfolio.libraries import content

    edit_item(actor=None, item=KnowledgeItem.objects.latest("pk"), content=content("Edited"))
    return Scene({"review_by": None}, {}, "DIR")


def _sent_item(world: Any, rng: Random) -> Scene:
    from portfolio.models import KnowledgeItem
    from portfolio.services.library import send_for_review

    _drafted_item(world, rng)
    send_for_review(actor=None, item=KnowledgeItem.objects.latest("pk"))
    return Scene({"reason": REASON}, {}, "DIR")


def _template_head(world: Any, rng: Random) -> Scene:
    _draft_template(world, rng)
    fields = {"edition": 1, "methodology": "SG", "tier": rng.choice(["T1", "T2"]), "category": "IT"}
    return Scene({**fields, "summary": {"en": "For small services.", "de": ""}}, {}, "DIR")


def _draft_template(_world: Any, _rng: Random) -> Scene:
    from portfolio.models import TemplateVersion

    TemplateVersion.objects.update(state="DRAFT", published_by=None, published_at=None)
    return Scene({}, {}, "DIR")


def _template_order(world: Any, rng: Random) -> Scene:
    from portfolio.models import Portfolio

    home = Portfolio.objects.create(code="OWN", name="Own", node=world.own_node)
    fields = {
        "portfolio": home.code, "program": ..., "manager": ..., "currency": "EUR", "start": "2026-09-01",
        "total": "1000", "duration_factor": "1", "cost_factor": "1", "request_key": ...,
        "code": f"c{rng.randint(1, 10**9)}",
    }  # fmt: skip
    return Scene(fields, {}, "DIR")


def _proposal(_world: Any, rng: Random) -> Scene:
    return Scene({"template": f"T-{rng.randint(1, 10**9)}"})


SCENES: dict[str, Callable[[Any, Random], Scene]] = {
    "api-assessment-answer": _answer,
    "api-assessment-close": _close,
    "api-assessment-plan": _plan,
    "api-assessment-invite": _invite,
    "api-assessment-list": _start,
    "api-library-list": _new_item,
    "api-library-detail": _edited_item,
    "api-library-publish": _drafted_item,
    "api-library-send": lambda world, rng: replace(_drafted_item(world, rng), fields={}),
    "api-library-give-back": _sent_item,
    "api-library-confirm": lambda world, rng: Scene({}, {}, "DIR"),
    "api-library-archive": lambda world, rng: Scene({"reason": REASON}, {}, "DIR"),
    "api-library-reuse": lambda world, rng: Scene({"project": world.own.code}, {}, "PM"),
    "api-assessment-withdraw": lambda world, rng: Scene({"reason": REASON}, {}, "DIR"),
    "api-project-template-texts": _template_head,
    "api-project-template-publish": _draft_template,
    "api-project-template-projects": _template_order,
    "api-project-template-use": _proposal,
}
