"""Mails of a portal without a mail server: a file a day in the data directory, for its owner only."""

import os
from pathlib import Path
from typing import Any

from django.core.mail.backends.filebased import EmailBackend as FileBackend
from django.utils import timezone

KEPT_DAYS = 30


class EmailBackend(FileBackend):
    """Django's backend of files, with the mails of a day in one file and the days of a month kept."""

    file_path: str
    stream: Any

    def open(self) -> bool:
        """Go on with the file of today."""
        if self.stream is not None:
            return False
        today = Path(self.file_path) / f"{timezone.localdate().isoformat()}.txt"
        self.stream = os.fdopen(os.open(today, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab")
        for old in sorted(today.parent.glob("*.txt"))[:-KEPT_DAYS]:
            old.unlink(missing_ok=True)
        return True
