"""What is found in a file is a code with its place and values; the sentences of all codes stand here."""

import re
from pathlib import Path

import pytest

from projects.interchange.problems import PLACES, SENTENCES, Place, problem
from projects.interchange.vocabulary import Severity

pytestmark = pytest.mark.pure

ROOM = Path(__file__).parents[3] / "projects" / "interchange"
OF_SENTENCES = {"problems.py", "refusal.py"}


def test_sentence_and_place_are_made_of_code_and_values() -> None:
    found = problem(Severity.INFO, "MANUAL_TASK", Place.TASK, "1 Dig, 2 Pour", tasks=2)

    assert found.where == "Task 1 Dig, 2 Pour"
    assert found.message == "Scheduled by hand: keeps its stored dates (2 tasks)."


def test_one_thing_is_counted_in_the_singular() -> None:
    assert problem(Severity.INFO, "NO_NAME", Place.TASK, "1", tasks=1).message == "Has no name (1 task)."


def test_every_place_has_a_word() -> None:
    assert list(PLACES) == [place.value for place in Place]


def test_every_sentence_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py") if path.name not in OF_SENTENCES]
    used = set(re.findall(r'"([A-Z][A-Z_]+)"', "\n".join(texts)))

    assert set(SENTENCES) - used == set()
