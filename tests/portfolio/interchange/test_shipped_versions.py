"""What was shipped under a number is never changed: installations have loaded it (STD-1)."""

import re
from hashlib import sha256
from pathlib import Path

from portfolio.interchange import document_file, methodology_file, template_file

SUMS = {
    "documents/acceptance-note.toml 1.0.0": "03dd9e2614ad",
    "documents/benefits-review.toml 1.0.0": "4a60578d5b79",
    "documents/business-case.toml 1.0.0": "a6e7c1939474",
    "documents/change-request.toml 1.0.0": "0e749ac6538a",
    "documents/charter.toml 1.0.0": "ce77fbbcd4cc",
    "documents/closure-report.toml 1.0.0": "c54a52e1ab6a",
    "documents/gate-pack.toml 1.0.0": "027890b173f5",
    "documents/lessons-report.toml 1.0.0": "1a76e185880d",
    "documents/project-plan.toml 1.0.0": "a19563ad8545",
    "documents/risk-register.toml 1.0.0": "42146f6a2b02",
    "documents/status-report.toml 1.0.0": "7d28fd03a783",
    "methodologies/ah.toml 1.0.1": "51ae2c9a37bb",
    "methodologies/p2.toml 1.0.1": "3fb886913717",
    "methodologies/sg.toml 1.0.1": "8b2a3f48a555",
    "project_templates/sg-t2-service.toml 1.0.0": "b0bee04cbe6d",
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
