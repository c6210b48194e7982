"""Attempts at quizzes as the API shows them; no right answer while attempts are left (KNO-4)."""

from typing import Any

from rest_framework import serializers

from portfolio.choices import KnowledgeLanguage
from portfolio.models import Attempt
from portfolio.rollup.quiz import QuestionKind


class AttemptOut(serializers.ModelSerializer[Attempt]):
    """An attempt at a quiz; points and score are null while it is open."""

    person = serializers.IntegerField(source="enrolment.user_id")
    name = serializers.CharField(source="enrolment.user.name")
    course = serializers.CharField(source="enrolment.course.code")
    version = serializers.CharField(source="version.number")
    language = serializers.CharField(source="version.item.language")
    certificate = serializers.CharField(source="certificate.number", allow_null=True, default=None)

    class Meta:
        model = Attempt
        fields = (
            "id", "person", "name", "course", "number", "version", "language", "started_at", "handed_in_on",
            "points", "max_points", "score", "pass_mark", "is_passed", "certificate",
        )  # fmt: skip
        read_only_fields = fields


NUMBER: Any = {"max_digits": 30, "decimal_places": 10, "normalize_output": True, "allow_null": True}


class QuizOptionOut(serializers.Serializer[Any]):
    """An option; ``value`` is what an answer names."""

    value = serializers.CharField()
    text = serializers.CharField()
    is_chosen = serializers.BooleanField(allow_null=True, help_text="Null while the attempt is open.")
    is_right = serializers.BooleanField(allow_null=True, help_text="Null unless right answers are shown.")


class QuizModuleOut(serializers.Serializer[Any]):
    """The module an answer can be read up in."""

    code = serializers.CharField()
    title = serializers.CharField()


class QuizQuestionOut(serializers.Serializer[Any]):
    """
    A question of an attempt.

    Whether the answer was right, and where to read, stands there once it is handed in; the right answer and
    why once the attempt is passed or no attempts are left.
    """

    code = serializers.CharField()
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=[each.value for each in QuestionKind])
    text = serializers.CharField()
    points = serializers.IntegerField()
    options = QuizOptionOut(many=True, help_text="In the order of this attempt; empty for a number.")
    given = serializers.CharField(help_text="The number as typed; empty for a choice.")
    answer = serializers.DecimalField(
        max_digits=30,
        decimal_places=10,
        normalize_output=True,
        allow_null=True,
        help_text="The right number; null unless right answers are shown.",
    )
    tolerance = serializers.DecimalField(**NUMBER)
    is_right = serializers.BooleanField(allow_null=True, help_text="Null while the attempt is open.")
    why = serializers.CharField(help_text="Empty unless right answers are shown.")
    module = QuizModuleOut(allow_null=True, help_text="Where to read; null while the attempt is open.")


class QuizOut(serializers.Serializer[Any]):
    """An attempt with its questions."""

    attempt = AttemptOut()
    attempts_left = serializers.IntegerField()
    shows_answers = serializers.BooleanField(
        help_text="Whether right answers are shown: the attempt is passed, or no attempts are left."
    )
    questions = QuizQuestionOut(many=True)


class QuizAnswersIn(serializers.Serializer[Any]):
    """The answers; what is left out is wrong."""

    answers = serializers.DictField(
        child=serializers.ListField(
            child=serializers.CharField(max_length=40, allow_blank=True, trim_whitespace=True), max_length=20
        ),
        help_text="Code of a question: values of the options chosen, or the number as typed, in a list.",
    )


class QuizLanguageIn(serializers.Serializer[Any]):
    """The language of the questions; the person's own without it."""

    language = serializers.ChoiceField(choices=KnowledgeLanguage.choices, required=False)
