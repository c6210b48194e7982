"""The compose file and the image: every command in them exists and starts here (SEC-63, SEC-64)."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.check import production_environment

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
# What the portal reads from files beside its code, each kind once.
READS_ITS_FILES = """
import django
django.setup()
from django.test import RequestFactory
from pmo_portal.accounts.permissions import matrix
from pmo_portal.common.refusals import refusal
from portfolio.interchange.assessment_file import maturity_perspectives, need_questions
from portfolio.interchange.course_file import shipped_courses
from portfolio.interchange.methodology_file import shipped_files
from portfolio.interchange.template_file import shipped_templates
from portfolio.services.import_mappings import shipped_mappings
from portfolio.services.library_content import starter_items
found = [matrix(), maturity_perspectives(), need_questions(), shipped_files(), shipped_templates()]
found += [shipped_courses(), shipped_mappings(), [each for each in starter_items() if each.language == "de"]]
request = RequestFactory().get("/", headers={"Accept-Language": "de"})
page = refusal(request, status=404, code="X").content.decode()
print(all(found), "Was Sie tun können" in page)
print(django.conf.settings.BASE_DIR)
"""
OURS = ("web", "worker", "beat", "migrate")
# Options after these words belong to the program's own help.
SUBCOMMANDS = {"celery": ("worker", "beat", "inspect"), "python": ("migrate",)}


def _starts(words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command's program and subcommand with ``--help`` in a production environment."""
    program, *rest = words
    command = [str(Path(sys.executable).parent / program) if program != "python" else sys.executable]
    for word in rest:
        command.append(word)
        if word in SUBCOMMANDS.get(program, ()):
            break
    command = command if program in SUBCOMMANDS else command[:1]
    environment = {**os.environ, **production_environment()}
    return subprocess.run(
        [*command, "--help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_compose_names_the_services_of_a_real_installation() -> None:
    assert set(SERVICES) == {"web", "worker", "beat", "migrate", "postgres", "redis"}
    assert SERVICES["worker"]["deploy"]["replicas"] >= 2


@pytest.mark.parametrize("name", OURS)
def test_command_of_service_exists_and_starts(name: str) -> None:
    done = _starts(SERVICES[name]["command"])

    assert (done.returncode, done.stderr[-500:]) == (0, "")
    for option in (word for word in SERVICES[name]["command"] if word.startswith("--")):
        assert option.split("=")[0] in done.stdout


@pytest.mark.parametrize("name", OURS)
def test_service_runs_without_rights(name: str) -> None:
    """SEC-63: non-root, read-only root, no capabilities."""
    service = SERVICES[name]

    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres", "redis"])
def test_long_running_service_has_a_health_check(name: str) -> None:
    kind, *words = SERVICES[name]["healthcheck"]["test"]
    words = words[0].split() if kind == "CMD-SHELL" else words

    assert words[0] in {"python", "celery", "pg_isready", "redis-cli"}
    if words[0] == "python":
        compile(words[2], name, "exec")
    if words[0] == "celery":
        assert _starts(words).returncode == 0


def test_migrations_end_before_anything_serves() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_secrets_come_from_the_environment_and_are_required() -> None:
    """SEC-64: no default secret anywhere."""
    text = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / ".env.example").read_text()

    for name in ("SECRET_KEY", "AUDIT_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
        assert re.search(rf"(?m)^{name}=$", example)


def test_databases_publish_no_port_and_reach_no_network() -> None:
    for name in ("postgres", "redis"):
        assert "ports" not in SERVICES[name]
        assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])


def test_redis_keeps_what_it_has_and_evicts_nothing() -> None:
    command = " ".join(SERVICES["redis"]["command"])

    assert "--appendonly yes --appendfsync everysec --maxmemory-policy noeviction" in command


def test_image_is_built_in_stages_and_runs_without_root() -> None:
    """SEC-61, SEC-63: locked packages, static files compressed in the image, no root."""
    text = (ROOT / "Dockerfile").read_text()

    assert text.count("\nFROM ") == 3
    assert "--require-hashes" in text
    assert "npm ci" in text
    assert "collectstatic" in text
    assert re.findall(r"(?m)^USER (\S+)", text) == ["pmo"]


def _copied() -> list[str]:
    text = (ROOT / "Dockerfile").read_text()
    return [word for line in re.findall(r"(?m)^COPY (?!--from)(.+)$", text) for word in line.split()[:-1]]


def test_image_copies_only_what_exists() -> None:
    sources = _copied()

    missing = [source for source in sources if not (ROOT / source).exists()]

    assert missing == []
    assert shutil.which("granian", path=str(Path(sys.executable).parent))


def test_what_the_image_copies_is_all_the_portal_reads(tmp_path: Path) -> None:
    """Permissions, templates, words, methodologies, templates of projects, questions, mappings, library."""
    image = tmp_path / "app"
    image.mkdir()
    for source in {source for source in _copied() if not source.startswith(("package", "static"))}:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, image / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, image / source)
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    place = {
        "PMO_MODE": "test",
        "PMO_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "pmo_portal.settings",
    }

    done = subprocess.run(
        [sys.executable, "-c", READS_ITS_FILES],
        cwd=image,
        env={**outside, **place},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr[-500:]) == (0, "")
    assert done.stdout.split() == ["True", "True", str(image)]
