"""Import first: the scheduling loops are compiled in this process and those it starts, where numba is."""

import os

os.environ["PMO_ENGINE_CODE"] = os.environ.get("PMO_ENGINE_CODE") or "on"
