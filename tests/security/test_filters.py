"""A filter by something out of reach answers as a filter by something that does not exist (SEC-10)."""

import pytest
from django.core.cache import cache

from pmo_portal.api.schema import schema_of
from portfolio.models import Portfolio, PortfolioComponent
from portfolio.services.structure import create_program
from tests.matrix_world import World, seeded
from tests.test_permission_matrix import _client, _shape

# What a person may find is one query set on every database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
# Who has most to filter of each kind; members and outsiders meet the same query sets with less in them.
ROLES = ("PFM", "PM", "EXE")
PAGES = {
    "/portfolio/": ("portfolio",),
    "/portfolio/projects/": ("portfolio", "program", "project", "manager", "org_unit"),
    "/portfolio/projects/new/": ("portfolio", "program"),
    "/portfolio/projects/export/csv/": ("portfolio", "program"),
    "/portfolio/compare/": ("portfolio",),
    "/portfolio/compare/export/csv/": ("portfolio",),
    "/portfolio/new/": ("portfolio", "parent"),
    "/portfolio/programs/new/": ("portfolio",),
    "/portfolio/policy/": ("portfolio",),
    "/audit/": ("project", "node", "object", "actor"),
}
# What a parameter could hold -> one out of reach, one that does not exist; of the same length.
PAIRS = {
    "code of a project": ("FOR-1", "QQQ-1"),
    "code of a portfolio": ("FOREIGN", "QQQQQQQ"),
    "code of a program": ("PRG-FOREIGN", "PRG-QQQQQQQ"),
}


@pytest.fixture
def world() -> World:
    world = seeded()
    home = Portfolio.objects.create(code="FOREIGN", name="Foreign", node=world.foreign_node)
    PortfolioComponent.objects.create(project=world.foreign, portfolio=home)
    create_program(actor=None, code="PRG-FOREIGN", name="Foreign", portfolio=home)
    return world


def _pairs(world: World, name: str) -> list[tuple[str, str]]:
    """Return what to try; a number only where it can mean nothing but a node."""
    number = (str(world.foreign_node.pk), "987654321")
    return [*PAIRS.values(), *([number] if name in {"scope", "node"} else [])]


def _filters_of_api(own: str) -> list[tuple[str, str]]:
    """Return the address and the name of each filter the API declares."""
    found = []
    for path, methods in schema_of("en")["paths"].items():
        address = path.replace("{code}", own).replace("{project}", own)
        if "{" in address or "get" not in methods:
            continue
        parameters = methods["get"].get("parameters", [])
        found += [(address, each["name"]) for each in parameters if each["in"] == "query"]
    return found


def _differences(world: World, filters: list[tuple[str, str]]) -> list[str]:
    wrong = []
    for address, name in filters:
        for column in ROLES:
            for foreign, missing in _pairs(world, name):
                shapes = []
                for value in (foreign, missing):
                    cache.clear()
                    status, headers, body = _shape(_client(world, column).get(f"{address}?{name}={value}"))
                    shapes.append((status, headers, body.replace(value, "VALUE")))
                if shapes[0] != shapes[1]:
                    wrong.append(f"{address}?{name}={foreign} as {column}: {_first_difference(*shapes)}")
    return wrong


def _first_difference(one: tuple[int, list[str], str], other: tuple[int, list[str], str]) -> str:
    pairs = zip(one[2].splitlines(), other[2].splitlines(), strict=False)
    lines = next((f"{a[:150]} != {b[:150]}" for a, b in pairs if a != b), "length")
    return f"{one[0]}, {other[0]} {lines}"


def test_filters_of_the_api_hide_existence(world: World) -> None:
    """SEC-10: every query parameter of the schema, with codes and numbers out of reach."""
    skipped = {
        "page",
        "page_size",
        "ordering",
        "limit",
        "offset",
        "format",
        "lang",
        "as_of",
        "date_a",
        "date_b",
    }
    filters = [each for each in _filters_of_api("OWN-1") if each[1] not in skipped]

    assert len(filters) > 10
    assert _differences(world, filters) == []


def test_filters_of_pages_hide_existence(world: World) -> None:
    """SEC-10: the parameters pages take."""
    filters = [(address, name) for address, given in PAGES.items() for name in given]

    assert _differences(world, filters) == []
