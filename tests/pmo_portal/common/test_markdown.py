"""Markdown of people as HTML: what it makes, and what it never lets through (SEC-26)."""

from html.parser import HTMLParser

import pytest

from pmo_portal.common.markdown import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, SCHEMES, render_markdown
from tests.mutations import MUTATIONS

ADDED_BY_THE_CLEANER = {"a": {"rel"}}


class _Elements(HTMLParser):
    """What a parser finds in HTML: ``(tag, {attribute: value})`` in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", {}))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("declaration", {}))


def _unsafe(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """Return the elements with a tag, attribute or address that is not on the list."""

    def is_safe(tag: str, attributes: dict[str, str | None]) -> bool:
        known = ALLOWED_ATTRIBUTES.get(tag, set()) | ADDED_BY_THE_CLEANER.get(tag, set())
        address = attributes.get("href") or ""
        scheme, colon, _rest = address.partition(":")
        return tag in ALLOWED_TAGS and set(attributes) <= known and (not colon or scheme in SCHEMES)

    return [(tag, attributes) for tag, attributes in _Elements(html).found if not is_safe(tag, attributes)]


@pytest.mark.parametrize("text", MUTATIONS)
def test_nothing_outside_the_list_comes_through(text: str) -> None:
    """SEC-26: script, handlers, styles, images, foreign namespaces and other schemes are text or gone."""
    assert _unsafe(render_markdown(text)) == []


@pytest.mark.parametrize(
    "wrapped", ["> {}", "- {}", "| a |\n|---|\n| {} |", "**{}**", "# {}", "[{}](https://example.org)"]
)
def test_the_place_in_the_text_makes_no_difference(wrapped: str) -> None:
    """SEC-26: in quotes, lists, tables, bold, headings and the text of links."""
    assert [
        text for text in MUTATIONS if _unsafe(render_markdown(wrapped.format(text.replace("\n", " "))))
    ] == []


def test_the_judge_of_this_test_sees_what_is_unsafe() -> None:
    bad = '<p onclick="x()">a</p><script>b</script><a href="javascript:c">d</a><!-- e --><p style="f">g</p>'
    assert [tag for tag, _attributes in _unsafe(bad)] == ["p", "script", "a", "comment", "p"]


def test_headings_begin_below_those_of_the_page_and_end_at_the_sixth() -> None:
    assert render_markdown("# One\n\n##### Five") == "<h3>One</h3>\n<h6>Five</h6>\n"
    assert render_markdown("## Two\n\n### Three", below=1) == "<h2>Two</h2>\n<h3>Three</h3>\n"


def test_links_lead_away_without_telling_where_from() -> None:
    assert render_markdown("[site](https://example.org)") == (
        '<p><a href="https://example.org" rel="noopener noreferrer nofollow">site</a></p>\n'
    )


def test_images_stay_text_so_that_nothing_is_fetched() -> None:
    """SEC-26: images are off."""
    assert "<img" not in render_markdown("![tracker](https://example.org/pixel.png)")


def test_tables_and_lists_stay() -> None:
    assert render_markdown("| a |\n|---|\n| b |").startswith("<table>\n<thead>\n<tr>\n<th>a</th>")
    assert render_markdown("3. third").startswith('<ol start="3">')
