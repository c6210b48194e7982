#!/usr/bin/env python
"""Command line of PMO Portal."""

import os
import select
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo_portal.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:
        if not _is_unread(sys.stdout.fileno()):
            raise
        # What is still in the buffer goes nowhere, so that the end of Python does not stumble over it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_unread(output: int) -> bool:
    """Whether the reader of a pipe went away, as in ``manage.py demo_logins | head -1``."""
    ends = select.poll()
    ends.register(output, 0)
    return any(event & select.POLLERR for _number, event in ends.poll(0))


if __name__ == "__main__":
    main()
