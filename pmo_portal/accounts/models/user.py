"""The signed-in person."""

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Theme


class UserManager(BaseUserManager["User"]):
    """Makes users and finds them by e-mail, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a saved user; without a password nobody can sign in as this user."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this e-mail address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who can sign in by e-mail. Rights come from role grants only."""

    email = models.EmailField(
        _("e-mail"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("Somebody with this e-mail address exists already.")},
    )
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=8, blank=True)
    read_language = models.CharField(max_length=8, blank=True, editable=False)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    has_emergency_access = models.BooleanField(default=False, editable=False)
    home_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    home_before_at = models.DateTimeField(null=True, blank=True, editable=False)
    tour_ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Never: there is no back door beside the grants."""
        return False

    @property
    def spoken_language(self) -> str:
        """Language of messages and mails: what they chose, else what they read, else the portal's."""
        return self.language or self.read_language or settings.LANGUAGE_CODE

    def get_full_name(self) -> str:
        """Name for greetings and mails."""
        return self.name or self.email

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Never: rights are role grants, see `accounts.access`."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Never, see `has_perm`."""
        return False
