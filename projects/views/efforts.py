"""Tell people what followed from a change of work, duration or units."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages

from projects.selectors.assignments import recalculation_sentences
from projects.services.efforts import watch_recalculations
from projects.views.page import ProjectPage


@contextmanager
def telling_efforts(page: ProjectPage) -> Iterator[None]:
    """Say what was recalculated inside."""
    with watch_recalculations() as found:
        yield
    for sentence in recalculation_sentences(found, project=page.project):
        messages.info(page.request, sentence)
