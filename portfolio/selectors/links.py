"""Addresses of the portfolio's pages that keep scope and date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True)
class Links:
    """Builds addresses; ``as_of`` is None for today."""

    portfolio: str = ""
    as_of: date | None = None

    def list(self, **filters: Any) -> str:
        """Return the address of the list of projects with filters."""
        return self._to("portfolio:projects", filters)

    def compare(self, **values: Any) -> str:
        """Return the address of the comparison."""
        return self._to("portfolio:compare", values)

    def health(self, code: str) -> str:
        """Return the address of a project's explanation."""
        return self.dated(reverse("portfolio:project_health_panel", args=[code]))

    def group(self, code: str) -> str:
        """Return the address of a dashboard; of everything without a code."""
        name, arguments = ("portfolio:dashboard", [code]) if code else ("portfolio:index", [])
        return self.dated(reverse(name, args=arguments))

    def on(self, day: date | None) -> "Links":
        """Return the same addresses at another date."""
        return Links(self.portfolio, day)

    def dated(self, address: str) -> str:
        """Return an address that keeps the date."""
        return f"{address}?as_of={self.as_of.isoformat()}" if self.as_of else address

    def _to(self, name: str, values: Mapping[str, Any]) -> str:
        given = {"portfolio": self.portfolio, "as_of": self.as_of.isoformat() if self.as_of else "", **values}
        query = urlencode({key: value for key, value in given.items() if value not in (None, "")}, doseq=True)
        return f"{reverse(name)}?{query}" if query else reverse(name)
