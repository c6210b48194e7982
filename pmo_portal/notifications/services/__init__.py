"""Verbs of messages to people."""

from pmo_portal.notifications.services.inbox import mark_all_read, mark_read, notify, set_email_wanted, settle

__all__ = ["mark_all_read", "mark_read", "notify", "set_email_wanted", "settle"]
