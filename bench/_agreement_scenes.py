"""Scenes of dependencies, what a project does about its methodology, and drafts of document templates."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from bench._scenes import REASON, Scene, soon

DAY = date(2026, 3, 2)
WORDS = {"en": "Purpose of it", "de": "Zweck davon"}


# -- Dependencies ----------------------------------------------------------------------------------


def _dependency(world: Any, _rng: Random) -> Scene:
    from tests import factories

    giver = factories.project("GIVE-1", parent=world.own_node)
    arrival, delivery = (
        factories.task(each, kind="FINISH_MILESTONE", planned_start=factories.moment(2))
        for each in (world.own, giver)
    )
    fields = {"milestone": arrival.uid, "giver_project": giver.code, "giver_milestone": delivery.uid}
    return Scene(fields, {}, "PFM")


# -- What a project does about its methodology -----------------------------------------------------


def _version(_world: Any, _rng: Random) -> Scene:
    from portfolio.models import MethodologyVersion

    return Scene({"version": MethodologyVersion.objects.get(state="EFFECTIVE").pk}, {}, "PM")


def _migration(_world: Any, _rng: Random) -> Scene:
    from portfolio.models import MethodologyVersion

    return Scene({"expected": MethodologyVersion.objects.get(state="SUPERSEDED").pk}, {}, "PM")


def _answers(_world: Any, rng: Random) -> Scene:
    from portfolio.rollup.tier import WEIGHTS

    return Scene({"answers": {code: rng.randint(1, 5) for code in WEIGHTS}}, {}, "PM")


def _choice(world: Any, rng: Random) -> Scene:
    from portfolio.models import MethodologyVersion
    from portfolio.rollup.methodology import TierRule

    rows = MethodologyVersion.objects.get().content.requirements
    open_ones = [row.code for row in rows if row.rule_for(world.own.tier) == TierRule.RECOMMENDED]
    return Scene(
        {"choice": rng.choice(["KEEP", "DROP"]), "note": REASON}, {"requirement": open_ones[0]}, "PM"
    )


def _waiver(_world: Any, rng: Random) -> Scene:
    from portfolio.models import Waiver

    Waiver.objects.all().delete()
    return Scene({"requirement": "SG-04", "expires_on": soon(rng)})


# -- Drafts of document templates ------------------------------------------------------------------


def _draft(state: str = "DRAFT") -> Any:
    """Return the next version of the template, which the analyst began and gave another summary."""
    from portfolio.models import DocumentTemplate
    from portfolio.services import document_template_drafts as drafts
    from tests.portfolio.libraries import paula

    author = paula("PMO_ANALYST", "Anna")
    made = drafts.begin_draft(actor=author, base=DocumentTemplate.objects.get(), version="1.1.0", today=DAY)
    if state != "DRAFT":
        summary = type(made.content.summary)(**WORDS)
        made = drafts.edit_head(
            actor=author, template=made, edition=made.edition, title=made.content.title, summary=summary,
            change_note="",
        )  # fmt: skip
    if state == "IN_REVIEW":
        made = drafts.submit_draft(actor=author, template=made, edition=made.edition)
    return made


def _of_draft(state: str = "DRAFT", column: str = "", **fields: Any) -> Callable[[Any, Random], Scene]:
    """Return the maker of a scene with a version in a state; its edition is known where one is asked for."""

    def make(_world: Any, _rng: Random) -> Scene:
        made = _draft(state)
        known = {**fields, "edition": made.edition} if "edition" in fields else fields
        return Scene(known, {"pk": made.pk}, column)

    return make


def _next_version(_world: Any, rng: Random) -> Scene:
    return Scene({"version": f"{rng.randint(2, 9)}.0.0"})


SCENES: dict[str, Callable[[Any, Random], Scene]] = {
    "api-dependencies": _dependency,
    "api-dependency-decline": lambda world, rng: Scene({"note": REASON}),
    "api-dependency-renegotiate": lambda world, rng: Scene({"note": REASON}),
    "api-governance-methodology": _version,
    "api-governance-migration": _migration,
    "api-governance-complexity": _answers,
    "api-governance-choice": _choice,
    "api-governance-artefact": lambda world, rng: Scene({"state": "SUBMITTED", "note": REASON}, {}, "PM"),
    "api-project-waivers": _waiver,
    "api-document-template-draft": _next_version,
    "api-document-template-detail": _of_draft(),
    "api-document-template-texts": _of_draft(edition=1, title=WORDS, summary=WORDS),
    "api-document-template-headings": _of_draft(
        edition=1, replaces=..., code="triggers", title=WORDS, guidance=WORDS, text=WORDS
    ),
    "api-document-template-remove-heading": _of_draft(edition=1, code="purpose"),
    "api-document-template-move-heading": _of_draft(edition=1, code="purpose", way="down"),
    "api-document-template-submit": _of_draft("CHANGED", edition=1),
    "api-document-template-give-back": _of_draft("IN_REVIEW", reason=REASON),
    "api-document-template-publish": _of_draft("IN_REVIEW", "DIR", edition=1),
}
