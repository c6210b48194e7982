"""Scenes of courses and training (see `bench._scenes`)."""

from collections.abc import Callable
from random import Random
from typing import Any

from bench._scenes import REASON, Scene

TEXTS = {
    "modules": "# Why {#why, 20 min}\n\nBecause.",
    "questions": "? {#end} Who accepts?\n(x) The sponsor\n( ) The team\n! The sponsor owns the case.",
    "asked": 1,
}


def _written(_world: Any, rng: Random) -> Scene:
    return Scene({**TEXTS, "code": f"c{rng.randint(1, 10**9)}"}, {}, "DIR")


def _exempt(_world: Any, _rng: Random) -> Scene:
    from portfolio.models import Enrolment

    Enrolment.objects.update(state="EXEMPT", exempt_reason=REASON)
    return Scene({"reason": REASON}, {}, "DIR")


SCENES: dict[str, Callable[[Any, Random], Scene]] = {
    "api-course-list": _written,
    "api-course-draft": lambda world, rng: Scene(TEXTS, {}, "DIR"),
    "api-course-hand-in": lambda world, rng: Scene(
        {"answers": {"pick": [str(rng.randint(0, 1))]}}, {}, "MEM"
    ),
    "api-training-reset": _exempt,
    "api-training-exempt": lambda world, rng: Scene({"reason": REASON}, {}, "DIR"),
}
