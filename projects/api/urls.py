"""Addresses of the API of projects, below ``/api/v1/``."""

from django.urls import include, path

from projects.api.assignments import AssignmentViewSet
from projects.api.baseline_requests import BaselineAnswerViewSet, BaselineRequestViewSet
from projects.api.boards import BoardLimitsViewSet
from projects.api.check_waivers import CheckWaiverViewSet
from projects.api.dependencies import ProjectDependencyViewSet
from projects.api.earned_value import EarnedValueViewSet
from projects.api.money import ActualCostViewSet, BudgetLineViewSet, CommitmentViewSet, MoneyViewSet
from projects.api.my_work import MyWorkViewSet
from projects.api.organizing import CalendarViewSet, MemberViewSet
from projects.api.plan import BaselineViewSet, LinkViewSet, ProgressViewSet, TaskViewSet, TechniqueViewSet
from projects.api.plan_changes import PlanChangeViewSet
from projects.api.plan_exports import PlanExportViewSet, PlanFileViewSet
from projects.api.plan_grid import PlanGridViewSet
from projects.api.plan_versions import PlanVersionViewSet
from projects.api.progress import ProgressListViewSet
from projects.api.progress_sheets import ProgressSheetFileViewSet, ProgressSheetViewSet
from projects.api.projects import ProjectsViewSet, ProjectViewSet
from projects.api.schedule_imports import ScheduleImportsViewSet
from projects.api.schedule_quality import ScheduleQualityViewSet
from projects.api.scheduling import SchedulingViewSet

LIST = {"get": "list", "post": "create"}
ONE = {"get": "retrieve", "patch": "partial_update"}
ONE_REMOVABLE = {**ONE, "delete": "destroy"}

of_project = [
    path("", ProjectViewSet.as_view(ONE), name="api-project"),
    path("state/", ProjectViewSet.as_view({"post": "state"}), name="api-project-state"),
    path("data-date/", ProjectViewSet.as_view({"post": "data_date"}), name="api-project-data-date"),
    path(
        "schedule/",
        SchedulingViewSet.as_view({"get": "retrieve", "post": "switch"}),
        name="api-project-schedule",
    ),
    path("plan/", PlanGridViewSet.as_view({"get": "retrieve"}), name="api-plan"),
    path("plan/changes/", PlanChangeViewSet.as_view(LIST), name="api-plan-changes"),
    path(
        "plan/changes/<int:number>/undo/",
        PlanChangeViewSet.as_view({"post": "undo"}),
        name="api-plan-change-undo",
    ),
    path(
        "plan/baselines/<int:number>/",
        PlanGridViewSet.as_view({"get": "baseline"}),
        name="api-plan-baseline",
    ),
    path("plan/own-fields/", PlanGridViewSet.as_view({"get": "own_fields"}), name="api-plan-own-fields"),
    path("plan/summaries/", PlanGridViewSet.as_view({"get": "summaries"}), name="api-plan-summaries"),
    path("exports/", PlanExportViewSet.as_view(LIST), name="api-plan-exports"),
    path("exports/<slug:kind>/", PlanFileViewSet.as_view({"get": "content"}), name="api-plan-file"),
    path("progress/", ProgressListViewSet.as_view(LIST), name="api-progress"),
    path("progress/trial/", ProgressListViewSet.as_view({"post": "trial"}), name="api-progress-trial"),
    path("tasks/", TaskViewSet.as_view(LIST), name="api-tasks"),
    path("tasks/<int:uid>/", TaskViewSet.as_view(ONE_REMOVABLE), name="api-task"),
    path("tasks/<int:uid>/move/", TaskViewSet.as_view({"post": "move"}), name="api-task-move"),
    path("tasks/<int:uid>/trial/", SchedulingViewSet.as_view({"post": "try_task"}), name="api-task-trial"),
    path(
        "tasks/<int:uid>/technique/", TechniqueViewSet.as_view({"put": "update"}), name="api-task-technique"
    ),
    path("progress/sheet/", ProgressSheetViewSet.as_view({"post": "create"}), name="api-progress-sheet"),
    path(
        "progress/sheet/trial/",
        ProgressSheetViewSet.as_view({"post": "trial"}),
        name="api-progress-sheet-trial",
    ),
    path(
        "progress/sheet/<slug:kind>/",
        ProgressSheetFileViewSet.as_view({"get": "content"}),
        name="api-progress-sheet-file",
    ),
    path("tasks/<int:uid>/progress/", ProgressViewSet.as_view(LIST), name="api-task-progress"),
    path("tasks/<int:uid>/assignments/", AssignmentViewSet.as_view(LIST), name="api-assignments"),
    path(
        "assignments/<int:pk>/",
        AssignmentViewSet.as_view({"patch": "partial_update", "delete": "destroy"}),
        name="api-assignment",
    ),
    path("links/", LinkViewSet.as_view(LIST), name="api-links"),
    path("links/trial/", SchedulingViewSet.as_view({"post": "try_link"}), name="api-links-trial"),
    path(
        "links/<int:pk>/",
        LinkViewSet.as_view({"patch": "partial_update", "delete": "destroy"}),
        name="api-link",
    ),
    path("dependencies/", ProjectDependencyViewSet.as_view(LIST), name="api-dependencies"),
    path("dependencies/<int:pk>/", ProjectDependencyViewSet.as_view(ONE_REMOVABLE), name="api-dependency"),
    path(
        "dependencies/<int:pk>/accept/",
        ProjectDependencyViewSet.as_view({"post": "accept"}),
        name="api-dependency-accept",
    ),
    path(
        "dependencies/<int:pk>/renegotiate/",
        ProjectDependencyViewSet.as_view({"post": "renegotiate"}),
        name="api-dependency-renegotiate",
    ),
    path(
        "dependencies/<int:pk>/agree/",
        ProjectDependencyViewSet.as_view({"post": "agree"}),
        name="api-dependency-agree",
    ),
    path(
        "dependencies/<int:pk>/decline/",
        ProjectDependencyViewSet.as_view({"post": "decline"}),
        name="api-dependency-decline",
    ),
    path(
        "board-limits/",
        BoardLimitsViewSet.as_view({"get": "retrieve", "put": "update"}),
        name="api-board-limits",
    ),
    path("baselines/", BaselineViewSet.as_view(LIST), name="api-baselines"),
    path(
        "schedule-quality/",
        ScheduleQualityViewSet.as_view({"get": "retrieve"}),
        name="api-schedule-quality",
    ),
    path("schedule-quality/waivers/", CheckWaiverViewSet.as_view(LIST), name="api-check-waivers"),
    path(
        "schedule-quality/waivers/<int:pk>/end/",
        CheckWaiverViewSet.as_view({"post": "end"}),
        name="api-check-waiver-end",
    ),
    path(
        "schedule-quality/baseline/",
        CheckWaiverViewSet.as_view({"put": "require_grade"}),
        name="api-baseline-grade",
    ),
    path(
        "baselines/variances/",
        BaselineViewSet.as_view({"get": "variances"}),
        name="api-baselines-variances",
    ),
    path("baselines/ask/", BaselineRequestViewSet.as_view({"post": "create"}), name="api-baselines-ask"),
    path(
        "baselines/decline/",
        BaselineAnswerViewSet.as_view({"post": "decline"}),
        name="api-baselines-decline",
    ),
    path("baselines/compare/", PlanVersionViewSet.as_view({"get": "compare"}), name="api-baselines-compare"),
    path("baselines/trend/", PlanVersionViewSet.as_view({"get": "trend"}), name="api-baselines-trend"),
    path("money/", MoneyViewSet.as_view({"get": "retrieve"}), name="api-money"),
    path("money/forecast/", MoneyViewSet.as_view({"post": "forecast"}), name="api-forecast"),
    path("earned-value/", EarnedValueViewSet.as_view({"get": "retrieve"}), name="api-earned-value"),
    path("budget-lines/", BudgetLineViewSet.as_view(LIST), name="api-budget-lines"),
    path("budget-lines/<int:pk>/", BudgetLineViewSet.as_view(ONE_REMOVABLE), name="api-budget-line"),
    path("commitments/", CommitmentViewSet.as_view(LIST), name="api-commitments"),
    path("commitments/<int:pk>/", CommitmentViewSet.as_view(ONE), name="api-commitment"),
    path(
        "commitments/<int:pk>/close/",
        CommitmentViewSet.as_view({"post": "close"}),
        name="api-commitment-close",
    ),
    path("actual-costs/", ActualCostViewSet.as_view(LIST), name="api-actual-costs"),
    path(
        "actual-costs/<int:pk>/reverse/",
        ActualCostViewSet.as_view({"post": "reverse"}),
        name="api-actual-cost-reverse",
    ),
    path("members/", MemberViewSet.as_view(LIST), name="api-members"),
    path("members/<int:pk>/", MemberViewSet.as_view({"delete": "destroy"}), name="api-member"),
    path("calendars/", CalendarViewSet.as_view(LIST), name="api-calendars"),
    path("calendars/<int:pk>/", CalendarViewSet.as_view({"patch": "partial_update"}), name="api-calendar"),
]

of_imports = [
    path("", ScheduleImportsViewSet.as_view(LIST), name="api-schedule-imports"),
    path("<int:pk>/", ScheduleImportsViewSet.as_view({"get": "retrieve"}), name="api-schedule-import"),
    path(
        "<int:pk>/confirm/",
        ScheduleImportsViewSet.as_view({"post": "confirm"}),
        name="api-schedule-import-confirm",
    ),
    path(
        "<int:pk>/compare/",
        ScheduleImportsViewSet.as_view({"post": "compare"}),
        name="api-schedule-import-compare",
    ),
    path(
        "<int:pk>/discard/",
        ScheduleImportsViewSet.as_view({"post": "discard"}),
        name="api-schedule-import-discard",
    ),
    path(
        "<int:pk>/take-back/",
        ScheduleImportsViewSet.as_view({"post": "take_back"}),
        name="api-schedule-import-take-back",
    ),
]

urlpatterns = [
    path("my-work/", MyWorkViewSet.as_view({"get": "list"}), name="api-my-work"),
    path("imports/schedules/", include(of_imports)),
    path("projects/", ProjectsViewSet.as_view(LIST), name="api-projects"),
    path("projects/<slug:code>/", include(of_project)),
]
