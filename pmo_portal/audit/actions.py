"""What people do with the trail itself and with jobs, in words for the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTION_TITLES = {
    "audit.exported": _("exported the audit trail for"),
    "job.canceled": _("canceled the job"),
    "job.retried": _("tried the job again:"),
}
