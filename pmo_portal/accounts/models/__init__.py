"""Models of accounts."""

from pmo_portal.accounts.models.emergency import EmergencyAccess
from pmo_portal.accounts.models.feed import CalendarFeed
from pmo_portal.accounts.models.grant import EndedGrant, RoleGrant
from pmo_portal.accounts.models.login import LoginFailure
from pmo_portal.accounts.models.org_unit import OrgUnit
from pmo_portal.accounts.models.person import Person
from pmo_portal.accounts.models.scope import ScopeNode
from pmo_portal.accounts.models.session import UserSession
from pmo_portal.accounts.models.user import User

__all__ = [
    "CalendarFeed",
    "EmergencyAccess",
    "EndedGrant",
    "LoginFailure",
    "OrgUnit",
    "Person",
    "RoleGrant",
    "ScopeNode",
    "User",
    "UserSession",
]
