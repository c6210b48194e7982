"""Nobody without reach meets a single word or amount of a project, at any address (SEC-9, SEC-13)."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from pmo_portal.accounts.services.scopes import create_node
from portfolio.models import Portfolio
from tests.matrix_world import World, parts_of
from tests.security.canaries import CANARY, Victim, leaks, whole_group
from tests.security.parameters import EVERY, noting
from tests.test_permission_matrix import _address, _variable_parts, names

pytestmark = pytest.mark.django_db
# Role -> letters of the victims out of its reach: F lies in a foreign portfolio, S is confidential.
BLIND = {
    "PFM": "FS",
    "PM": "FS",
    "MEM": "FS",
    "EXE": "F",
    "STF": "S",
    "ADM": "FS",
    "OUTSIDER": "FS",
    "ANONYMOUS": "FS",
}
# Who sees all jobs by right (jobs.view) meets their texts there.
BY_RIGHT = {
    "ADM": ("administration:", "api-person", "api-grant", "jobs:", "api-job"),
    "STF": ("administration:", "api-person", "api-grant", "jobs:", "api-job"),
}
# Who sees all people (user.view) or chooses among them to give roles (portfolio.edit) knows their names.
KNOWS_PEOPLE = {"ADM", "STF", "PFM"}
NEVER = ("account_logout", "healthz")
# What may be asked of a list, as the parameters it looks at.
QUERIES = (
    ("q", "QZ"),
    ("search", "QZ"),
    ("portfolio", "HOME-F"),
    ("project", "VICTIM-F"),
    ("project", "VICTIM-S"),
    ("as_of", "2026-04-01"),
)


# The escaped beginning of what follows a canary.
ESCAPED = re.compile(rf"({CANARY.pattern})&#x27;&quot;&gt;")


class Reader(HTMLParser):
    """Reads a page as a browser does: what of the texts has become an element or an attribute?"""

    def __init__(self) -> None:
        super().__init__()
        self.broken_out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element whose name or attributes come from a text."""
        if any("qz" in name for name in (tag, *(name for name, _value in attrs))):
            self.broken_out.append(self.get_starttag_text() or tag)


@dataclass
class Scene:
    """The world of the matrix with both victims in it, and the addresses worth asking."""

    world: World
    victims: dict[str, Victim]
    targets: list[tuple[str, str]]


@pytest.fixture(scope="module")
def scene(module_world: World, module_data: Callable[[], AbstractContextManager[None]]) -> Scene:
    with module_data():
        return make_scene(module_world)


def make_scene(world: World) -> Scene:
    homes = {}
    for letter, above in (("F", world.foreign_node), ("S", world.own_node)):
        place = create_node(kind="PORTFOLIO", parent=above, title="Home")
        homes[letter] = Portfolio.objects.create(code=f"HOME-{letter}", name="Home", node=place)
    victims = {}
    for letter, home in homes.items():
        node = create_node(kind="PROJECT", parent=home.node, title="Victim")
        node.is_confidential = letter == "S"
        node.save()
        victims[letter] = Victim(letter, node)
        victims[letter].judge(home)
    whole_group(homes["F"], "F")
    scene = Scene(world, victims, [])
    scene.targets.extend(targets(scene))
    return scene


def targets(scene: Scene) -> list[tuple[str, str]]:
    """Return the name and each address worth asking: of the victims and, where nothing varies, itself."""
    found = []
    for name in names():
        if name in NEVER:
            continue
        parts = _variable_parts(name)
        if not parts:
            found.append((name, _address(name, {}, "own")))
            continue
        with transaction.atomic():
            known = parts_of(name, scene.world)
            codes = [known.get("code"), known.get("project")]
            if any(codes) or "code" in parts:
                found += [(name, each) for each in _of_victims(name, known, scene)]
            elif all(part in known and known[part].foreign is not None for part in parts):
                found.append((name, _address(name, known, "foreign")))
            transaction.set_rollback(True)
    return found


def _of_victims(name: str, known: dict[str, Any], scene: Scene) -> list[str]:
    model = {"link": "Link", "budget": "BudgetLine", "commitment": "Commitment", "actual": "ActualCost"}
    row = next((model[word] for word in model if f":{word}" in name or f"-{word}" in name), "Task")
    made = []
    for victim in scene.victims.values():
        target = victim.task if row == "Task" else victim.rows[row]
        values = {"code": victim.project.code, "project": victim.project.code}
        values |= {"uid": victim.task.uid, "pk": target.pk, "kind": "csv"}
        values["number"] = victim.rows["Baseline"].number
        values |= {"gate": "G0", "occurrence": 1, "requirement": "SG-04", "section": "purpose"}
        for noun, pk in victim.governed.items():
            if name.startswith((f"portfolio:{noun}", f"api-{noun}", f"api-project-{noun}")):
                values |= {"pk": pk, "kind": "md"}
        if name.startswith(("portfolio:portfolio", "portfolio:dashboard", "api-portfolio")):
            values["code"] = victim.project.component.portfolio.code
        made.append(_address(name, {part: _Own(values.get(part)) for part in known}, "own"))
    return made


@dataclass(frozen=True)
class _Own:
    own: Any


def ask(client: Client, address: str) -> str:
    """Return everything the answer to a GET says: status line, headers, body."""
    cache.clear()
    response = client.get(address, headers={"accept": "*/*"})
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers}\n{body.decode(errors='replace')}"


def _told(client: Client, address: str) -> str:
    """Return what an address answers; whatever asking changes is taken back."""
    with transaction.atomic():
        text = ask(client, address)
        transaction.set_rollback(True)
    return text


# What a person may find is one query set on every database; on PostgreSQL one role walks through them.
@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=[pytest.mark.once] * (role != "PFM")) for role in sorted(BLIND)]
)
def test_no_canary_reaches_a_role_without_reach(role: str, scene: Scene) -> None:
    """SEC-9, SEC-13: pages, lists, details, filters, exports, search, schema; bodies and headers."""
    client = Client(raise_request_exception=False)
    if role != "ANONYMOUS":
        client.force_login(scene.world.users[role])
    leaked, asked, filtered = [], 0, 0

    for name, address in scene.targets:
        if name.startswith(BY_RIGHT.get(role, ("-",))):
            continue
        with noting() as looked_at:
            answers = [(address, _told(client, address))]
        for parameter, value in QUERIES:
            if looked_at & {parameter, EVERY}:
                query = f"{address}?{parameter}={value}"
                answers.append((query, _told(client, query)))
        asked += 1
        filtered += len(answers) - 1
        for each, text in answers:
            found = set(leaks(text, BLIND[role]))
            if role in KNOWS_PEOPLE:
                found -= {name for victim in scene.victims.values() for name in victim.names}
            if found:
                leaked.append(f"{each}: {sorted(found)[:4]}")

    assert leaked == []
    assert asked > 150
    assert role == "ANONYMOUS" or filtered > 20


@pytest.mark.once
def test_canaries_reach_those_who_may_see_them_as_text(scene: Scene) -> None:
    """
    The sweep would see a leak: the same addresses are full of canaries for the PMO head.

    SEC-25: on no page does one of them end an attribute or begin a tag.
    """
    client = Client(raise_request_exception=False)
    client.force_login(scene.world.users["DIR"])
    seen: set[str] = set()
    marked: set[str] = set()
    broken_out = {}

    for _name, address in scene.targets:
        text = _told(client, address)
        seen |= set(CANARY.findall(text))
        if "'text/html" in text.partition("\n")[0]:
            marked |= set(ESCAPED.findall(text))
            page = Reader()
            page.feed(text)
            broken_out.update({address: page.broken_out} if page.broken_out else {})

    assert broken_out == {}
    assert all(count > 20 for count in _counts(seen))
    assert len(marked) > 80


def _counts(seen: set[str]) -> list[int]:
    """Return how many canaries of each victim were seen."""
    return [sum(each[2] == letter for each in seen) for letter in "FS"]
