"""Addresses of the audit pages."""

from django.urls import path

from pmo_portal.audit.views import entries

app_name = "audit"
urlpatterns = [
    path("", entries.entry_list, name="list"),
    path("export/", entries.entry_export, name="export"),
    path("verify/", entries.verify, name="verify"),
    path("<int:pk>/", entries.entry_detail, name="detail"),
]
