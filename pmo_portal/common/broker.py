"""
Celery transport of the embedded default: files in a folder, without half-written ones.

kombu's own filesystem transport opens a message before it locks it, so a reader can meet an empty
file and the worker stops. Here a message appears under its name only when it is complete.
"""

import time
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any, TypeVar

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

TRIES = 20
PAUSE_SECONDS = 0.01
R = TypeVar("R")


def _until_readable(read: Callable[[], R]) -> R:
    """Read a small control file again while another process is writing it."""
    for _number in range(TRIES):
        try:
            return read()
        except ValueError:
            time.sleep(PAUSE_SECONDS)
    return read()


class Channel(filesystem.Channel):
    """Writes each message aside and renames it into place."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        draft = folder / f"{name}.draft"
        draft.write_bytes(str_to_bytes(dumps(payload)))
        draft.replace(folder / name)

    def _get(self, queue: str) -> Any:
        try:
            return super()._get(queue)
        except ValueError as fault:
            raise Empty from fault

    def get_table(self, exchange: str) -> Any:
        """Return the bindings of the exchange."""
        return _until_readable(lambda: super(Channel, self).get_table(exchange))

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        _until_readable(lambda: super(Channel, self)._queue_bind(exchange, routing_key, pattern, queue))


class Transport(filesystem.Transport):
    """The transport behind ``pmofiles://``."""

    Channel = Channel
