"""Vocabulary of accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Roles of domain section 1.3; what each may do stands in ``permissions.csv``."""

    ADMINISTRATOR = "ADMINISTRATOR", _("System administrator")
    PMO_HEAD = "PMO_HEAD", _("PMO head")
    PMO_ANALYST = "PMO_ANALYST", _("PMO analyst")
    PORTFOLIO_MANAGER = "PORTFOLIO_MANAGER", _("Portfolio manager")
    PROGRAM_MANAGER = "PROGRAM_MANAGER", _("Program manager")
    SPONSOR = "SPONSOR", _("Sponsor")
    EXECUTIVE = "EXECUTIVE", _("Executive")
    PROJECT_MANAGER = "PROJECT_MANAGER", _("Project manager")
    TEAM_MEMBER = "TEAM_MEMBER", _("Team member")
    QUALITY_REVIEWER = "QUALITY_REVIEWER", _("Quality reviewer")
    FINANCE_CONTROLLER = "FINANCE_CONTROLLER", _("Finance controller")
    RISK_MANAGER = "RISK_MANAGER", _("Risk manager")
    STAKEHOLDER = "STAKEHOLDER", _("Stakeholder")
    AUDITOR = "AUDITOR", _("Auditor")
    EMERGENCY_READER = "EMERGENCY_READER", _("Emergency reader")


class ScopeKind(models.TextChoices):
    """Levels of the tree of scopes."""

    ORGANIZATION = "ORGANIZATION", _("Organization")
    PORTFOLIO = "PORTFOLIO", _("Portfolio")
    PROGRAM = "PROGRAM", _("Program")
    PROJECT = "PROJECT", _("Project")


class OrgUnitKind(models.TextChoices):
    """Kinds of organization units."""

    COMPANY = "COMPANY", _("Company")
    DIVISION = "DIVISION", _("Division")
    DEPARTMENT = "DEPARTMENT", _("Department")
    TEAM = "TEAM", _("Team")


class Discipline(models.TextChoices):
    """Expertise a person brings to the PMO or to projects."""

    IT = "IT", _("IT")
    PLANNING = "PLANNING", _("Planning")
    FINANCE = "FINANCE", _("Finance")
    RISK = "RISK", _("Risk")
    QUALITY = "QUALITY", _("Quality")
    CHANGE = "CHANGE", _("Change")
    PROCUREMENT = "PROCUREMENT", _("Procurement")
    DELIVERY = "DELIVERY", _("Delivery")
    OTHER = "OTHER", _("Other")


class Theme(models.TextChoices):
    """Look of the pages."""

    AUTO = "AUTO", _("As the system")
    LIGHT = "LIGHT", _("Light")
    DARK = "DARK", _("Dark")
