"""Run benchmarks, each in a process of its own: all of them, or those named on the command line."""

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def names() -> list[str]:
    """Return the benchmarks: modules of this package whose name does not start with an underscore."""
    return sorted(module.name for module in pkgutil.iter_modules([str(HERE)]) if module.name[0] != "_")


def main(wanted: list[str]) -> int:
    """Run the wanted benchmarks; 0 when every one reached its aim."""
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}; there are: {', '.join(names())}")
        return 2
    failed = []
    for name in wanted or names():
        print(f"\n=== {name} ===", flush=True)
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "pmo_portal.settings"}
        command = [sys.executable, "-m", f"bench.{name}"]
        if subprocess.run(command, cwd=HERE.parent, env=environment, check=False).returncode:
            failed.append(name)
    print(f"\nMissed its aim: {', '.join(failed)}" if failed else "\nEvery benchmark reached its aim.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
