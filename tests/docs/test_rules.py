"""Rules that tests cite can be read in this repository, and requirements it claims are cited."""

import re
from functools import cache

import pytest

from tests.docs.pages import ROOT, page, pages

pytestmark = pytest.mark.pure

RULE = re.compile(r"\b([A-Z]{2,4}-[0-9]{1,3})[b-z]?\b")
EXAMPLE = re.compile(r"\bEX-[A-Z]+[0-9]*\b")
SHARED = ROOT.parent / "shared" / "domain.md"


def _rules(text: str) -> set[str]:
    return set(RULE.findall(text)) | set(EXAMPLE.findall(text))


def _family(rule: str) -> str:
    return rule.split("-", maxsplit=1)[0]


@cache
def _documented() -> frozenset[str]:
    texts = [text for path, text in pages().items() if path.startswith("docs/domain/")]
    return frozenset(_rules("\n".join(texts)))


@cache
def _claimed() -> frozenset[str]:
    """Return the requirements the security page has a line for."""
    return frozenset(re.findall(r"^\| (SEC-[0-9]+)b? \|", page("docs/security.md"), re.MULTILINE))


@cache
def _cited() -> dict[str, str]:
    """Return rule → a file of the tests that cites it."""
    found: dict[str, str] = {}
    for folder in ("tests", "bench"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "docs" not in path.parts:
                for rule in _rules(path.read_text()):
                    found.setdefault(rule, path.relative_to(ROOT).as_posix())
    return found


def test_rules_cited_by_tests_can_be_read_in_the_domain_pages() -> None:
    families = {_family(rule) for rule in _documented()} - {"SEC", "UTF", "ISO", "ADR"}

    unknown = {
        rule: path
        for rule, path in _cited().items()
        if _family(rule) in families and rule not in _documented()
    }

    assert unknown == {}


def test_requirements_cited_by_tests_can_be_read_in_the_security_page() -> None:
    requirements = {rule for rule in _cited() if _family(rule) == "SEC"}

    assert requirements - _claimed() == set()


@pytest.mark.parametrize("requirement", sorted(_claimed()))
def test_claimed_requirement_is_cited_by_a_test(requirement: str) -> None:
    assert requirement in _cited()


def test_security_page_covers_what_was_promised() -> None:
    promised = {*range(1, 6), *range(7, 17), 18, *range(19, 26), *range(27, 34), *range(35, 39)}
    promised |= {43, 45, 47, 48, 55, 57, 60, 61, 64}

    assert {f"SEC-{number}" for number in promised} - _claimed() == set()


def test_domain_pages_keep_every_rule_of_the_specification() -> None:
    if not SHARED.exists():
        pytest.skip("the specification lies outside of this clone: ../shared/domain.md")

    lost = _rules(SHARED.read_text()) - _documented()

    assert lost == set()
