"""Links of the documentation lead somewhere, and every page can be reached."""

from pathlib import PurePosixPath

import pytest

from tests.docs.pages import ROOT, anchors, links, pages

pytestmark = pytest.mark.pure

FOREIGN = ("http://", "https://", "mailto:")


def _targets(path: str) -> list[tuple[str, str, str]]:
    """Return link, file and anchor of every link of a page to this repository."""
    found = []
    for link in links(pages()[path]):
        if not link.startswith(FOREIGN):
            name, _, anchor = link.partition("#")
            target = (ROOT / path).parent / name if name else ROOT / path
            found.append((link, str(target.resolve()), anchor))
    return found


@pytest.mark.parametrize("path", pages())
def test_links_of_page_lead_somewhere(path: str) -> None:
    dead = [
        link for link, target, _anchor in _targets(path) if not PurePosixPath(target).is_relative_to(ROOT)
    ]
    for link, target, anchor in _targets(path):
        file = ROOT / target
        is_missing_anchor = anchor and file.suffix == ".md" and anchor not in anchors(file.read_text())
        if not file.exists() or is_missing_anchor:
            dead.append(link)

    assert dead == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), ["README.md"]
    while waiting:
        path = waiting.pop()
        reached.add(path)
        for _link, target, _anchor in _targets(path):
            name = PurePosixPath(target).relative_to(ROOT).as_posix()
            if name in pages() and name not in reached:
                waiting.append(name)

    assert set(pages()) - reached == set()
