"""The Celery application: it wakes workers; the Job table is the queue of record."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo_portal.settings")
TRANSPORT_ALIASES["pmofiles"] = "pmo_portal.common.broker:Transport"

app = Celery("pmo_portal")
# Threads see the default application only: the bell that wakes workers rings from a thread of its own.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["pmo_portal.common"], related_name="wakeup")
