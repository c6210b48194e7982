"""Days of the gates of a project over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.models import GateDate
from portfolio.selectors.gates import GateCalendar, gate_calendar
from portfolio.selectors.governance import governance_of
from portfolio.services import governance
from projects.api.base import OfProject


class GateDayOut(serializers.Serializer[Any]):
    """A gate with its day; the day of a decided one stays."""

    gate = serializers.CharField(source="code")
    occurrence = serializers.IntegerField()
    planned_on = serializers.DateField(source="day", allow_null=True)
    is_decided = serializers.BooleanField()


class GateDaysOut(serializers.Serializer[Any]):
    """All gates in order; ``version`` grows with each day that is set."""

    version = serializers.IntegerField()
    days = GateDayOut(many=True)


class GateDayIn(serializers.Serializer[Any]):
    """The day of a gate; null takes it out of the calendar. A repeatable gate has one more occurrence."""

    gate = serializers.CharField(max_length=20)
    occurrence = serializers.IntegerField(min_value=1, max_value=999, required=False, default=1)
    planned_on = serializers.DateField(allow_null=True)


class GateDaysIn(serializers.Serializer[Any]):
    """Days to set; gates that are left out keep theirs."""

    days = GateDayIn(many=True, allow_empty=False, max_length=200)

    def validate_days(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse two days for one gate."""
        if len({(row["gate"], row["occurrence"]) for row in rows}) < len(rows):
            raise serializers.ValidationError("A gate is named twice.")
        return rows


class GateDaysViewSet(OfProject):
    """The calendar of the gates of a project."""

    serializer_class = GateDaysOut
    queryset = GateDate.objects.none()
    write_permission = "governance.edit"
    pagination_class = None

    @extend_schema(responses=GateDaysOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return the gates in order, each with its day; none while the project follows no methodology."""
        return self.shown(self._calendar())

    @extend_schema(request=GateDaysIn, responses=GateDaysOut)
    def partial_update(self, request: Request, code: str) -> Response:
        """Plan gates; ``If-Match`` says which version. What is due at a gate becomes due on its day."""
        version = self.expected_version(self._calendar())
        rows = self.given(request, kind=GateDaysIn)["days"]
        dates = {(row["gate"], row["occurrence"]): row["planned_on"] for row in rows}
        act_as: Any = request.user
        governance.plan_gates(
            actor=act_as, project=self.project, dates=dates, today=self.today, expected_version=version
        )
        return self.retrieve(request, code)

    def _calendar(self) -> GateCalendar:
        return gate_calendar(governance_of(self.project, self.today), self.project)
