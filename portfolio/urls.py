"""Addresses of the portfolio."""

from django.urls import include, path

from portfolio.views import (
    calendars,
    compare,
    compliance,
    dashboards,
    governance,
    health,
    home,
    library,
    library_writing,
    methodologies,
    methodology_drafts,
    periods,
    places,
    policies,
    project_templates,
    projects,
    rates,
    structure,
    table_imports,
)

app_name = "portfolio"

administration_pages = [
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.calendar_new, name="calendar_new"),
    path("calendars/<int:pk>/", calendars.calendar_edit, name="calendar_edit"),
    path("calendars/<int:pk>/default/", calendars.calendar_default, name="calendar_default"),
    path("rates/", rates.rates, name="rates"),
    path("rates/edit/", rates.rate_edit, name="rate_edit"),
    path("rates/import/", rates.rates_import, name="rates_import"),
    path("periods/", periods.periods, name="periods"),
    path("periods/new/", periods.period_new, name="period_new"),
    path("periods/<int:pk>/close/", periods.period_close, name="period_close"),
    path("periods/<int:pk>/remove/", periods.period_remove, name="period_remove"),
]
methodology_pages = [
    path("", methodologies.methodologies, name="methodologies"),
    path("<slug:code>/", methodologies.methodology, name="methodology"),
    path("<slug:code>/<str:version>/", methodologies.methodology_version, name="methodology_version"),
    path("<slug:code>/<str:version>/changes/", methodologies.methodology_changes, name="methodology_changes"),
    path("<slug:code>/<str:version>/draft/", methodologies.methodology_draft, name="methodology_draft"),
    path("<slug:code>/<str:version>/submit/", methodologies.methodology_submit, name="methodology_submit"),
    path("<slug:code>/<str:version>/return/", methodologies.methodology_return, name="methodology_return"),
    path("<slug:code>/<str:version>/approve/", methodologies.methodology_approve, name="methodology_approve"),
    path("<slug:code>/<str:version>/publish/", methodologies.methodology_publish, name="methodology_publish"),
    path(
        "<slug:code>/<str:version>/withdraw/", methodologies.methodology_withdraw, name="methodology_withdraw"
    ),
    path("<slug:code>/<str:version>/discard/", methodologies.methodology_discard, name="methodology_discard"),
    path("<slug:code>/<str:version>/texts/", methodology_drafts.methodology_head, name="methodology_head"),
    path(
        "<slug:code>/<str:version>/edit/<slug:part>/",
        methodology_drafts.methodology_row_new,
        name="methodology_row_new",
    ),
    path(
        "<slug:code>/<str:version>/edit/<slug:part>/<str:row>/",
        methodology_drafts.methodology_row,
        name="methodology_row",
    ),
    path(
        "<slug:code>/<str:version>/edit/<slug:part>/<str:row>/remove/",
        methodology_drafts.methodology_row_remove,
        name="methodology_row_remove",
    ),
    path(
        "<slug:code>/<str:version>/edit/<slug:part>/<str:row>/move/",
        methodology_drafts.methodology_row_move,
        name="methodology_row_move",
    ),
]
library_item_pages = [
    path("", library.library_item, name="library_item"),
    path("file/", library.library_file, name="library_file"),
    path("rate/", library.library_rate, name="library_rate"),
    path("helpful/", library.library_helpful, name="library_helpful"),
    path("use/", library.library_reuse, name="library_reuse"),
    path("edit/", library_writing.library_edit, name="library_edit"),
    path("send/", library_writing.library_send, name="library_send"),
    path("return/", library_writing.library_return, name="library_return"),
    path("publish/", library_writing.library_publish, name="library_publish"),
    path("confirm/", library_writing.library_confirm, name="library_confirm"),
    path("archive/", library_writing.library_archive, name="library_archive"),
]
library_pages = [
    path("", library.library, name="library"),
    path("gaps/", library.gaps, name="library_gaps"),
    path("new/", library_writing.library_new, name="library_new"),
    path("items/<slug:code>/<slug:language>/", include(library_item_pages)),
]
template_pages = [
    path("", project_templates.project_templates, name="project_templates"),
    path("<slug:code>/", project_templates.project_template, name="project_template"),
    path("<slug:code>/<str:version>/", project_templates.template_version, name="template_version"),
    path("<slug:code>/<str:version>/use/", project_templates.template_use, name="template_use"),
    path("<slug:code>/<str:version>/edit/", project_templates.template_edit, name="template_edit"),
    path("<slug:code>/<str:version>/publish/", project_templates.template_publish, name="template_publish"),
    path(
        "<slug:code>/<str:version>/withdraw/", project_templates.template_withdraw, name="template_withdraw"
    ),
]
governance_pages = [
    path("", governance.project_governance, name="governance"),
    path("methodology/", governance.governance_bind, name="governance_bind"),
    path("migration/", governance.governance_migrate, name="governance_migrate"),
    path("complexity/", governance.governance_score, name="governance_score"),
    path("gates/", governance.governance_gates, name="governance_gates"),
    path("artefacts/<str:requirement>/", governance.governance_step, name="governance_step"),
    path("tailoring/<str:requirement>/", governance.governance_tailor, name="governance_tailor"),
    path("waivers/<str:requirement>/new/", governance.waiver_request, name="waiver_request"),
    path("waivers/<int:pk>/decide/", governance.waiver_decide, name="waiver_decide"),
    path("waivers/<int:pk>/revoke/", governance.waiver_revoke, name="waiver_revoke"),
]
urlpatterns = [
    path("standards/compliance/", compliance.compliance, name="compliance"),
    path("standards/waivers/", compliance.waivers, name="waivers"),
    path("portfolio/projects/<slug:code>/governance/", include(governance_pages)),
    path("standards/methodologies/", include(methodology_pages)),
    path("standards/templates/", include(template_pages)),
    path("library/", include(library_pages)),
    path("portfolio/projects/<slug:code>/template/", project_templates.template_drift, name="template_drift"),
    path(
        "portfolio/projects/<slug:code>/template/new/",
        project_templates.template_from_project,
        name="template_from_project",
    ),
    path("administration/", include(administration_pages)),
    path("portfolio/", dashboards.index, name="index"),
    path("portfolio/p/<slug:code>/", dashboards.dashboard, name="dashboard"),
    path("portfolio/p/<slug:code>/edit/", structure.portfolio_edit, name="portfolio_edit"),
    path("portfolio/new/", structure.portfolio_new, name="portfolio_new"),
    path("portfolio/programs/new/", structure.program_new, name="program_new"),
    path("portfolio/programs/<slug:code>/edit/", structure.program_edit, name="program_edit"),
    path("portfolio/projects/", projects.projects, name="projects"),
    path("portfolio/projects/new/", structure.project_new, name="project_new"),
    path("portfolio/projects/export/<slug:kind>/", projects.projects_export, name="projects_export"),
    path("portfolio/projects/views/", projects.view_save, name="view_save"),
    path("portfolio/projects/views/<int:pk>/delete/", projects.view_delete, name="view_delete"),
    path("portfolio/projects/<slug:code>/move/", places.project_move, name="project_move"),
    path("portfolio/projects/<slug:code>/secrecy/", places.project_secrecy, name="project_secrecy"),
    path("portfolio/compare/", compare.compare, name="compare"),
    path("portfolio/compare/export/<slug:kind>/", compare.compare_export, name="compare_export"),
    path("portfolio/health/<slug:code>/", health.project_health_panel, name="project_health_panel"),
    path("portfolio/policy/", policies.policy_detail, name="policy_detail"),
    path("portfolio/policy/edit/", policies.policy_edit, name="policy_edit"),
    path("portfolio/roll-up/", dashboards.rollup_run, name="rollup_run"),
    path("home/tour/", home.tour_end, name="tour_end"),
    path("portfolio/import/", table_imports.import_new, name="import_new"),
    path("portfolio/import/<int:pk>/", table_imports.import_detail, name="import_detail"),
    path("portfolio/import/<int:pk>/match/", table_imports.import_match, name="import_match"),
    path("portfolio/import/<int:pk>/confirm/", table_imports.import_confirm, name="import_confirm"),
    path("portfolio/import/<int:pk>/discard/", table_imports.import_discard, name="import_discard"),
]
