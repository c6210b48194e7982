"""Health of projects, roll-ups and policies."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.api.idempotency import idempotent
from portfolio.access import portfolio_for
from portfolio.api.dates import day_of, query_of, today
from portfolio.api.serializers import (
    ProjectHealthDetail,
    ProjectHealthOut,
    ProjectHealthQuery,
    RollupFilter,
    RollupIn,
    RollupOut,
)
from portfolio.models import ProjectHealth, RollupRun
from portfolio.selectors.health_rows import newest_health
from portfolio.selectors.trimming import trimmed
from portfolio.services.rollups import start_rollup
from projects.access import project_for
from projects.models import Project, Task


class ProjectHealthViewSet(viewsets.GenericViewSet[ProjectHealth]):
    """Newest health of each project up to a date."""

    serializer_class = ProjectHealthOut
    lookup_field = "project"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,40}"

    def get_queryset(self) -> Any:
        """Return the rows the person may see, in order of project."""
        if getattr(self, "swagger_fake_view", False):
            return ProjectHealth.objects.none()
        visible = Project.objects.visible_to(self.request.user, "rollup.view")
        rows = newest_health(day_of(self.request), visible)
        return rows.select_related("project", "portfolio", "program").order_by("project__code")

    def _shown(self, rows: Any, shape: type[ProjectHealthOut], *, many: bool) -> Any:
        ids = [row.project_id for row in (rows if many else [rows])]
        with_money = Project.objects.visible_to(self.request.user, "budget.view_totals").filter(pk__in=ids)
        context = {"with_money": set(with_money.values_list("pk", flat=True))}
        return shape(rows, many=many, context=context).data

    @extend_schema(parameters=[ProjectHealthQuery], responses=ProjectHealthOut(many=True))
    def list(self, request: Request) -> Response:
        """Return health of projects; filter by project, portfolio (with all below) and color."""
        query = query_of(request, ProjectHealthQuery)
        rows = self.get_queryset().defer("indicators", "explanation")
        if "project" in query:
            rows = rows.filter(project__code=query["project"])
        if "portfolio" in query:
            home = portfolio_for(request.user, query["portfolio"])
            rows = rows.filter(portfolio__node__path__startswith=home.node.path)
        if "color" in query:
            rows = rows.filter(color=query["color"])
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self._shown(page, ProjectHealthOut, many=True))

    @extend_schema(parameters=[ProjectHealthQuery], responses={200: ProjectHealthDetail, 204: None})
    def retrieve(self, request: Request, project: str) -> Response:
        """Return health of one project with indicators and explanation; 204 before its first roll-up."""
        found = project_for(request.user, project)
        row = self.get_queryset().filter(project=found).first()
        if row is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        shown = self._shown(row, ProjectHealthDetail, many=False)
        uids = Task.objects.visible_to(request.user).filter(project=found).values_list("uid", flat=True)
        rights = {
            "task_uids": frozenset(str(uid) for uid in uids),
            "shows_amounts": may(request.user, "budget.view_totals", found.node),
        }
        for name in ("indicators", "explanation"):
            shown[name] = trimmed(shown[name], **rights)
        return Response(shown)


class RollupViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RollupRun]):
    """Roll-ups: when, how they ended, and the order of a new one."""

    serializer_class = RollupOut
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return the newest first; only for people who see health."""
        if getattr(self, "swagger_fake_view", False):
            return RollupRun.objects.none()
        if not holds(self.request.user, "rollup.view"):
            raise PermissionDenied
        query = query_of(self.request, RollupFilter)
        return RollupRun.objects.filter(**query).order_by("-as_of", "-pk")

    @extend_schema(request=RollupIn, responses={202: RollupOut})
    @idempotent
    def create(self, request: Request) -> Response:
        """Order a roll-up; while one for the date runs, that one is returned."""
        if not may(request.user, "rollup.run", organization_node()):
            raise PermissionDenied
        body = RollupIn(data=request.data)
        body.is_valid(raise_exception=True)
        as_of = body.validated_data.get("as_of") or today()
        run = start_rollup(actor=request.user, as_of=as_of, kind=body.validated_data["kind"])
        return Response(RollupOut(run).data, status=status.HTTP_202_ACCEPTED)
