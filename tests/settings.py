"""Settings of the test run: the portal's own, in test mode, whoever starts them."""

import os

os.environ.setdefault("PMO_MODE", "test")

from pmo_portal.settings import *  # noqa: F403

# Static files are looked for when asked for: each browser of a test would list them all at its start.
WHITENOISE_AUTOREFRESH = True
