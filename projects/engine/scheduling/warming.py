"""
Make the machine code of the scheduling loops ready: ``python -m projects.engine.scheduling.warming``.

Needs numba, and ``NUMBA_CACHE_DIR`` naming the folder that the code is kept in. Processes started with the
same folder use it from then on; without it, and after the source has changed, they run plain Python.
"""

import os
import sys


def main() -> int:
    """Compile what any plan needs, and say that it is there."""
    os.environ["PMO_ENGINE_CODE"] = "on"
    from projects.engine.scheduling.compiled import IS_COMPILED, stamp

    place = stamp()
    if not IS_COMPILED or place is None:
        sys.stderr.write("Numba is not installed, or NUMBA_CACHE_DIR is not set: nothing to do.\n")
        return 1
    from projects.engine.scheduling.trial import try_everything

    try_everything()
    place.touch()
    sys.stdout.write("The scheduling loops are compiled.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
