"""Collect the sentences of the portal and write the German catalog (``make messages``)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
CATALOG = ROOT / "pmo_portal/locale/de/LC_MESSAGES/django.po"
LEFT_OUT = ("node_modules", ".venv", "static", "staticfiles", "tests", "bench", "docs")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}|</?\w+[^>]*>")
HEADER = {
    "Project-Id-Version": "PMO Portal",
    "Language": "de",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def collect() -> None:
    """Bring the catalog to the sentences of the code; what is gone leaves it."""
    command = [sys.executable, "manage.py", "makemessages", "-l", "de", "--no-location", "--no-obsolete"]
    for name in LEFT_OUT:
        command += ["--ignore", name]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PMO_MODE": "test"})


def tidy() -> list[str]:
    """Sort the catalog, compile it, and return the sentences without a translation."""
    catalog = polib.pofile(str(CATALOG), wrapwidth=110)
    catalog.metadata = HEADER
    catalog.metadata_is_fuzzy = False
    catalog.header = "German sentences of PMO Portal; the terms are listed in docs/translations.md."
    for entry in catalog:
        # What a guess was made from; left behind in part, it keeps msgmerge from reading the file.
        entry.previous_msgid = entry.previous_msgctxt = entry.previous_msgid_plural = None
    catalog.sort(key=lambda entry: (entry.msgid.lower(), entry.msgid, entry.msgctxt or ""))
    catalog.save()
    catalog.save_as_mofile(str(CATALOG.with_suffix(".mo")))
    return [entry.msgid for entry in catalog if not entry.translated() or entry.fuzzy]


if __name__ == "__main__":
    collect()
    for sentence in tidy():
        print("to translate:", sentence)
