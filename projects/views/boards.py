"""The board: tasks as cards, moved by drag, keyboard, menu or plain form."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from projects.access import task_for
from projects.choices import BoardAxis, BoardState, ProjectState
from projects.forms.boards import CardForm, CardMoveForm, LimitsForm
from projects.forms.saving import saves
from projects.models import Task
from projects.selectors.boards import (
    DONE_DAYS,
    BoardQuestion,
    BoardRights,
    axes_of,
    board_columns,
    load_board,
)
from projects.selectors.plan_filters import FILTERS
from projects.services import boards
from projects.views.moves import telling_moves
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

WRITES = ["GET", "HEAD", "POST"]
MAY_SEE = ("task.view", "milestone.view")


@signed_in
@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """The board as the address asks for it."""
    return _show(page_for(request, code, *MAY_SEE), "projects/board/board.html")


@signed_in
@require_http_methods(WRITES)
def card_move(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Move a card to another column, and lane if it says so."""
    page = page_for(request, code)
    question = _question(page)
    task = task_for(request.user, code, uid, _right_for(question.by))
    if request.POST.get("lane"):
        task = task_for(request.user, code, uid, _right_for(question.lanes))
    columns = board_columns(page.project, by=question.by, owners=[task.owner_id])
    initial = {"to": boards.column_of(task, question.by), "version": task.version}
    form = CardMoveForm(page.posted, columns=columns, initial=initial)
    words = FormPage(_("Move the card"), _("Move"), _back(page), "board", _("Moved."), intro=str(task))
    return _answer(page, words, form, partial(_move, request.user, task, question, form))


def _move(actor: Any, task: Task, question: BoardQuestion, form: CardMoveForm) -> Task:
    given = form.cleaned_data
    to = {question.by: given["to"]}
    if given["lane"] and question.lanes:
        to[question.lanes] = given["lane"]
    return boards.move_card(actor=actor, task=task, to=to, expected_version=given["version"])


def _right_for(axis: str) -> str:
    return "task.progress" if axis == BoardAxis.STATE else "task.edit"


@signed_in
@require_http_methods(WRITES)
def card_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a task in a column."""
    page = page_for(request, code, "task.edit")
    by = _question(page).by
    columns = board_columns(page.project, by=by)
    if by == BoardAxis.STATE:
        columns = {key: columns[key] for key in [BoardState.NOT_STARTED]}
    form = CardForm(page.posted, columns=columns, initial={"to": request.GET.get("to", "")})
    words = FormPage(_("New task"), _("Add task"), _back(page), "board", _("The task is added."))

    def act() -> Task:
        given = form.cleaned_data
        return boards.add_card(
            actor=request.user, project=page.project, name=given["name"], by=by, column=given["to"]
        )

    return _answer(page, words, form, act)


@signed_in
@require_http_methods(WRITES)
def board_limits(request: HttpRequest, code: str) -> HttpResponse:
    """Set how much may be in progress in each column."""
    page = page_for(request, code, "task.edit")
    by = _question(page).by
    limits = page.project.board_limits.get(by, {})
    initial = {**{f"limit_{key}": limit for key, limit in limits.items()}, "version": page.project.version}
    columns = boards.limited_columns(page.project, by=by)
    form = LimitsForm(page.posted, columns=columns, initial=initial)
    intro = LIMITS_OF_STATES if by == BoardAxis.STATE else LIMITS_OF_OTHERS
    words = FormPage(_("Limits of the columns"), _("Save"), _back(page), "board", intro=intro)

    def act() -> None:
        version = form.cleaned_data["version"]
        boards.set_limits(
            actor=request.user, project=page.project, by=by, limits=form.limits, expected_version=version
        )

    return run_form(page, words, form, act)


LIMITS_OF_STATES = _("How many cards may stand in a column. Empty means no limit.")
LIMITS_OF_OTHERS = _("How many tasks may be in progress at once in a column. Empty means no limit.")


def _rights(page: ProjectPage) -> BoardRights:
    is_open = page.project.state not in {ProjectState.CLOSED, ProjectState.CANCELED}
    return BoardRights(
        sees_tasks=page.allows("task.view"),
        may_edit=is_open and page.allows("task.edit"),
        may_record=is_open and page.allows("task.progress"),
        user_id=page.request.user.pk or 0,
    )


def _question(page: ProjectPage) -> BoardQuestion:
    """Return what the address asks for; unknown words are left aside."""
    asked = page.request.GET
    axes = [str(axis) for axis in axes_of(_rights(page))]
    by = asked.get("by", "") if asked.get("by") in axes else str(BoardAxis.STATE)
    lanes = asked.get("lanes", "") if asked.get("lanes") in axes else ""
    return BoardQuestion(
        by=by,
        lanes="" if lanes in {by, BoardAxis.STATE} else lanes,
        show=asked.get("show", "") if asked.get("show") in FILTERS else "",
        search=asked.get("q", "").strip()[:100],
        all_done=asked.get("done") == "all",
        all_cards=asked.get("cards") == "all",
    )


def _back(page: ProjectPage) -> str:
    asked = page.request.GET.urlencode()
    return page.url("board") + (f"?{asked}" if asked else "")


def _show(page: ProjectPage, template: str, *, kept: int | None = None) -> HttpResponse:
    """Render the board, or only what changes of it; the card of the task ``kept`` is on it."""
    question, rights = _question(page), _rights(page)
    axes = [(str(axis), axis.label) for axis in axes_of(rights)]
    response = page.show(
        template,
        "board",
        board=load_board(
            page.project,
            user=page.request.user,
            rights=rights,
            question=question,
            today=page.today,
            kept=kept,
        ),
        question=question,
        axes=axes,
        lane_choices=[choice for choice in axes if choice[0] not in {question.by, BoardAxis.STATE}],
        shown_choices=FILTERS.items(),
        rights=rights,
        asked=page.request.GET.urlencode(),
        done_days=DONE_DAYS,
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answer(page: ProjectPage, words: FormPage, form: Any, act: Callable[[], Task]) -> HttpResponse:
    """Do it and go back; a script gets the new board, or the refusal as ``X-Message``."""
    done: list[Task] = []

    def told() -> None:
        with telling_moves(page):
            done.append(act())

    request: Any = page.request
    if request.method != "POST" or not request.htmx:
        return run_form(page, words, form, told)
    if saves(form, told):
        messages.success(request, str(words.done))
        return _show(page, "projects/board/board.html#board", kept=done[0].uid)
    said = [str(text) for errors in form.errors.values() for text in errors]
    return HttpResponse(status=422, headers={"X-Message": quote(" ".join(said))})
