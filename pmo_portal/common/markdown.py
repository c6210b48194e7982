"""
Markdown of people, as HTML that cannot do harm (SEC-26).

The parser takes no HTML; what it makes goes through an allow-list, so that a fault of the one is
caught by the other. Headings begin below those of the page.
"""

from functools import cache

import nh3
from markdown_it import MarkdownIt

_TAGS = "p br hr h2 h3 h4 h5 h6 ul ol li strong em s code pre blockquote a table thead tbody tr th td"
ALLOWED_TAGS = frozenset(_TAGS.split())
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
SCHEMES = frozenset({"http", "https", "mailto"})
HEADING = frozenset({"heading_open", "heading_close"})
DEEPEST = 6


@cache
def _parser() -> MarkdownIt:
    """Return the parser: CommonMark with tables, without HTML, images and linkified text."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["image"])


def render_markdown(text: str, *, below: int = 2) -> str:
    """
    Return Markdown as HTML of allowed tags only; links lead away without telling where from.

    Parameters
    ----------
    text : str
        What a person wrote.
    below : int
        Level of the heading the text stands below on its page. Its own begin one level deeper,
        whichever level they were written with.

    Examples
    --------
    >>> render_markdown("# Aim\\n<script>alert(1)</script>")
    '<h3>Aim</h3>\\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\\n'
    """
    tokens = _parser().parse(text)
    headings = [token for token in tokens if token.type in HEADING]
    shallowest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - shallowest + 1 + below, DEEPEST)}"
    html = _parser().renderer.render(tokens, _parser().options, {})
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )
