"""Background work of accounts."""

from datetime import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.services import emergency, mails, sessions, sign_in
from pmo_portal.common.jobs import RunningJob, job
from pmo_portal.common.schedule import schedule_daily


@job("accounts.send_password_link", title=_("Mail a link to set a password"))
def send_password_link(
    *, job: RunningJob, email: str, origin: str, is_invitation: bool = False, **_kept: Any
) -> None:
    """Mail the link if the address is known."""
    mails.send_password_link(email=email, origin=origin, is_invitation=is_invitation)


@job("accounts.forget_old_sign_ins", title=_("Clean up ended sessions and counters"))
def forget_old_sign_ins(*, job: RunningJob, **_kept: Any) -> None:
    """Delete ended sessions and old counters of wrong passwords; write the end of lapsed accesses."""
    with job.effect() as result:
        now = timezone.now()
        result["sessions"] = sessions.forget_ended_sessions(now=now)
        result["accesses"] = emergency.close_lapsed()
        result["counters"] = sign_in.forget_old_guesses(now=now)


schedule_daily("accounts.forget_old_sign_ins", at=time(3, 10))
