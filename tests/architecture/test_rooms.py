"""Every module has a room, and the mathematics is pure, whatever import-linter can or cannot see."""

import doctest
import importlib
import tomllib

import pytest

from tests.architecture.house import ROOT, Module, imported_names, modules

ROOMS = {
    "__init__", "urls", "views", "api", "management", "admin", "forms", "jobs", "reports", "services",
    "selectors", "access", "models", "choices", "actions", "interchange", "engine", "rollup", "apps",
    "templatetags",
}  # fmt: skip
# Shared services have a few rooms of their own.
OWN_ROOMS = {
    "common": {
        "broker", "context", "errors", "mail_folder",
        "middleware", "money", "queue", "schedule", "supervisor", "wakeup", "navigation", "guidance",
        "filters", "markdown", "charts", "trail", "export", "builders", "glossary", "garbage", "upserts",
        "labels", "insertions", "among", "compression", "negotiation", "refusals", "action_titles",
        "percentages",
    },
    "accounts": {"adapter", "middleware", "permissions", "scopes"},
    "audit": {"chain", "triggers"},
    "api": {
        "authentication", "concurrency", "errors", "idempotency", "pagination", "parsers", "permissions",
        "schema", "throttling",
    },
    "notifications": {"channels"},
    "documents": {"downloads", "formats"},
}  # fmt: skip
WIRING = {"__init__", "settings", "urls", "celery", "wsgi", "logs"}
FORMATS_OF_LANGUAGES = "formats"
PURE = {
    "engine": {"django", "celery", "pmo_portal", "rest_framework", "projects.models"},
    "rollup": {"django", "celery", "pmo_portal", "rest_framework", "portfolio.models"},
    "interchange": {"django", "celery", "pmo_portal", "rest_framework", "projects.models"},
}


def _room_of(module: Module) -> tuple[str, str]:
    parts = module.parts
    if parts[0] == "pmo_portal" and len(parts) > 2:
        return parts[1], parts[2].removesuffix(".py")
    return parts[0], parts[1].removesuffix(".py")


def test_every_module_has_a_room() -> None:
    homeless = []
    for module in modules():
        app, room = _room_of(module)
        known = WIRING if app == "pmo_portal" else ROOMS | OWN_ROOMS.get(app, set())
        if room not in known and app != FORMATS_OF_LANGUAGES:
            homeless.append(module.path)

    assert homeless == []


@pytest.mark.parametrize("room", PURE)
def test_pure_room_imports_no_framework(room: str) -> None:
    impure = [
        f"{module.path} imports {name}"
        for module in modules("projects", "portfolio")
        if module.parts[1] == room
        for name in imported_names(module)
        if any(name == banned or name.startswith(f"{banned}.") for banned in PURE[room])
    ]

    assert impure == []


def test_import_linter_knows_every_app_and_every_wall() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = " ".join(config["contracts"][0]["layers"])
    apps = [path.parent for pattern in ("*/apps.py", "*/*/apps.py") for path in ROOT.glob(pattern)]

    missing = sorted(app.name for app in apps if app.name not in layers)

    assert missing == []
    assert len(config["contracts"]) >= 8


def test_worked_examples_of_pure_rooms_hold() -> None:
    failed = []
    tried = 0
    for module in modules():
        if not {"engine", "rollup", "interchange", "supervisor"} & set(module.parts):
            continue
        name = module.path.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
        result = doctest.testmod(importlib.import_module(name))
        tried += result.attempted
        if result.failed:
            failed.append(name)

    assert failed == []
    assert tried > 0
