"""Scenes of lessons, documents, offices, gates and responsibilities (see `bench._scenes`)."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from bench._scenes import MEMBER, REASON, Scene, soon

DAY = date(2026, 3, 2)
TEXT = "Known to everybody."


# -- Offices ---------------------------------------------------------------------------------------


def _new_member(_world: Any, rng: Random) -> Scene:
    from pmo_portal.accounts.models import Person

    person = Person.objects.create(name=f"Paul {rng.randint(1, 10**9)}")
    return Scene({"person": person.pk, "role": ..., "allocation_percent": 50, "valid_to": None}, {}, "DIR")


def _question(_world: Any, _rng: Random) -> Scene:
    from portfolio.models import Pmo

    return Scene({"pmo": Pmo.objects.create(name="PMO", mandate="CONTROLLING").pk}, {}, MEMBER)


# -- Documents -------------------------------------------------------------------------------------


def _new_document(_world: Any, _rng: Random) -> Scene:
    from tests.portfolio.documents import template

    template()
    return Scene({"template": "charter", "requirement": ...})


def _written(world: Any) -> Any:
    """Write below the only heading of the own document; return its newest version."""
    from portfolio.models import DocumentVersion
    from portfolio.services.documents import write_section

    version = DocumentVersion.objects.get(document__project=world.own)
    return write_section(
        actor=world.users["PM"], document=version.document, section="purpose", text=TEXT,
        expected_revision=version.revision, today=DAY,
    )  # fmt: skip


def _submission(world: Any, _rng: Random) -> Scene:
    return Scene({"revision": _written(world).revision}, {}, "PM")


def _decision_on_words(world: Any, _rng: Random) -> Scene:
    from pmo_portal.accounts.choices import Role
    from portfolio.services.documents import submit_document
    from tests import factories

    version = _written(world)
    submit_document(
        actor=world.users["PM"], document=version.document, expected_revision=version.revision, today=DAY
    )
    factories.grant(world.users["EXE"], Role.SPONSOR, world.own.node)
    version.refresh_from_db()
    return Scene({"checksum": version.checksum, "note": REASON}, {}, "EXE")


# -- Lessons ---------------------------------------------------------------------------------------


def _lesson(world: Any, _rng: Random) -> Scene:
    return Scene({"project": world.own.code, "standard": ..., "fault": ..., "tags": ["permit"]}, {}, "PM")


def _look(world: Any, _rng: Random) -> Scene:
    return Scene({"project": world.own.code})


def _accepted(_world: Any, _rng: Random) -> Scene:
    from portfolio.models import Lesson

    Lesson.objects.update(state="VALIDATED")
    return Scene({}, {}, "DIR")


def _retired(world: Any, _rng: Random) -> Scene:
    from portfolio.models import Lesson
    from portfolio.services.lessons import accept_lesson, publish_lesson

    for lesson in Lesson.objects.filter(project=world.own):
        publish_lesson(actor=None, lesson=accept_lesson(actor=None, lesson=lesson), today=DAY)
    return Scene({"reason": REASON}, {}, "DIR")


def _merged(world: Any, _rng: Random) -> Scene:
    from tests.portfolio.lessons import published

    return Scene({"into": published(world.own, title="Permits come first").pk}, {}, "DIR")


def _completed(_world: Any, _rng: Random) -> Scene:
    """A request for a change of a methodology of which a newer version is in force since."""
    from portfolio.models import MethodologyVersion
    from tests.portfolio.methods import stage_gate

    former = stage_gate()
    MethodologyVersion.objects.update(state="SUPERSEDED")
    MethodologyVersion.objects.create(
        methodology=former.methodology, version="1.1.0", rank=former.rank + 1, state="EFFECTIVE",
        effective_from=DAY, document=former.document,
    )  # fmt: skip
    return Scene({"number": "1.1.0"}, {}, "DIR")


# -- Gates -----------------------------------------------------------------------------------------


def _forum(world: Any, _rng: Random) -> Scene:
    chair = world.users["PFM"].pk
    return Scene({"chair": chair, "deciders": [], "advisers": []}, {}, "PM")


def _answers(_world: Any, rng: Random) -> Scene:
    answer = {"code": f"G0-{rng.randint(1, 3)}", "answer": "YES", "note": TEXT, "link": ""}
    return Scene({"answers": [answer]}, {}, "PM")


def _days(_world: Any, rng: Random) -> Scene:
    day = {
        "gate": f"G{rng.randint(1, 5)}",
        "occurrence": 1,
        "planned_on": str(DAY + timedelta(rng.randint(0, 99))),
    }
    return Scene({"days": [day]}, {}, "PM")


def _request(world: Any, _rng: Random) -> Scene:
    from pmo_portal.accounts.choices import Role
    from portfolio.services.governance import plan_gates
    from tests import factories
    from tests.portfolio import gates

    sponsor = factories.user("Stella", email="stella@example.org")
    factories.grant(sponsor, Role.SPONSOR, world.own.node)
    plan_gates(actor=None, project=world.own, dates={("G0", 1): DAY}, today=DAY)
    gates.prepare(gates.Scene(world.own, world.users["PM"], world.users["PFM"], sponsor))
    return Scene({}, {}, "PM")


def _decision(world: Any, _rng: Random) -> Scene:
    from portfolio.models import GateMember

    GateMember.objects.filter(review__project=world.own).update(vote="GO", reason=TEXT, voted_on=DAY)
    left_out = dict.fromkeys(("conditions", "rework", "next_on", "valid_until", "closing_lines"), ...)
    return Scene({**left_out, "decision": "GO", "reason": REASON, "released_amount": None}, {}, "PFM")


def _renewal(world: Any, rng: Random) -> Scene:
    from portfolio.models import GateReview, MethodologyVersion

    GateReview.objects.create(
        project=world.own, gate="G0", version_followed=MethodologyVersion.objects.get(), state="DECIDED",
        decision="GO", decided_on=DAY, valid_until=DAY,
    )  # fmt: skip
    return Scene({"next_on": soon(rng)}, {}, "PM")


def _settled(_world: Any, _rng: Random) -> Scene:
    return Scene({"state": "WAIVED", "note": REASON}, {}, "PFM")


# -- Responsibilities and progress -----------------------------------------------------------------


def _letters(_world: Any, rng: Random) -> Scene:
    role = rng.choice(["PM", "BUSINESS_OWNER"])
    return Scene({"shares": [{"role": role, "person": None, "share": "R"}]}, {}, "PM")


def _own_row(_world: Any, rng: Random) -> Scene:
    return Scene({"task": None, "title": f"Row {rng.randint(1, 10**9)}"}, {}, "PM")


def _sheet(world: Any, _rng: Random) -> Scene:
    from tests import factories
    from tests.test_permission_matrix import _client

    factories.task(world.own, "Task", planned_start=factories.moment(2))
    address = f"/api/v1/projects/{world.own.code}/progress/sheet/csv/"
    text = b"".join(_client(world, "PM").get(address)).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    lines[-1] |= {"Actual start": "2026-03-02", "% complete": "40"}
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, lines[0].keys())
    writer.writeheader()
    writer.writerows(lines)
    content = sheet.getvalue().encode()
    return Scene({"looked_on": ..., "choices": ...}, {}, "PM", ("sheet.csv", content))


# -- What projects add to their methodology --------------------------------------------------------


def _wish(world: Any, rng: Random) -> Scene:
    fields = {"owner": world.users["PM"].pk, "gate": "G1", "approver": "SPONSOR", "cadence": ""}
    return Scene({**fields, "weight": rng.randint(1, 3)}, {}, "PM")


def _changed_wish(world: Any, rng: Random) -> Scene:
    from portfolio.models import OwnRequirement

    scene = _wish(world, rng)
    fields = {**scene.fields, "expected": OwnRequirement.objects.get(project=world.own).pk}
    return replace(scene, fields=fields)


def _ended_wish(world: Any, rng: Random) -> Scene:
    expected = _changed_wish(world, rng).fields["expected"]
    return Scene({"reason": REASON, "expected": expected}, {}, "PM")


def _placed(_world: Any, rng: Random) -> Scene:
    cadence = rng.choice(["TWO_WEEKLY", "MONTHLY", "QUARTERLY"])
    return Scene({"methodology": "AH", "phase": "AH2", "inside": "SG3", "cadence": cadence}, {}, "PM")


SCENES: dict[str, Callable[[Any, Random], Scene]] = {
    "api-own-requirements": _wish,
    "api-own-requirement": _changed_wish,
    "api-own-requirement-end": _ended_wish,
    "api-increments": _placed,
    "api-increments-end": lambda world, rng: Scene({"reason": REASON}, {}, "PM"),
    "api-office-list": lambda world, rng: Scene({"parent": None, "scope_unit": None, "head": None}),
    "api-office-detail": lambda world, rng: Scene({"parent": None, "scope_unit": None, "head": None}),
    "api-office-members": _new_member,
    "api-office-member": lambda world, rng: Scene(
        {"person": ..., "valid_from": "2026-03-02", "valid_to": "2026-04-02"}, {}, "DIR"
    ),
    "api-help-request-list": _question,
    "api-help-request-withdraw": lambda world, rng: Scene(column=MEMBER),
    "api-project-documents": _new_document,
    "api-project-document": lambda world, rng: Scene(
        {"section": "purpose", "text": TEXT, "revision": 1}, {}, "PM"
    ),
    "api-project-document-submit": _submission,
    "api-project-document-decide": _decision_on_words,
    "api-lesson-list": _lesson,
    "api-lesson-offer-list": _look,
    "api-lesson-offer-mark": lambda world, rng: Scene({"note": REASON}, {}, "PM"),
    "api-lesson-publish": _accepted,
    "api-lesson-reject": lambda world, rng: Scene({"reason": REASON}, {}, "DIR"),
    "api-lesson-retire": _retired,
    "api-lesson-merge": _merged,
    "api-standard-change-complete": _completed,
    "api-standard-change-decline": lambda world, rng: Scene({"reason": REASON}, {}, "DIR"),
    "api-project-lessons": lambda world, rng: Scene({"tags": ["permit"], "none_reason": ...}, {}, "PM"),
    "api-project-gate-days": _days,
    "api-gate-earlier": lambda world, rng: Scene({"released_amount": None}, column="DIR"),
    "api-gate-forum": _forum,
    "api-gate-answers": _answers,
    "api-gate-request": _request,
    "api-gate-decision": _decision,
    "api-gate-renew": _renewal,
    "api-condition-settle": _settled,
    "api-closing-item-done": lambda world, rng: Scene({"note": REASON}, {}, "PM"),
    "api-closing-item-reopen": lambda world, rng: Scene({}, {}, "PM"),
    "api-project-waiver-withdraw": lambda world, rng: Scene({}, {}, "PM"),
    "api-project-template-withdraw": lambda world, rng: Scene({"reason": REASON}, {}, "DIR"),
    "api-responsibility": _letters,
    "api-responsibilities": _own_row,
    "api-progress-sheet": _sheet,
    "api-progress-sheet-trial": _sheet,
}
