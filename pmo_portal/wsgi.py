"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo_portal.settings")

application = get_wsgi_application()

# What a server loads once lives as long as the server: searching it for cycles again and again is waste.
gc.collect()
gc.freeze()
