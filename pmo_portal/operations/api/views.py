"""Jobs by API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.common.models import Job, JobState
from pmo_portal.operations.access import job_for, reads_all_contents
from pmo_portal.operations.selectors.jobs import JobRow, job_row, jobs_found
from pmo_portal.operations.services import jobs as services

LONGEST_WORD = 100


class JobSerializer(serializers.Serializer[JobRow]):
    """One job; of jobs of others only what the person may read."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    title = serializers.CharField()
    label = serializers.CharField()
    state = serializers.ChoiceField(choices=JobState.choices)
    owner = serializers.CharField()
    is_own = serializers.BooleanField()
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    attempt = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True)
    progress_text = serializers.CharField()
    error = serializers.CharField()
    result_url = serializers.CharField()
    may_retry = serializers.BooleanField()
    may_cancel = serializers.BooleanField()


@extend_schema(tags=["jobs"])
class JobViewSet(GenericViewSet[Job]):
    """Work in the background: one's own, or all with the right to see all."""

    queryset = Job.objects.none()
    serializer_class = JobSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filter_backends = ()

    def _shown(self, request: Request, jobs: list[Job]) -> list[Any]:
        held = held_permissions(request.user, ["jobs.view", "jobs.manage"])
        reads_all = "jobs.view" in held and reads_all_contents(request.user)
        rows = [
            job_row(job, user=request.user, reads_all=reads_all, may_manage="jobs.manage" in held)
            for job in jobs
        ]
        return [JobSerializer(row).data for row in rows]

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, enum=list(JobState.values)),
            OpenApiParameter("name", str, description="Registered name of the kind of job."),
            OpenApiParameter("mine", bool, description="Only one's own."),
        ]
    )
    def list(self, request: Request) -> Response:
        """List jobs, newest first."""
        asked = {name: request.query_params.get(name, "")[:LONGEST_WORD] for name in ("state", "name")}
        sees_all = "jobs.view" in held_permissions(request.user, ["jobs.view"])
        mine = request.query_params.get("mine", "").lower() in {"1", "true"}
        clean = {name: value.replace("\x00", "") for name, value in asked.items()}
        page = self.paginate_queryset(jobs_found(request.user, sees_all=sees_all, mine=mine, **clean))
        return self.get_paginated_response(self._shown(request, list(page or [])))

    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one job."""
        return Response(self._shown(request, [job_for(request.user, int(pk))])[0])

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Let a failed or canceled job run again."""
        services.retry_job(actor=request.user, job=job_for(request.user, int(pk), for_change=True))
        return self.retrieve(request, pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Take a waiting job off the queue."""
        services.cancel_job(actor=request.user, job=job_for(request.user, int(pk), for_change=True))
        return self.retrieve(request, pk)
