"""Addresses of projects."""

from django.urls import include, path

from projects.views import (
    baselines,
    budgets,
    calendars,
    earned_value,
    links,
    money,
    plan,
    plan_imports,
    projects,
    schedule_imports,
    schedule_quality,
    scheduling,
    tasks,
    team,
    techniques,
)

app_name = "projects"

of_project = [
    path("", projects.overview, name="overview"),
    path("edit/", projects.edit, name="edit"),
    path("state/", projects.state, name="state"),
    path("data-date/", projects.data_date, name="data_date"),
    path("activity/", projects.activity, name="activity"),
    path("plan/", plan.plan, name="plan"),
    path("plan/import/", plan_imports.plan_import, name="plan_import"),
    path("plan/scheduling/", scheduling.scheduling, name="scheduling"),
    path("plan/scheduling/edit/", scheduling.scheduling_edit, name="scheduling_edit"),
    path("plan/scheduling/switch/", scheduling.scheduling_switch, name="scheduling_switch"),
    path("quality/", schedule_quality.quality, name="quality"),
    path("quality/export/<slug:kind>/", schedule_quality.quality_export, name="quality_export"),
    path("quality/check/", schedule_quality.quality_check, name="quality_check"),
    path("plan/new/", tasks.task_new, name="task_new"),
    path("plan/<int:uid>/", tasks.task_detail_page, name="task_detail"),
    path("plan/<int:uid>/edit/", tasks.task_edit, name="task_edit"),
    path("plan/<int:uid>/progress/", tasks.task_progress, name="task_progress"),
    path("plan/<int:uid>/technique/", techniques.task_technique, name="task_technique"),
    path("plan/<int:uid>/delete/", tasks.task_delete, name="task_delete"),
    path("plan/<int:uid>/move/", tasks.task_move, name="task_move"),
    path("plan/<int:uid>/links/", links.link_add, name="link_add"),
    path("links/<int:pk>/delete/", links.link_delete, name="link_delete"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.calendar_new, name="calendar_new"),
    path("calendars/<int:pk>/edit/", calendars.calendar_edit, name="calendar_edit"),
    path("calendars/<int:pk>/use/", calendars.calendar_use, name="calendar_use"),
    path("baselines/", baselines.baselines, name="baselines"),
    path("baselines/new/", baselines.baseline_set, name="baseline_set"),
    path("money/", money.money, name="money"),
    path("money/lines/new/", budgets.budget_line_new, name="budget_line_new"),
    path("money/lines/<int:pk>/edit/", budgets.budget_line_edit, name="budget_line_edit"),
    path("money/lines/<int:pk>/delete/", budgets.budget_line_delete, name="budget_line_delete"),
    path("money/commitments/new/", budgets.commitment_new, name="commitment_new"),
    path("money/commitments/<int:pk>/edit/", budgets.commitment_edit, name="commitment_edit"),
    path("money/commitments/<int:pk>/close/", budgets.commitment_close, name="commitment_close"),
    path("money/costs/new/", money.actual_cost_new, name="actual_cost_new"),
    path("money/costs/<int:pk>/reverse/", money.actual_cost_reverse, name="actual_cost_reverse"),
    path("money/forecast/", money.forecast_set, name="forecast_set"),
    path("earned-value/", earned_value.earned_value_page, name="earned_value"),
    path(
        "earned-value/<slug:table>.<slug:kind>",
        earned_value.earned_value_export,
        name="earned_value_export",
    ),
    path("team/", team.team, name="team"),
    path("team/new/", team.member_add, name="member_add"),
    path("team/<int:pk>/remove/", team.member_remove, name="member_remove"),
]

# What is no project's code stands before the codes.
urlpatterns = [
    path("import/", schedule_imports.import_new, name="import_new"),
    path("import/<int:pk>/", schedule_imports.import_detail, name="import_detail"),
    path("import/<int:pk>/compare/", plan_imports.import_compare, name="import_compare"),
    path("import/<int:pk>/discard/", schedule_imports.import_discard, name="import_discard"),
    path("<slug:code>/", include(of_project)),
]
