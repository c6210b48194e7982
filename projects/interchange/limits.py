"""How much a schedule file may cost before its reading is ended (SEC-19, SEC-20, SEC-22, SEC-23)."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """
    Bounds of one reading.

    ``memory_bytes`` is address space, not resident memory: a Java heap of ``heap_bytes`` needs four times as
    much of it to start. ``output_bytes`` bounds the document as JSON, ``task_count`` its tasks.
    """

    file_bytes: int = 50 * MEGABYTE
    wall_seconds: float = 30.0
    cpu_seconds: int = 30
    heap_bytes: int = 256 * MEGABYTE
    memory_bytes: int = 2560 * MEGABYTE
    output_bytes: int = 256 * MEGABYTE
    task_count: int = 100_000
    xml_depth: int = 64
    xml_elements: int = 2_000_000
    xml_text: int = MEGABYTE
    xml_attributes: int = 64
