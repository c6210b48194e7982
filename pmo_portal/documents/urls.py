"""Addresses of files."""

from django.urls import path

from pmo_portal.documents.views import files

app_name = "documents"
urlpatterns = [
    path("", files.file_list, name="list"),
    path("<int:pk>/", files.file_download, name="download"),
]
