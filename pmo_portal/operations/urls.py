"""Addresses of the Jobs pages."""

from django.urls import path

from pmo_portal.operations.views import jobs

app_name = "jobs"
urlpatterns = [
    path("", jobs.job_list, name="list"),
    path("<int:pk>/", jobs.job_detail, name="detail"),
    path("<int:pk>/progress/", jobs.job_progress, name="progress"),
    path("<int:pk>/retry/", jobs.job_retry, name="retry"),
    path("<int:pk>/cancel/", jobs.job_cancel, name="cancel"),
]
