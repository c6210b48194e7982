"""What the API says about one row of the plan beyond its columns."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from projects.api.base import LocalMomentField
from projects.api.serializers import TaskOutput
from projects.models import Task
from projects.selectors.start_reasons import start_reason
from projects.selectors.task_stretches import task_stretches


class StretchOutput(serializers.Serializer[Any]):
    """A planned stretch of work."""

    start = LocalMomentField(read_only=True)
    finish = LocalMomentField(read_only=True)


class StartReasonOutput(serializers.Serializer[Any]):
    """What set the start of a task when its dates were computed, and why in one sentence."""

    driver = serializers.CharField(read_only=True, allow_blank=True)
    link = serializers.IntegerField(read_only=True, allow_null=True)
    sentence = serializers.CharField(read_only=True)


class TaskDetailOutput(TaskOutput):
    """
    A row with the reason of its start, null while dates are not computed, and its stretches of work.

    Work in one piece has no stretches.
    """

    why = serializers.SerializerMethodField()
    stretches = serializers.SerializerMethodField()

    class Meta(TaskOutput.Meta):
        fields = (*TaskOutput.Meta.fields, "stretches", "why")
        read_only_fields = fields

    @extend_schema_field(StartReasonOutput(allow_null=True))
    def get_why(self, task: Task) -> Any:
        """Return the reason, for people who may see the tasks it names."""
        if "task.view" not in self.context.get("rights", frozenset()):
            return None
        links = task.predecessor_links.select_related("predecessor").order_by("pk")
        found = start_reason(task, links=list(links), user=self.context["request"].user)
        return None if found is None else StartReasonOutput(found).data

    @extend_schema_field(StretchOutput(many=True))
    def get_stretches(self, task: Task) -> Any:
        """Return when an interrupted task is worked on."""
        return StretchOutput(task_stretches(task), many=True).data
