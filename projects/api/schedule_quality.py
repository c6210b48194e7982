"""How well the plan of a project is built."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.base import OfProject
from projects.models import ScheduleAssessment
from projects.selectors.quality_page import GroupRow, quality_page


class CheckedTaskOutput(serializers.Serializer[Any]):
    """A task by its number in the plan."""

    uid = serializers.IntegerField()
    wbs = serializers.CharField()
    name = serializers.CharField()


class OffenderOutput(serializers.Serializer[Any]):
    """A task a check stumbles over, or a link by its two tasks."""

    task = CheckedTaskOutput()
    predecessor = CheckedTaskOutput(source="before", allow_null=True)
    note = serializers.CharField()


class QualityCheckOutput(serializers.Serializer[Any]):
    """One check or finding; numbers are unrounded texts, ``reason_code`` says why there is no value."""

    code = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)
    threshold = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["PASS", "FAIL", "NOT_APPLICABLE"])
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    subject = CheckedTaskOutput(allow_null=True)
    offenders_total = serializers.IntegerField()
    offenders = OffenderOutput(many=True)
    waived_until = serializers.DateField(source="waiver.valid_until", allow_null=True, default=None)


class QualityGroupOutput(serializers.Serializer[Any]):
    """A practice or quality with the codes of the checks that speak of it."""

    code = serializers.CharField()
    title = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["PASS", "FAIL", "NOT_APPLICABLE"])
    checks = serializers.SerializerMethodField()

    def get_checks(self, group: GroupRow) -> list[str]:
        """Return the codes of its checks and findings."""
        return [check.code for check in group.checks]


class ScheduleQualityOutput(serializers.Serializer[Any]):
    """Score, checks and findings; ``as_of`` is null while the plan was never checked. ``is_good_enough`` says
    whether it may become a baseline, waived checks left out.
    """

    as_of = serializers.DateField(allow_null=True)
    assessed_at = serializers.DateTimeField(allow_null=True)
    data_date = serializers.DateField(allow_null=True)
    policy_version = serializers.IntegerField()
    score = serializers.CharField(allow_null=True)
    grade = serializers.CharField()
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    passed = serializers.IntegerField()
    applicable = serializers.IntegerField()
    is_outdated = serializers.BooleanField()
    baseline_grade = serializers.CharField(source="wanted")
    is_good_enough = serializers.BooleanField()
    checks = QualityCheckOutput(many=True)
    findings = QualityCheckOutput(many=True)
    practices = QualityGroupOutput(many=True)
    qualities = QualityGroupOutput(many=True)


class ScheduleQualityViewSet(OfProject):
    """The checks of the plan."""

    serializer_class = ScheduleQualityOutput
    read_permissions = ("task.view",)
    queryset = ScheduleAssessment.objects.none()
    filter_backends = ()

    @extend_schema(responses=ScheduleQualityOutput)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return the score, the 14 checks with their offenders, and the findings."""
        return self.shown(quality_page(self.project, today=self.today))
