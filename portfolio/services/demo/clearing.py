"""
Set the demo aside and leave an empty place for an organization of one's own.

The trail of the demo cannot be deleted, by anybody: so its whole database is kept under another name
instead of being emptied.
"""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError

DATABASE_PARTS = ("", "-wal", "-shm")


def require_demo_to_clear() -> Path:
    """
    Return the file of the demo's database.

    Raises
    ------
    DomainError
        ``NOT_EMBEDDED`` when the database is not a file in the data directory.
    Conflict
        ``NO_DEMO`` when this is not the demo: an organization of one's own is never set aside.
    """
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    if not settings.IS_SQLITE or database.resolve().parent != settings.DATA_DIR:
        raise DomainError(
            _(
                "This database is not a file in the data directory. Make an empty database, name it in "
                "DATABASE_URL, then run `manage.py migrate` and `manage.py create_admin`."
            ),
            code="NOT_EMBEDDED",
        )
    if not User.objects.filter(email__endswith=f"@{settings.DEMO_DOMAIN}").exists():
        raise Conflict(_("There is no demo here, so nothing was changed."), code="NO_DEMO")
    return database


def set_demo_aside(*, database: Path, now: datetime) -> Path:
    """
    Move database, files, messages and password of the demo into a folder with a date; return it.

    Call it while no portal runs. The keys of the installation stay, so the trail can still be verified.
    """
    connections.close_all()
    folder: Path = settings.DATA_DIR / f"demo-set-aside-{now:%Y-%m-%d-%H%M%S}"
    folder.mkdir(mode=0o700)
    moved = [database.with_name(f"{database.name}{part}") for part in DATABASE_PARTS]
    moved += [settings.DATA_DIR / name for name in ("demo_password", "queue")]
    moved.append(Path(settings.MEDIA_ROOT))
    for place in moved:
        if place.exists():
            place.rename(folder / place.name)
    for name in ("messages", "control"):
        (settings.DATA_DIR / "queue" / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
