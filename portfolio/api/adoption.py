"""Adoption over the API: what pages and exports show."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.scopes import holds
from portfolio.access import portfolio_for
from portfolio.api.dates import query_of, today
from portfolio.models import ProjectAdoption
from portfolio.rollup.adoption import Part
from portfolio.selectors.adoption_page import SORTS, AdoptionPage, adoption_page

PERCENT: Any = {"max_digits": 32, "decimal_places": 4, "allow_null": True}


class AdoptionPartOut(serializers.Serializer[Any]):
    """A part; ``share`` is its weight in percent after parts without a figure dropped out."""

    part = serializers.ChoiceField(choices=[part.value for part in Part])
    percent = serializers.DecimalField(rounding="ROUND_HALF_UP", **PERCENT)
    share = serializers.DecimalField(rounding="ROUND_HALF_UP", **PERCENT)
    reason = serializers.CharField(help_text="Why ``percent`` is null; empty otherwise.")


class AdoptionOut(serializers.Serializer[Any]):
    """Adoption of a project as it was measured."""

    project = serializers.CharField(source="project.code")
    project_name = serializers.CharField(source="project.name")
    as_of = serializers.DateField()
    percent = serializers.DecimalField(rounding="ROUND_HALF_UP", **PERCENT)
    reason = serializers.CharField(help_text="Why ``percent`` is null; empty otherwise.")
    change = serializers.DecimalField(rounding="ROUND_HALF_UP", **PERCENT)
    documents = serializers.IntegerField(source="facts.documents")
    from_template = serializers.IntegerField(source="facts.from_template")
    lessons_proposed = serializers.IntegerField(source="facts.proposed")
    lessons_marked = serializers.IntegerField(source="facts.marked")
    courses_due = serializers.IntegerField(source="facts.due")
    courses_passed = serializers.IntegerField(source="facts.passed")
    parts = AdoptionPartOut(many=True)


class AdoptionPointOut(serializers.Serializer[Any]):
    """Mean and median of a day, of the projects that have a figure."""

    as_of = serializers.DateField()
    mean = serializers.DecimalField(source="total.mean", rounding="ROUND_HALF_UP", **PERCENT)
    median = serializers.DecimalField(source="total.median", rounding="ROUND_HALF_UP", **PERCENT)
    projects = serializers.IntegerField(source="total.projects")


class AdoptionSummaryOut(AdoptionPointOut):
    """Mean and median with the months before."""

    as_of = serializers.DateField(allow_null=True)
    trend = AdoptionPointOut(many=True)


class AdoptionFilter(serializers.Serializer[Any]):
    """Filters: a past day, a portfolio with those below it, an order."""

    as_of = serializers.DateField(required=False)
    portfolio = serializers.SlugField(max_length=40, required=False)
    sort = serializers.ChoiceField(choices=[*SORTS, *(f"-{name}" for name in SORTS)], required=False)


class AdoptionViewSet(viewsets.GenericViewSet[ProjectAdoption]):
    """Adoption of the projects the person sees (KNO-10)."""

    serializer_class = AdoptionOut
    queryset = ProjectAdoption.objects.none()
    filter_backends = ()

    def _page(self, request: Request) -> AdoptionPage:
        if not holds(request.user, "rollup.view"):
            raise PermissionDenied
        asked = query_of(request, AdoptionFilter)
        code = asked.get("portfolio", "")
        return adoption_page(
            request.user,
            day=min(asked.get("as_of", today()), today()),
            portfolio=portfolio_for(request.user, code) if code else None,
            sort=asked.get("sort", "code"),
        )

    @extend_schema(parameters=[AdoptionFilter], responses=AdoptionOut(many=True))
    def list(self, request: Request) -> Response:
        """Return the newest figures up to a day, by code of the project."""
        rows: Any = self._page(request).rows
        return self.get_paginated_response(AdoptionOut(self.paginate_queryset(rows), many=True).data)

    @extend_schema(parameters=[AdoptionFilter], responses=AdoptionSummaryOut)
    @action(detail=False, pagination_class=None)
    def summary(self, request: Request) -> Response:
        """Return mean, median and the months before."""
        return Response(AdoptionSummaryOut(self._page(request)).data)
