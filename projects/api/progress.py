"""Progress of many tasks: the list, one save for all, and a trial."""

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.api.idempotency import idempotent
from projects.access import recordable_tasks
from projects.api.base import LocalMomentField, OfProject
from projects.api.scheduling import EffectOutput
from projects.api.serializers import ProgressInput, ProgressOutput
from projects.models import Task
from projects.selectors.progress_list import CHOICES, progress_rows, progress_tasks
from projects.services.progress import RowsRefused, record_progress_of_many
from projects.services.progress_lists import try_progress_of_many
from projects.services.progress_rules import ProgressDraft

MOST = 500


class ProgressRowOutput(serializers.Serializer[Any]):
    """An open task; ``before`` names unfinished tasks that should come first."""

    uid = serializers.IntegerField(read_only=True)
    wbs = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    owner = serializers.CharField(read_only=True)
    is_milestone = serializers.BooleanField(read_only=True)
    is_started = serializers.BooleanField(read_only=True)
    is_answered = serializers.BooleanField(read_only=True)
    should_start = serializers.BooleanField(read_only=True)
    should_finish = serializers.BooleanField(read_only=True)
    start = serializers.DateField(read_only=True, allow_null=True)
    finish = serializers.DateField(read_only=True, allow_null=True)
    before = serializers.ListField(child=serializers.CharField(), read_only=True)
    version = serializers.IntegerField(read_only=True)


class EntryInput(ProgressInput):
    """What is done of one task at the data date of the project."""

    data_date = None
    uid = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class EntriesInput(serializers.Serializer[Any]):
    """The entries; all are saved, or none."""

    entries = EntryInput(many=True, allow_empty=False, max_length=MOST)


class ForeseenOutput(serializers.Serializer[Any]):
    """Where an entry leads to; minutes of work, local wall time."""

    uid = serializers.IntegerField(read_only=True)
    percent_complete = serializers.DecimalField(read_only=True, max_digits=5, decimal_places=2)
    remaining_duration = serializers.IntegerField(read_only=True)
    finish = LocalMomentField(read_only=True, allow_null=True)
    before = serializers.ListField(child=serializers.CharField(), read_only=True)


class ProgressTrialOutput(serializers.Serializer[Any]):
    """The entries as they would be, and what they move."""

    rows = ForeseenOutput(many=True, read_only=True)
    effect = EffectOutput(read_only=True)


class ProgressListViewSet(OfProject):
    """Progress of the tasks a person may record: all, or their own."""

    serializer_class = ProgressRowOutput
    input_class = EntriesInput
    read_permissions = ("task.progress",)
    write_permission = "task.progress"
    queryset = Task.objects.none()
    filter_backends = ()

    @extend_schema(responses=ProgressRowOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return open tasks; ``show`` is due (the default), running, open or mine."""
        asked = request.query_params.get("show", "due")
        tasks = progress_tasks(
            recordable_tasks(request.user, project=self.project),
            project=self.project,
            user=request.user,
            chosen=asked if asked in CHOICES else "due",
        )
        rows = progress_rows(self.paginate_queryset(tasks), project=self.project)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    @extend_schema(request=EntriesInput, responses={201: ProgressOutput(many=True)})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Record what is done of many tasks at the data date; all or nothing."""
        said = self._said(request)
        try:
            made = record_progress_of_many(**said)
        except RowsRefused as refusal:
            raise entries_refused(refusal) from refusal
        shown = ProgressOutput(made, many=True, context=self.get_serializer_context())
        return Response(shown.data, status=201)

    @extend_schema(request=EntriesInput, responses=ProgressTrialOutput)
    def trial(self, request: Request, code: str) -> Response:
        """Return where the entries would lead to; nothing is kept."""
        said = self._said(request)
        try:
            found = try_progress_of_many(**said)
        except RowsRefused as refusal:
            raise entries_refused(refusal) from refusal
        return Response(ProgressTrialOutput(found, context=self.get_serializer_context()).data)

    def _said(self, request: Request) -> dict[str, Any]:
        """Return what the services take; tasks of others are as unknown as those that do not exist."""
        entries = self.given(request)["entries"]
        tasks = recordable_tasks(request.user, project=self.project)
        found = {task.uid: task for task in tasks.filter(uid__in=[entry["uid"] for entry in entries])}
        counts = Counter(entry["uid"] for entry in entries)
        faults = {
            str(uid): ["There is no such task in this project."] if uid not in found else ["Stands twice."]
            for uid, number in counts.items()
            if uid not in found or number > 1
        }
        if faults:
            raise serializers.ValidationError({"entries": faults})
        versions = {entry.pop("uid"): entry.pop("version") for entry in entries}
        return {
            "actor": request.user,
            "project": self.project,
            "data_date": self.project.data_date,
            "expected_versions": versions,
            "drafts": [
                ProgressDraft(task=found[uid], **entry) for uid, entry in zip(versions, entries, strict=True)
            ],
        }


def entries_refused(refusal: RowsRefused) -> serializers.ValidationError:
    """Return what is refused by the number of the task and the field."""
    faults: dict[str, Any] = {}
    for row in refusal.faults:
        if isinstance(row.fault, ValidationError):
            faults[str(row.uid)] = row.fault.message_dict
        else:
            faults[str(row.uid)] = {row.fault.field or row.fault.code: [str(row.fault)]}
    return serializers.ValidationError({"entries": faults})
