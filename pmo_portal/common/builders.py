"""
Which documents can be made in the background, by name.

An app registers a function that makes the bytes; the documents app runs it as a job with the rights
of the person who asked, and keeps the file.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pmo_portal.common.labels import Label
from pmo_portal.common.models import Job
from pmo_portal.common.queue import enqueue

MAKE_DOCUMENT = "documents.make_document"


@dataclass(frozen=True)
class Built:
    """A finished document."""

    file_name: str
    media_type: str
    content: bytes


# Called with keyword arguments ``user``, ``arguments`` (mapping) and ``told`` (done, total).
BuildFunction = Callable[..., Built]
BUILDERS: dict[str, BuildFunction] = {}


def document_builder(name: str) -> Callable[[BuildFunction], BuildFunction]:
    """Register the decorated function as the builder ``name`` (``app.format``)."""

    def register(function: BuildFunction) -> BuildFunction:
        if name in BUILDERS and BUILDERS[name] is not function:
            raise ValueError(f"Two document builders are called {name}.")
        BUILDERS[name] = function
        return function

    return register


def request_document(
    *, actor: Any, builder: str, title: str | Label, arguments: Mapping[str, Any] | None = None
) -> Job | None:
    """
    Order a document; the person finds it under *Files* and gets a notification.

    Parameters
    ----------
    actor : User
        Who asks; the document is made with this person's rights at the time it is made.
    builder : str
        Registered name.
    title : Label or str
        What the person will look for; the file keeps it in the language of the moment.
    arguments : mapping
        JSON only. While the same order of the same person waits, no second one is made.
    """
    text = title.text if isinstance(title, Label) else str(title)
    content = {"builder": builder, "title": text[:200], "arguments": dict(arguments or {})}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
    return enqueue(MAKE_DOCUMENT, key=f"{actor.pk}:{digest}", arguments=content, owner=actor, label=title)
