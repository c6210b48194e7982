"""What was shipped under a number is never changed: installations have loaded it (STD-1)."""

import re
from hashlib import sha256
from pathlib import Path

from portfolio.interchange import document_file, methodology_file, template_file

SUMS = {
    "documents/acceptance-note.toml 1.0.0": "03dd9e2614ad",
    "documents/benefits-review.toml 1.0.1": "8fea73de3264",
    "documents/business-case.toml 1.0.1": "4034937e4753",
    "documents/change-request.toml 1.0.1": "695819d73680",
    "documents/charter.toml 1.0.1": "f5385675dec8",
    "documents/closure-report.toml 1.0.0": "c54a52e1ab6a",
    "documents/gate-pack.toml 1.0.1": "030be6e789bb",
    "documents/lessons-report.toml 1.0.0": "1a76e185880d",
    "documents/project-plan.toml 1.0.1": "4f0d876d1ff1",
    "documents/risk-register.toml 1.0.1": "4797af9662e5",
    "documents/status-report.toml 1.0.1": "4b77c83d13bb",
    "methodologies/ah.toml 1.0.2": "ca548cb59090",
    "methodologies/p2.toml 1.0.2": "1ad331d145aa",
    "methodologies/sg.toml 1.0.2": "d2ac9b7e3dc2",
    "project_templates/sg-t2-service.toml 1.0.1": "95f35ccf585d",
}
"""Begin of the SHA-256 of each file, by its number. A changed file gets a new number, then a new sum."""


def test_shipped_files_change_only_with_a_new_number() -> None:
    folders = (document_file.SHIPPED, methodology_file.SHIPPED, template_file.SHIPPED)

    found = {
        named(path): sha256(path.read_bytes()).hexdigest()[:12] for each in folders for path in each.glob("*")
    }

    assert found == SUMS


def named(path: Path) -> str:
    """Folder, name and version of a file."""
    version = re.search(r'^version = "(.*)"', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None, path
    return f"{path.parent.name}/{path.name} {version[1]}"
