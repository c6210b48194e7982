"""Tell people what a change moves: as a message after it, or as a trial before it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages

from projects.forms.saving import saves
from projects.selectors.moves import MovesPage, moves_page
from projects.services import schedules
from projects.views.page import ProjectPage


@contextmanager
def telling_moves(page: ProjectPage) -> Iterator[None]:
    """Say in one sentence what moved inside."""
    with schedules.watch_effects() as effects:
        yield
    # The last computation is what counts: a change may have taken several.
    if effects and (effects[-1].moves or effects[-1].missed):
        found = moves_page(page.project, effects[-1], limit=0)
        messages.add_message(
            page.request, messages.WARNING if found.missed else messages.INFO, found.sentence
        )


def tell_moves(page: ProjectPage, act: Callable[[], Any]) -> None:
    """Act, and say in one sentence what moved."""
    with telling_moves(page):
        act()


def trial_of(page: ProjectPage, form: Any, act: Callable[[], Any]) -> MovesPage | None:
    """Return what the act of a form would move, when the person asked for that; refusals go on the form."""
    if page.request.method != "POST" or "trial" not in page.request.POST:
        return None
    effects: list[schedules.Effect] = []
    if not saves(form, lambda: effects.extend(schedules.try_out(act))):
        return None
    return moves_page(page.project, effects[-1] if effects else schedules.NOTHING)
