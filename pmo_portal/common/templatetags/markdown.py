"""Markdown in templates."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from pmo_portal.common.markdown import render_markdown

register = template.Library()


@register.filter
def markdown(text: str | None, below: int = 2) -> SafeString:
    """Return Markdown as HTML that went through the allow-list, its headings below that level."""
    return mark_safe(render_markdown(text or "", below=below))  # noqa: S308 - sanitized by nh3 just before
