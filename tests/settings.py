"""Settings of the test run: the portal's own, in test mode, whoever starts them."""

import gc
import os

from tests import servers

os.environ.setdefault("PMO_MODE", "test")
# Processes of one run share a Redis server, and an emptied cache is an emptied Redis database.
if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = servers.own_redis(os.environ["REDIS_URL"])

from pmo_portal.settings import *  # noqa: F403

# Static files are looked for when asked for: each browser of a test would list them all at its start.
WHITENOISE_AUTOREFRESH = True

# What is loaded from here on stays for the whole run: seldom look through it for what can be given up.
gc.set_threshold(100_000, 20, 50)
