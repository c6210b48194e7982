"""The person's own tasks across projects."""

from typing import Any

from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from projects.models import Task
from projects.selectors.my_work import WorkGroup, WorkQuestion, my_work

PARAMETERS = [
    OpenApiParameter("show", enum=WorkGroup.values),
    OpenApiParameter("project"),
    OpenApiParameter("q"),
]


class WaitsForOutput(serializers.Serializer[Any]):
    """An unfinished task that holds the start, and whose it is; ``is_own`` that of the person asking."""

    wbs = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    owner = serializers.CharField(read_only=True)
    is_own = serializers.BooleanField(read_only=True)


class WorkRowOutput(serializers.Serializer[Any]):
    """A task of the person; ``late_since`` is the day it should have been done, if that lies before today."""

    group = serializers.ChoiceField(WorkGroup.choices, read_only=True)
    project = serializers.CharField(read_only=True)
    project_name = serializers.CharField(read_only=True)
    data_date = serializers.DateField(read_only=True, allow_null=True)
    uid = serializers.IntegerField(read_only=True)
    wbs = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    is_milestone = serializers.BooleanField(read_only=True)
    is_started = serializers.BooleanField(read_only=True)
    start = serializers.DateField(read_only=True, allow_null=True)
    finish = serializers.DateField(read_only=True, allow_null=True)
    done_on = serializers.DateField(read_only=True, allow_null=True)
    late_since = serializers.DateField(read_only=True, allow_null=True)
    deadline = serializers.DateField(read_only=True, allow_null=True)
    percent_complete = serializers.DecimalField(read_only=True, max_digits=5, decimal_places=2)
    days_left = serializers.DecimalField(read_only=True, max_digits=12, decimal_places=2)
    waits_for = WaitsForOutput(many=True, read_only=True)
    may_record = serializers.BooleanField(read_only=True)
    version = serializers.IntegerField(read_only=True)


class WorkPageOutput(serializers.Serializer[Any]):
    """A page of tasks, and how many there are in each group."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = WorkRowOutput(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())


class MyWorkViewSet(GenericViewSet):  # type: ignore[type-arg]
    """Tasks the person owns; their progress is written through ``projects/{code}/progress/``."""

    serializer_class = WorkRowOutput
    queryset = Task.objects.none()
    filter_backends = ()

    @extend_schema(parameters=PARAMETERS, responses=forced_singular_serializer(WorkPageOutput))
    def list(self, request: Request) -> Response:
        """Return own tasks with ``counts`` by group; ``show`` is one group, else what counts now."""
        asked = request.query_params
        question = WorkQuestion(asked.get("show", ""), asked.get("project", ""), asked.get("q", "")[:100])
        found = my_work(request.user, question, today=timezone.localdate())
        page = self.paginate_queryset(found.rows)  # type: ignore[arg-type]
        answer = self.get_paginated_response(self.get_serializer(page, many=True).data)
        answer.data["counts"] = found.counts
        return answer
