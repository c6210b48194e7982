"""Shapes of projects, tasks, links and progress; output and input apart, fields explicit (SEC-14)."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pmo_portal.accounts.models import OrgUnit, ScopeNode
from projects.access import target_nodes
from projects.api.base import LocalMomentField, TaskField
from projects.choices import (
    CHOSEN_TASK_KINDS,
    ConstraintType,
    EacMethod,
    EvTechnique,
    FloatKind,
    LagCalendar,
    LinkType,
    ProgressMode,
    ProjectState,
    ReportCycle,
    ScheduleConvention,
    StartDriver,
    TaskKind,
    TaskType,
    Tier,
    TimeKind,
)
from projects.models import Baseline, Calendar, Link, Project, Task, TaskProgress
from projects.selectors.calendars import calendars_for
from projects.selectors.members import people_of
from projects.selectors.summary_values import summaries_physical

MAX_MINUTES = 60 * 24 * 366 * 20


class ProjectOutput(serializers.ModelSerializer[Project]):
    """A project as the API shows it."""

    home = serializers.CharField(source="node.parent.title", read_only=True)
    is_confidential = serializers.BooleanField(source="node.is_confidential", read_only=True)

    class Meta:
        model = Project
        fields = (
            "code",
            "name",
            "description",
            "home",
            "is_confidential",
            "org_unit",
            "category",
            "tier",
            "is_flagship",
            "state",
            "state_since",
            "report_cycle",
            "currency",
            "calendar",
            "planned_start",
            "planned_finish",
            "data_date",
            "must_finish_by",
            "is_auto_scheduled",
            "convention",
            "progress_mode",
            "honor_hard_dates",
            "deadline_bounds_float",
            "critical_threshold",
            "near_critical_threshold",
            "float_kind",
            "default_lag_calendar",
            "eac_method",
            "version",
        )
        read_only_fields = fields


@extend_schema_field(OpenApiTypes.INT)
class HomeField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """The node of a portfolio or program below which the person may create projects."""

    def get_queryset(self) -> Any:
        """Return the nodes in reach."""
        request = self.context.get("request")
        return target_nodes(request.user) if request else ScopeNode.objects.none()


@extend_schema_field(OpenApiTypes.INT)
class CalendarField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A calendar of the organization or of the project in the address (SEC-11)."""

    def get_queryset(self) -> Any:
        """Return the calendars the project may use."""
        project = self.context.get("project")
        return calendars_for(project) if project else Calendar.objects.filter(project=None)


@extend_schema_field(OpenApiTypes.INT)
class OwnerField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """Somebody who works in the project in the address (SEC-11)."""

    def get_queryset(self) -> Any:
        """Return the people of the project."""
        project = self.context.get("project")
        return people_of(project) if project else people_of(Project())


class FloatLimitField(serializers.IntegerField):
    """A limit of total float in working minutes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=-MAX_MINUTES, max_value=MAX_MINUTES, **options)


class ProjectInput(serializers.Serializer[Any]):
    """What can be changed of a project's header."""

    name = serializers.CharField(max_length=250)
    description = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    org_unit = serializers.PrimaryKeyRelatedField(
        queryset=OrgUnit.objects.all(), required=False, allow_null=True
    )
    category = serializers.CharField(required=False, allow_blank=True, max_length=80)
    is_flagship = serializers.BooleanField(required=False)
    report_cycle = serializers.ChoiceField(choices=ReportCycle.choices, required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    calendar = CalendarField(required=False)
    planned_start = serializers.DateField(required=False, allow_null=True)
    planned_finish = serializers.DateField(required=False, allow_null=True)
    must_finish_by = serializers.DateField(required=False, allow_null=True)
    convention = serializers.ChoiceField(choices=ScheduleConvention.choices, required=False)
    progress_mode = serializers.ChoiceField(choices=ProgressMode.choices, required=False)
    honor_hard_dates = serializers.BooleanField(required=False)
    deadline_bounds_float = serializers.BooleanField(required=False)
    critical_threshold = FloatLimitField(required=False)
    near_critical_threshold = FloatLimitField(required=False)
    float_kind = serializers.ChoiceField(choices=FloatKind.choices, required=False)
    default_lag_calendar = serializers.ChoiceField(choices=LagCalendar.choices, required=False)
    eac_method = serializers.ChoiceField(choices=EacMethod.choices, required=False)


class NewProjectInput(ProjectInput):
    """A new project; the code is made when left out. Its tier is an estimate until it is scored."""

    tier = serializers.ChoiceField(choices=Tier.choices, required=False)
    parent = HomeField()
    is_auto_scheduled = serializers.BooleanField(default=True)
    code = serializers.SlugField(required=False, allow_blank=True, max_length=40)
    is_confidential = serializers.BooleanField(required=False)


class StateInput(serializers.Serializer[Any]):
    """Another state."""

    state = serializers.ChoiceField(choices=ProjectState.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    sponsor_agrees = serializers.BooleanField(required=False, help_text="Needed to reopen.")


class DataDateInput(serializers.Serializer[Any]):
    """Up to which day the status is known."""

    data_date = serializers.DateField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


@extend_schema_field(
    {
        "type": "array",
        "maxItems": 100,
        "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    }
)
class InterruptionsField(serializers.ListField):
    """Rests of a task: pairs of minutes of work before one, and of working time it takes."""

    def __init__(self, **options: Any) -> None:
        """Take at most a hundred pairs of minutes."""
        minutes = serializers.IntegerField(min_value=1, max_value=MAX_MINUTES)
        pair = serializers.ListField(child=minutes, min_length=2, max_length=2)
        super().__init__(child=pair, max_length=100, **options)


class SummaryPhysicalOutput(serializers.Serializer[Any]):
    """The physical percentage of a summary, or the code of the reason why there is none."""

    value = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True, allow_null=True)
    reason = serializers.CharField(read_only=True, allow_null=True)


class TaskOutput(serializers.ModelSerializer[Task]):
    """
    A row of the plan; moments are local wall time, durations working minutes.

    ``percent_physical`` of a summary is EV/BAC of the work below it, null with the reason in
    ``summary_physical``; that is null for other rows.
    """

    parent = TaskField(read_only=True, allow_null=True)
    interruptions = InterruptionsField(read_only=True, allow_null=True)
    owner_name = serializers.CharField(source="owner.name", read_only=True, default="")
    start_driver = serializers.ChoiceField(choices=StartDriver.choices, allow_blank=True, read_only=True)
    planned_start = LocalMomentField(read_only=True, allow_null=True)
    planned_finish = LocalMomentField(read_only=True, allow_null=True)
    actual_start = LocalMomentField(read_only=True, allow_null=True)
    actual_finish = LocalMomentField(read_only=True, allow_null=True)
    constraint_date = LocalMomentField(read_only=True, allow_null=True)
    deadline = LocalMomentField(read_only=True, allow_null=True)
    early_start = LocalMomentField(read_only=True, allow_null=True)
    early_finish = LocalMomentField(read_only=True, allow_null=True)
    late_start = LocalMomentField(read_only=True, allow_null=True)
    late_finish = LocalMomentField(read_only=True, allow_null=True)
    percent_physical = serializers.DecimalField(
        max_digits=5, decimal_places=2, read_only=True, allow_null=True
    )
    summary_physical = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = (
            "uid",
            "parent",
            "wbs",
            "outline_level",
            "name",
            "notes",
            "kind",
            "is_active",
            "is_manual",
            "duration",
            "duration_kind",
            "remaining_duration",
            "interruptions",
            "planned_start",
            "planned_finish",
            "actual_start",
            "actual_finish",
            "percent_complete",
            "percent_physical",
            "summary_physical",
            "work_hours",
            "task_type",
            "is_effort_driven",
            "constraint_type",
            "constraint_date",
            "deadline",
            "is_key_milestone",
            "is_completion",
            "owner",
            "owner_name",
            "ev_technique",
            "early_start",
            "early_finish",
            "late_start",
            "late_finish",
            "ev_details",
            "ev_progress",
            "total_float",
            "free_float",
            "is_critical",
            "is_near_critical",
            "is_on_longest_path",
            "is_deadline_missed",
            "start_driver",
            "version",
        )
        read_only_fields = fields

    @extend_schema_field(SummaryPhysicalOutput(allow_null=True))
    def get_summary_physical(self, task: Task) -> Any:
        """Return how much of a summary is done physically, or why that is unknown; once for an answer."""
        if task.kind != TaskKind.SUMMARY:
            return None
        known = self.context.setdefault("summaries_physical", {})
        if task.project_id not in known:
            known[task.project_id] = summaries_physical(task.project, as_of=timezone.localdate())
        return SummaryPhysicalOutput(known[task.project_id][task.pk]).data

    def to_representation(self, task: Task) -> dict[str, Any]:
        """Give a summary the percentage of what is below it."""
        shown: dict[str, Any] = super().to_representation(task)
        if task.kind == TaskKind.SUMMARY:
            shown["percent_physical"] = shown["summary_physical"]["value"]
        return shown


class TaskInput(serializers.Serializer[Any]):
    """What can be changed of a row."""

    name = serializers.CharField(max_length=250)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    kind = serializers.ChoiceField(choices=CHOSEN_TASK_KINDS, required=False)
    is_active = serializers.BooleanField(required=False)
    is_manual = serializers.BooleanField(required=False)
    duration = serializers.IntegerField(required=False, min_value=0, max_value=MAX_MINUTES)
    duration_kind = serializers.ChoiceField(choices=TimeKind.choices, required=False)
    interruptions = InterruptionsField(required=False, allow_null=True)
    planned_start = LocalMomentField(required=False, allow_null=True)
    planned_finish = LocalMomentField(required=False, allow_null=True)
    work_hours = serializers.DecimalField(
        required=False, max_digits=12, decimal_places=2, min_value=Decimal(0)
    )
    task_type = serializers.ChoiceField(choices=TaskType.choices, required=False)
    is_effort_driven = serializers.BooleanField(required=False)
    calendar = CalendarField(required=False, allow_null=True)
    constraint_type = serializers.ChoiceField(choices=ConstraintType.choices, required=False)
    constraint_date = LocalMomentField(required=False, allow_null=True)
    deadline = LocalMomentField(required=False, allow_null=True)
    is_key_milestone = serializers.BooleanField(required=False)
    is_completion = serializers.BooleanField(required=False)
    owner = OwnerField(required=False, allow_null=True)
    ev_technique = serializers.ChoiceField(choices=EvTechnique.choices, required=False)


class NewTaskInput(TaskInput):
    """A new row; ``ev_details`` are checked by technique."""

    is_completion = None
    ev_details = serializers.DictField(required=False)
    parent = TaskField(required=False, allow_null=True)
    position = serializers.IntegerField(required=False, min_value=0, max_value=99_000)


class TechniqueInput(serializers.Serializer[Any]):
    """How a task earns its value; ``ev_details`` are checked by technique."""

    ev_technique = serializers.ChoiceField(choices=EvTechnique.choices)
    ev_details = serializers.DictField(required=False, default=dict)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class MoveInput(serializers.Serializer[Any]):
    """Another place in the outline."""

    parent = TaskField(allow_null=True)
    position = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=99_000)


class ProgressOutput(serializers.ModelSerializer[TaskProgress]):
    """A dated state of a task."""

    actual_start = LocalMomentField(read_only=True, allow_null=True)
    actual_finish = LocalMomentField(read_only=True, allow_null=True)
    forecast_start = LocalMomentField(read_only=True, allow_null=True)
    forecast_finish = LocalMomentField(read_only=True, allow_null=True)

    class Meta:
        model = TaskProgress
        fields = (
            "data_date",
            "actual_start",
            "actual_finish",
            "remaining_duration",
            "percent_complete",
            "percent_physical",
            "ev_progress",
            "forecast_start",
            "forecast_finish",
            "note",
        )
        read_only_fields = fields


class PercentField(serializers.DecimalField):
    """A share of 0 to 100."""

    def __init__(self, **options: Any) -> None:
        bounds = {"min_value": Decimal(0), "max_value": Decimal(100)}
        super().__init__(max_digits=5, decimal_places=2, **bounds, **options)


class ProgressInput(serializers.Serializer[Any]):
    """What is done at a data date; the project's own date when left out."""

    data_date = serializers.DateField(required=False)
    actual_start = LocalMomentField(required=False, allow_null=True)
    actual_finish = LocalMomentField(required=False, allow_null=True)
    percent_complete = PercentField(required=False, allow_null=True)
    remaining_duration = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=MAX_MINUTES
    )
    percent_physical = PercentField(required=False, allow_null=True)
    quantity_done = serializers.DecimalField(
        required=False, allow_null=True, max_digits=11, decimal_places=2, min_value=Decimal(0)
    )
    steps_reached = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=100), required=False, allow_null=True
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class LinkOutput(serializers.ModelSerializer[Link]):
    """A link; tasks by their numbers, the lag in minutes."""

    predecessor = TaskField(read_only=True)
    successor = TaskField(read_only=True)

    class Meta:
        model = Link
        fields = (
            "id",
            "predecessor",
            "successor",
            "type",
            "lag",
            "lag_percent",
            "lag_kind",
            "is_driving",
            "is_out_of_sequence",
            "version",
        )
        read_only_fields = fields


class LinkChange(serializers.Serializer[Any]):
    """What can be changed of a link."""

    type = serializers.ChoiceField(choices=LinkType.choices, required=False)
    lag = serializers.IntegerField(required=False, min_value=-MAX_MINUTES, max_value=MAX_MINUTES)
    lag_kind = serializers.ChoiceField(choices=TimeKind.choices, required=False)


class LinkInput(LinkChange):
    """A new link."""

    predecessor = TaskField()
    successor = TaskField()


class BaselineOutput(serializers.ModelSerializer[Baseline]):
    """A baseline; BAC only for people who may see totals."""

    start = LocalMomentField(read_only=True, allow_null=True)
    finish = LocalMomentField(read_only=True, allow_null=True)
    bac = serializers.DecimalField(required=False, max_digits=18, decimal_places=2)

    class Meta:
        model = Baseline
        fields = ("number", "name", "is_current", "effective_from", "start", "finish", "bac", "reason")
        read_only_fields = ("number", "name", "is_current", "effective_from", "reason")

    def to_representation(self, instance: Baseline) -> dict[str, Any]:
        """Leave amounts out where the right is missing."""
        shown = super().to_representation(instance)
        if not {"budget.view", "budget.view_totals"} & self.context.get("rights", frozenset()):
            shown.pop("bac")
        return shown


class VarianceOutput(serializers.Serializer[Any]):
    """
    A row against one baseline: working days, positive is late; ``cost`` only for people who may see budgets.

    All null with the reason ``NO_BASELINE`` or ``REMOVED``.
    """

    start_wd = serializers.IntegerField(read_only=True, allow_null=True)
    finish_wd = serializers.IntegerField(read_only=True, allow_null=True)
    duration_days = serializers.DecimalField(read_only=True, allow_null=True, max_digits=12, decimal_places=4)
    cost = serializers.DecimalField(required=False, allow_null=True, max_digits=18, decimal_places=2)
    baseline_start = serializers.DateField(read_only=True, allow_null=True)
    baseline_finish = serializers.DateField(read_only=True, allow_null=True)
    reason = serializers.CharField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Leave the amount out where the right is missing."""
        shown = super().to_representation(instance)
        if "budget.view" not in self.context.get("rights", frozenset()):
            shown.pop("cost")
        return shown


class VarianceRowOutput(serializers.Serializer[Any]):
    """A row of the plan against the current and the original baseline (SCH-37)."""

    uid = serializers.IntegerField(read_only=True)
    wbs = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    start = serializers.DateField(read_only=True, allow_null=True)
    finish = serializers.DateField(read_only=True, allow_null=True)
    current = VarianceOutput(read_only=True)
    original = VarianceOutput(read_only=True)


class BaselineInput(serializers.Serializer[Any]):
    """Freeze the plan."""

    effective_from = serializers.DateField()
    name = serializers.CharField(required=False, allow_blank=True, max_length=150)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=5000)
