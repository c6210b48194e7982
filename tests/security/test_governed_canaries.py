"""Waivers, gates and documents of projects out of reach change nothing: no word, no row, no count (SEC-9)."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.matrix_world import World
from tests.portfolio.documents import template
from tests.portfolio.methods import stage_gate
from tests.security.canaries import CANARY
from tests.security.test_canaries import Scene, ask, make_scene

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# What differs between two answers to the same question; counts stay.
NOISE = re.compile(
    r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"|"X-CSRFToken": "[^"]*"'
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
# Lists that sum over projects, with the count of their rows.
LISTS = (
    "/standards/waivers/",
    "/standards/gates/",
    "/standards/compliance/",
    "/standards/methodologies/SG/1.0.2/",
    "/standards/documents/",
    "/standards/documents/charter/1.0.1/",
    "/standards/templates/",
    "/",
    "/api/v1/waivers/",
    "/api/v1/gates/",
    "/api/v1/compliance/",
    "/api/v1/compliance/requirements/",
    "/api/v1/compliance/trend/",
    "/api/v1/methodologies/",
    "/api/v1/document-templates/",
)
BLIND = ("PFM", "PM", "MEM")


@pytest.fixture(scope="module")
def answers(
    module_world: World, module_data: Callable[[], AbstractContextManager[None]]
) -> tuple[Scene, dict[tuple[str, str], str]]:
    """Return the scene, and what each list said before the victims were there."""
    with module_data():
        stage_gate(), template()
        before = {(role, path): _said(module_world, role, path) for role in BLIND for path in LISTS}
        return make_scene(module_world), before


@pytest.mark.parametrize("role", BLIND)
def test_lists_say_the_same_with_rows_out_of_reach(role, answers) -> None:
    scene, before = answers

    changed = [path for path in LISTS if _said(scene.world, role, path) != before[role, path]]

    assert changed == []


@pytest.mark.parametrize("noun", ["waiver", "gate", "condition", "closing", "document"])
def test_the_pmo_head_meets_the_canaries_of_each_noun(noun, answers) -> None:
    """The sweep would see a leak: these rows are there, in lists, on pages, over the API and in files."""
    scene, _before = answers
    places = {
        "waiver": ["/standards/waivers/", "/api/v1/waivers/"],
        "gate": ["/standards/gates/", "/api/v1/gates/"],
        "condition": [],
        "closing": [],
        "document": [],
    }[noun]
    for victim in scene.victims.values():
        code, governed = victim.project.code, victim.governed
        gate = f"/portfolio/projects/{code}/gates/G0/1/"
        places += {
            "waiver": [f"/portfolio/projects/{code}/governance/"],
            "gate": [gate],
            "condition": [gate],
            "closing": [f"/portfolio/projects/{code}/closing/"],
            "document": [f"/portfolio/projects/{code}/documents/{governed['document']}/file.md"],
        }[noun]

    silent = [path for path in places if not CANARY.search(_said(scene.world, "DIR", path))]

    assert silent == []


def _said(world: World, role: str, path: str) -> str:
    cache.clear()
    client = Client(raise_request_exception=False)
    client.force_login(world.users[role])
    with transaction.atomic():
        found = NOISE.sub("", ask(client, path).partition("\n")[2])
        transaction.set_rollback(True)
    return found
