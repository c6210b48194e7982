"""Every decision is in the index, numbered without gaps, with tags, status, alternatives and cost."""

import re

import pytest

from tests.docs.pages import page, pages

pytestmark = pytest.mark.pure

INDEX = "docs/adr/index.md"
DECISIONS = sorted(path for path in pages() if path.startswith("docs/adr/") and path != INDEX)


def _rows() -> dict[str, tuple[int, str, str, str]]:
    """Return file → number, title, tags and status of the index."""
    found = re.findall(r"^\| (\d+) \| \[(.+?)\]\((.+?)\) \| (.+?) \| (.+?) \|$", page(INDEX), re.MULTILINE)
    return {
        f"docs/adr/{file}": (int(number), title, tags, status) for number, title, file, tags, status in found
    }


@pytest.mark.parametrize("path", DECISIONS)
def test_decision_is_in_the_index_as_it_says_itself(path: str) -> None:
    title = re.search(r"\A# (\d+)\. (.+)", page(path))
    facts = re.search(r"^Tags: (.+?)\. Status: (.+?)\.$", page(path), re.MULTILINE)

    assert title is not None
    assert facts is not None
    assert _rows()[path] == (int(title[1]), title[2], facts[1], facts[2])


@pytest.mark.parametrize("path", DECISIONS)
def test_decision_says_what_else_was_possible_and_what_it_costs(path: str) -> None:
    parts = set(re.findall(r"^\*\*(\w+)\.\*\*", page(path), re.MULTILINE))

    assert {"Decision", "Alternatives", "Cost"} <= parts


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.split("/")[-1][:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert set(_rows()) == set(DECISIONS)
