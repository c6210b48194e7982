"""How the Jobs pages write durations."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86_400
A_FEW = 10


@register.filter
def time_span(value: Any) -> str | None:
    """
    Return a duration as people say it; None when there is none.

    Examples
    --------
    >>> time_span(timedelta(seconds=90))
    '1 min 30 s'
    """
    if not isinstance(value, timedelta):
        return None
    seconds = value.total_seconds()
    whole = int(seconds)
    if seconds < A_FEW:
        return _("%(seconds)s s") % {"seconds": formats.number_format(round(seconds, 1), decimal_pos=1)}
    if whole < MINUTE:
        return _("%(seconds)s s") % {"seconds": whole}
    if whole < A_FEW * MINUTE:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": whole // MINUTE, "seconds": whole % MINUTE}
    if whole < HOUR:
        return _("%(minutes)s min") % {"minutes": whole // MINUTE}
    if whole < DAY:
        minutes = whole % HOUR // MINUTE
        return _("%(hours)s h %(minutes)s min") % {"hours": whole // HOUR, "minutes": minutes}
    return _("%(days)s d %(hours)s h") % {"days": whole // DAY, "hours": whole % DAY // HOUR}
