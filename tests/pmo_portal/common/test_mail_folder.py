"""Mails of a portal without a mail server."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.mail import send_mail

from pmo_portal.common.mail_folder import KEPT_DAYS
from tests.architecture.house import ROOT

LINK = "http://127.0.0.1:8000/accounts/password/reset/key/3-set-4f2a/"
ASK = "import pmo_portal.settings as s; print(s.EMAIL_BACKEND, getattr(s, 'EMAIL_FILE_PATH', ''))"


def test_mails_of_a_day_stand_in_one_file_of_the_owner(settings: Any, tmp_path: Path) -> None:
    """With the link a person waits for; files older than the days that are kept go."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "pmo_portal.common.mail_folder.EmailBackend", tmp_path
    for day in range(1, KEPT_DAYS + 1):
        (tmp_path / f"2020-01-{day:02}.txt").touch()

    for name in ("Alice", "Bob"):
        send_mail("Set your password", f"Hello {name}, follow {LINK}", None, ["a@example.org"])

    *kept, today = sorted(tmp_path.iterdir())
    assert (len(kept), kept[0].name) == (KEPT_DAYS - 1, "2020-01-02.txt")
    assert today.read_text().count(LINK) == 2
    assert stat.S_IMODE(today.stat().st_mode) == 0o600


def test_portal_without_a_mail_server_keeps_mails_until_one_is_named(tmp_path: Path) -> None:
    """Only in the embedded mode: production sends."""
    around = {name: value for name, value in os.environ.items() if name != "EMAIL_URL"}
    around |= {"PMO_MODE": "embedded", "PMO_DATA_DIR": str(tmp_path)}

    def said(**more: str) -> str:
        command = [sys.executable, "-c", ASK]
        return subprocess.check_output(command, cwd=ROOT, env={**around, **more}, text=True)

    assert said() == f"pmo_portal.common.mail_folder.EmailBackend {tmp_path / 'mails'}\n"
    assert said(EMAIL_URL="smtp://mail.example.org:25") == "django.core.mail.backends.smtp.EmailBackend \n"
