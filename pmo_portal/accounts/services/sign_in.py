"""
The limit of wrong passwords (SEC-1).

Each guess is counted **before** the password is compared, by one conditional UPDATE per key, so
parallel guesses cannot slip through between reading and writing. A key is an account seen from one
address, or an address; a victim is therefore never locked out from elsewhere, and never for longer
than the window.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import ngettext

from pmo_portal.accounts.models import LoginFailure
from pmo_portal.common.errors import DomainError

KEEP = timedelta(days=2)


class TooManyGuesses(DomainError):
    """The limit is reached; the password was not looked at."""

    code = "TOO_MANY_GUESSES"
    status = 429


@dataclass(frozen=True)
class GuessKeys:
    """The two counters of a guess and their limits."""

    account: str
    address: str

    def limits(self) -> tuple[tuple[str, int], ...]:
        """Return key and limit, always in the same order: the order of the locks."""
        return (
            (self.address, settings.LOGIN_FAILURES_PER_ADDRESS),
            (self.account, settings.LOGIN_FAILURES_PER_ACCOUNT),
        )


def guess_keys(*, email: str, address: str) -> GuessKeys:
    """Return the keys of a guess; IPv6 clients count by their network of 64 bits."""
    place = _network(address)
    return GuessKeys(
        account=_digest(f"account:{email.strip().lower()}|{place}"), address=_digest(f"address:{place}")
    )


def count_guess(*, email: str, address: str, now: datetime) -> None:
    """
    Reserve one guess. Call it before comparing the password; it commits at once.

    Raises
    ------
    TooManyGuesses
        If the account from this address, or the address, has no guess left in its window.
    """
    refused_until = _reserve(guess_keys(email=email, address=address), now=now)
    if refused_until is None:
        return
    minutes = max(1, ceil((refused_until - now).total_seconds() / 60))
    message = ngettext(
        "Too many attempts to sign in. Wait %(minutes)d minute and try again, or reset your password.",
        "Too many attempts to sign in. Wait %(minutes)d minutes and try again, or reset your password.",
        minutes,
    )
    raise TooManyGuesses(message % {"minutes": minutes}, minutes=minutes)


def forgive_guess(*, email: str, address: str) -> None:
    """Take back the guess that was right: the account starts anew, the address gets its one guess back."""
    keys = guess_keys(email=email, address=address)
    with transaction.atomic():
        LoginFailure.objects.filter(key=keys.address, count__gt=0).update(count=F("count") - 1)
        LoginFailure.objects.filter(key=keys.account).update(count=0)


def forget_old_guesses(*, now: datetime) -> int:
    """Delete counters nobody needs any more; return how many."""
    return LoginFailure.objects.filter(window_start__lt=now - KEEP).delete()[0]


def _reserve(keys: GuessKeys, *, now: datetime) -> datetime | None:
    """Count the guess on both keys, or on neither; return until when the refusing key refuses."""
    over = now - settings.LOGIN_WINDOW
    with transaction.atomic():
        LoginFailure.objects.bulk_create(
            [LoginFailure(key=key, window_start=now, count=0) for key, _limit in keys.limits()],
            ignore_conflicts=True,
        )
        for key, limit in keys.limits():
            counted = LoginFailure.objects.filter(
                Q(count__lt=limit) | Q(window_start__lte=over), key=key
            ).update(
                count=Case(
                    When(window_start__lte=over, then=Value(1)),
                    default=F("count") + 1,
                    output_field=IntegerField(),
                ),
                window_start=Case(When(window_start__lte=over, then=Value(now)), default=F("window_start")),
                updated_at=now,
            )
            if not counted:
                started = LoginFailure.objects.get(key=key).window_start
                transaction.set_rollback(True)
                return started + settings.LOGIN_WINDOW
    return None


def _network(address: str) -> str:
    try:
        number = ip_address(address)
    except ValueError:
        return address
    return str(int(number) >> 64) if isinstance(number, IPv6Address) else str(number)


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), sha256).hexdigest()
