"""The whole plan as the page of the grid reads it."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.base import OfProject
from projects.models import Task
from projects.selectors.plan_grid import baseline_grid, own_fields_grid, plan_grid, plan_revision
from projects.selectors.summary_values import summaries_grid

FORM = "1"


class PlanGridViewSet(OfProject):
    """The rows, links, people, calendars and baselines of a plan, packed."""

    read_permissions = ("task.view", "milestone.view")
    queryset = Task.objects.none()
    filter_backends = ()

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 304: None})
    def retrieve(self, request: Request, code: str) -> Response:
        """Return the whole plan; ``If-None-Match`` with its ``ETag`` answers 304 while nothing changed."""
        tag = self._tag(request)
        if tag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers={"ETag": tag})
        grid = plan_grid(self.project, user=request.user, today=self.today)
        return Response(grid, headers={"ETag": tag})

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def baseline(self, request: Request, code: str, number: int) -> Response:
        """Return the rows of one baseline."""
        if "baseline.view" not in self.rights:
            raise PermissionDenied
        found = baseline_grid(self.project, number, user=request.user)
        if found is None:
            raise Http404
        return Response(found)

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def own_fields(self, request: Request, code: str) -> Response:
        """Return the own fields of the rows that have any."""
        if "task.view" not in self.rights:
            raise PermissionDenied
        return Response(own_fields_grid(self.project))

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def summaries(self, request: Request, code: str) -> Response:
        """Return the physical percentage of each summary, EV/BAC, or the code of why there is none."""
        if "task.view" not in self.rights:
            raise PermissionDenied
        return Response(summaries_grid(self.project, as_of=self.today))

    def _tag(self, request: Request) -> str:
        """Return the weak entity tag: the state of the project, and who sees it on which day."""
        seen: tuple[Any, ...] = (FORM, plan_revision(self.project), request.user.pk, self.today)
        text = f"{seen} {sorted(self.rights)}"
        return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
