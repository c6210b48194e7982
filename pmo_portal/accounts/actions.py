"""What people do with people, rights and sign-ins, in words for the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTION_TITLES = {
    "user.created": _("created the sign-in of"),
    "user.password_changed": _("changed the password of"),
    "user.profile_edited": _("changed the profile of"),
    "person.created": _("added the person"),
    "person.edited": _("changed the person"),
    "person.invited": _("invited"),
    "person.access_ended": _("ended the access of"),
    "person.access_restored": _("restored the access of"),
    "org_unit.created": _("created the organization unit"),
    "org_unit.edited": _("changed the organization unit"),
    "grant.created": _("gave a role:"),
    "grant.ended": _("took away a role:"),
    "session.ended": _("ended a session of"),
    "session.others_ended": _("ended all other sessions of"),
    "token.created": _("made the API token"),
    "token.revoked": _("revoked the API token"),
    "feed.created": _("opened the calendar feed of"),
    "feed.revoked": _("closed the calendar feed of"),
    "emergency.opened": _("opened emergency access:"),
    "emergency.used": _("read with emergency access:"),
    "emergency.ended": _("ended emergency access:"),
    "emergency.lapsed": _("emergency access ran out:"),
    "emergency.confirmed": _("looked at the emergency access:"),
}
