"""Parts many results have in common: made once, written once, never mixed up."""

from datetime import date

from portfolio.rollup.codec import to_plain
from portfolio.rollup.facts import ProjectFacts, RecordRef
from portfolio.rollup.policy_version_1 import default_policy
from portfolio.rollup.project import rate_project
from portfolio.rollup.shared import MOST_OWNERS, plain_of, shared
from portfolio.rollup.vocabulary import ProjectState
from projects.engine.measure import Reason

AS_OF = date(2026, 3, 31)
POLICY = default_policy()


def test_shared_for_same_owner_and_key_is_the_same_object() -> None:
    owner, other = ["rule"], ["rule"]

    first = shared(owner, "part", lambda: ("made",))

    assert shared(owner, "part", lambda: ("never",)) is first
    assert shared(owner, "another", lambda: ("second",)) == ("second",)
    assert shared(other, "part", lambda: ("of the other",)) == ("of the other",)


def test_shared_after_too_many_owners_is_made_anew() -> None:
    owners = [[number] for number in range(MOST_OWNERS + 5)]

    made = [shared(owner, "part", lambda owner=owner: (owner[0],)) for owner in owners]

    assert made == [(number,) for number in range(MOST_OWNERS + 5)]
    assert shared(owners[0], "part", lambda: (0,)) == (0,)


def test_plain_of_shared_part_is_written_once() -> None:
    written = []

    def write(value: tuple[str]) -> list[str]:
        written.append(value)
        return list(value)

    part = shared(["owner"], "part", lambda: ("made",))

    assert plain_of(part, write) is plain_of(part, write)
    assert plain_of(("free",), write) == ["free"]
    assert written == [("made",), ("free",)]


def test_rate_project_shares_missing_indicators_but_keeps_reasons_and_records_apart() -> None:
    """CON-4: a shared part says exactly what one made for the project would say."""
    bare = ProjectFacts(key="A", state=ProjectState.EXECUTING)
    told = ProjectFacts(
        key="B",
        state=ProjectState.EXECUTING,
        missing={"HR1": Reason.STALE},
        records={"HR2": (RecordRef("task", "7", "Seven"),)},
    )

    first, second, third = (rate_project(facts, POLICY, AS_OF) for facts in (bare, told, bare))

    assert first.indicator("HR1") is third.indicator("HR1")
    assert to_plain(first) == to_plain(third)
    assert [second.indicator(code).reason for code in ("HR1", "HR2")] == [  # type: ignore[union-attr]
        Reason.STALE,
        Reason.INSUFFICIENT_DATA,
    ]
    assert to_plain(second.indicator("HR2"))["raw"]["records"] == [
        {"kind": "task", "id": "7", "label": "Seven"}
    ]
    assert to_plain(first.indicator("HR2"))["raw"]["records"] == []
