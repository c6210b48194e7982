"""Findings of an import are those of the reader, in English and in German."""

from typing import Any

from django.utils.translation import override

from projects.interchange.problems import PLACES as ROOM_PLACES
from projects.interchange.problems import SENTENCES
from projects.selectors.import_findings import FINDINGS, PLACES, finding_place, finding_sentence


def _stored(code: str, place: str, names: str = "", more: int = 0, **values: str) -> dict[str, Any]:
    return {
        "severity": "INFO",
        "where": "Task 1",
        "message": "Something.",
        "code": code,
        "project": "",
        "place": place,
        "names": names,
        "values": values,
        "more": more,
    }


def test_every_code_and_place_has_the_same_words_upstairs() -> None:
    with override("en"):
        assert {code: str(sentence) for code, sentence in FINDINGS.items()} == dict(SENTENCES)
        assert {place: str(word) for place, word in PLACES.items()} == dict(ROOM_PLACES)


def test_findings_are_said_in_german_with_counts_and_days() -> None:
    late = _stored("FUTURE_ACTUAL", "TASK", "3, 4", day="2015-02-23", tasks="8")
    nobody = _stored("ASSIGNMENT_NOBODY", "ASSIGNMENTS", assignments="1")
    with override("de"):
        assert finding_place(late) == "Vorgang 3, 4"
        assert finding_sentence(late) == (
            "Tatsächliche Termine nach dem Stichtag 23.02.2015 bleiben erhalten (8 Vorgänge)."
        )
        assert finding_place({**nobody, "project": "Haus"}) == "Haus: Zuordnungen"
        assert finding_sentence(nobody) == (
            "Ohne Ressource, weggelassen; die Arbeit bleibt beim Vorgang (1 Zuordnung)."
        )


def test_line_that_stands_for_more_says_how_many() -> None:
    with override("de"):
        assert finding_sentence(_stored("LINK_DUPLICATE", "LINK", more=70)) == (
            "70 weitere wie: Dieselbe Verknüpfung gibt es schon; diese wird weggelassen."
        )


def test_problem_stored_without_a_code_is_shown_as_it_was_said() -> None:
    old = {"severity": "INFO", "where": "Task 1", "message": "Something."}

    assert (finding_place(old), finding_sentence(old)) == ("Task 1", "Something.")
