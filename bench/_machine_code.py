"""Import first: the scheduling loops are compiled in this process and those it starts, where numba is."""

import os

os.environ.setdefault("PMO_ENGINE_CODE", "on")
