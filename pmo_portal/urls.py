"""All addresses."""

from django.urls import include, path

from pmo_portal.common.views.health import healthz
from pmo_portal.common.views.help import glossary, help_page
from portfolio.views.home import home, search
from projects.views.my_work import my_work_page, my_work_task

handler400 = "pmo_portal.common.views.errors.bad_request"
handler403 = "pmo_portal.common.views.errors.permission_denied"
handler404 = "pmo_portal.common.views.errors.page_not_found"
handler429 = "pmo_portal.common.views.errors.too_many_requests"
handler500 = "pmo_portal.common.views.errors.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("help/", help_page, name="help"),
    path("help/glossary/", glossary, name="help_glossary"),
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("my-work/", my_work_page, name="my_work"),
    path("my-work/<slug:code>/<int:uid>/", my_work_task, name="my_work_task"),
    path("", include("pmo_portal.accounts.urls")),
    path("jobs/", include("pmo_portal.operations.urls")),
    path("audit/", include("pmo_portal.audit.urls")),
    path("notifications/", include("pmo_portal.notifications.urls")),
    path("documents/", include("pmo_portal.documents.urls")),
    path("api/v1/", include("pmo_portal.api.urls")),
    path("api/v1/", include("pmo_portal.operations.api.urls")),
    path("api/v1/", include("pmo_portal.audit.api.urls")),
    path("api/v1/", include("pmo_portal.notifications.api.urls")),
    path("api/v1/", include("pmo_portal.documents.api.urls")),
    path("api/v1/", include("portfolio.api.urls")),
    path("api/v1/", include("projects.api.urls")),
    path("projects/", include("projects.urls")),
    path("", include("portfolio.urls")),
]
