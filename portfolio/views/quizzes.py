"""Quizzes: begin, answer, see the result."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from pmo_portal.accounts.access import require_permission
from pmo_portal.common.errors import DomainError
from portfolio.access import attempt_for, course_for
from portfolio.models import Attempt, Certificate
from portfolio.selectors.courses import QuestionLine, as_answered, attempt_questions, shows_answers
from portfolio.selectors.required_training import reader_language
from portfolio.services import training

PREFIX = "answer-"
ANYWAY = "anyway"


@require_permission("library.view")
@require_POST
def quiz(request: HttpRequest, code: str) -> HttpResponse:
    """Begin an attempt, or go on with the open one."""
    found = course_for(request.user, code)
    asked = request.POST.get("language", "")
    language = asked or reader_language()
    try:
        made = training.start_attempt(
            actor=request.user, course=found, language=language, today=timezone.localdate()
        )
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect(found)
    return redirect("portfolio:attempt", code=code, number=made.number)


@require_permission("library.view")
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The questions of one's own attempt; posting hands it in unless answers are missing by oversight."""
    found = attempt_for(request.user, code, number)
    if request.method == "POST":
        answers = _answers(request)
        if found.handed_in_on is None and ANYWAY not in request.POST:
            lines = as_answered(attempt_questions(found), answers)
            if any(line.is_missing for line in lines):
                return render(request, _page(found), _context(found, lines), status=422)
        try:
            training.hand_in(actor=request.user, attempt=found, answers=answers, today=timezone.localdate())
        except DomainError as refused:
            messages.error(request, str(refused))
        return redirect("portfolio:attempt", code=code, number=number)
    return render(request, _page(found), _context(found))


def _answers(request: HttpRequest) -> dict[str, list[str]]:
    names = [name for name in request.POST if name.startswith(PREFIX)]
    return {name.removeprefix(PREFIX): request.POST.getlist(name) for name in names}


def _page(found: Attempt) -> str:
    return "portfolio/courses/quiz.html" if found.handed_in_on is None else "portfolio/courses/result.html"


def _context(found: Attempt, answered: tuple[QuestionLine, ...] = ()) -> dict[str, Any]:
    lines = answered or attempt_questions(found)
    course, enrolment = found.enrolment.course, found.enrolment
    return {
        "attempt": found,
        "course": course,
        "questions": lines,
        "missing": [line for line in lines if line.is_missing],
        "has_answers": shows_answers(found),
        "to_read": {line.module.code: line.module for line in lines if line.module and not line.is_right},
        "left": max(course.max_attempts - enrolment.used, 0),
        "certificate": Certificate.objects.filter(attempt=found).first(),
    }
