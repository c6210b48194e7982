"""A schedule that is not read, with a code for programs and one line for people."""

from enum import StrEnum


class RefusalCode(StrEnum):
    """Why a file is refused."""

    EMPTY = "EMPTY"
    TOO_LARGE = "TOO_LARGE"
    UNKNOWN_FORMAT = "UNKNOWN_FORMAT"
    BROKEN_FILE = "BROKEN_FILE"
    PROTECTED = "PROTECTED"
    UNSAFE_XML = "UNSAFE_XML"
    TIMEOUT = "TIMEOUT"
    MEMORY = "MEMORY"
    NO_JAVA = "NO_JAVA"


class ScheduleRefused(Exception):
    """The file is not taken; ``code`` says why, ``message`` tells a person in one line."""

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
