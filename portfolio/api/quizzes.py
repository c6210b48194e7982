"""Quizzes over the API: begin an attempt, read its questions, hand it in, see the result (KNO-4)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.scopes import holds
from pmo_portal.api.idempotency import idempotent
from portfolio.access import attempt_for, course_for
from portfolio.api.attempts import QuizAnswersIn, QuizLanguageIn, QuizOut
from portfolio.api.dates import today
from portfolio.models import Attempt
from portfolio.selectors.courses import attempt_questions, shows_answers
from portfolio.selectors.required_training import reader_language
from portfolio.services import training


class QuizViewSet(viewsets.GenericViewSet[Attempt]):
    """One's own attempts at the quiz of a course."""

    queryset = Attempt.objects.none()
    serializer_class = QuizOut
    filter_backends = ()
    pagination_class = None

    def _attempt(self, number: int) -> Attempt:
        if not holds(self.request.user, "library.view"):
            raise PermissionDenied
        return attempt_for(self.request.user, self.kwargs["code"], number)

    def _shown(self, number: int, status: int = 200) -> Response:
        found = self._attempt(number)
        left = max(found.enrolment.course.max_attempts - found.enrolment.used, 0)
        shown = {
            "attempt": found,
            "attempts_left": left,
            "shows_answers": shows_answers(found),
            "questions": attempt_questions(found),
        }
        return Response(QuizOut(shown).data, status=status)

    def _body(self, shape: type[serializers.Serializer[Any]]) -> Any:
        body = shape(data=self.request.data)
        body.is_valid(raise_exception=True)
        return body.validated_data

    @extend_schema(request=QuizLanguageIn, responses={201: QuizOut})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """
        Begin an attempt, or go on with the open one; it counts from its start on.

        The questions come without answers.
        """
        course = course_for(request.user, code)
        language = self._body(QuizLanguageIn).get("language") or reader_language()
        made = training.start_attempt(actor=request.user, course=course, language=language, today=today())
        return self._shown(made.number, 201)

    @extend_schema(responses=QuizOut)
    def retrieve(self, request: Request, code: str, number: int) -> Response:
        """
        Return an attempt of one's own.

        Handed in, each question says whether it was right and where to read; what is right and why stands
        there once the attempt is passed or no attempts are left.
        """
        return self._shown(number)

    @extend_schema(request=QuizAnswersIn, responses=QuizOut)
    def hand_in(self, request: Request, code: str, number: int) -> Response:
        """Hand in the answers; what is left out is wrong. The answer is the result."""
        found = self._attempt(number)
        answers = self._body(QuizAnswersIn)["answers"]
        training.hand_in(actor=request.user, attempt=found, answers=answers, today=today())
        return self._shown(number)
