"""Questions about messages to people."""

from typing import Any

from pmo_portal.notifications.models import ChannelPreference, Notification, NotificationQuerySet


def inbox(user: Any, *, only_unread: bool = False) -> NotificationQuerySet:
    """Return the person's messages, newest first."""
    found = Notification.objects.visible_to(user)
    return (found.unread() if only_unread else found).order_by("-id")


def unread_count(user: Any) -> int:
    """Return how many messages the person has not read. One query."""
    return Notification.objects.visible_to(user).unread().count()


def wants_email(user: Any) -> bool:
    """Whether messages go to the person's mailbox too; yes until they say no. One query."""
    chosen = ChannelPreference.objects.filter(user_id=user.pk).values_list("by_email", flat=True).first()
    return True if chosen is None else chosen
