"""Answers that are files: what they are is said by the file, not by what the program would like to get."""

from collections.abc import Sequence
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class AsItIs(BaseContentNegotiation):
    """Never refuses a request for the kind of answer it accepts; refusals come as JSON."""

    def select_parser(self, request: Request, parsers: Sequence[Any]) -> Any:
        """Return none: nothing is sent to such an address."""
        return None

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first one."""
        return renderers[0], str(renderers[0].media_type)
