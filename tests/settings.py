"""Settings of the test run: the portal's own, in test mode, whoever starts them."""

import os

os.environ.setdefault("PMO_MODE", "test")

from pmo_portal.settings import *  # noqa: F403
