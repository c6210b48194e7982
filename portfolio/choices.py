"""Vocabulary of the portfolio."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SnapshotKind(models.TextChoices):
    """Why a snapshot was made (HLT-5)."""

    DAILY = "DAILY", _("Daily")
    PERIOD_CLOSE = "PERIOD_CLOSE", _("Period close")
    ADHOC = "ADHOC", _("On demand")


class SnapshotScope(models.TextChoices):
    """Level a health snapshot is about."""

    PROJECT = "PROJECT", _("Project")
    PROGRAM = "PROGRAM", _("Program")
    PORTFOLIO = "PORTFOLIO", _("Portfolio")
    ORGANIZATION = "ORGANIZATION", _("Organization")


class Audience(models.TextChoices):
    """Whether confidential projects are in an aggregate."""

    FULL = "FULL", _("With confidential projects")
    OPEN = "OPEN", _("Without confidential projects")


class RunState(models.TextChoices):
    """States of a roll-up."""

    RUNNING = "RUNNING", _("Running")
    COMPLETE = "COMPLETE", _("Complete")
    PARTIAL = "PARTIAL", _("Complete with errors")


class Trend(models.TextChoices):
    """Direction against the former period close (HLT-7)."""

    IMPROVING = "IMPROVING", _("Improving")
    STABLE = "STABLE", _("Stable")
    DECLINING = "DECLINING", _("Declining")
    NEW = "NEW", _("New")
