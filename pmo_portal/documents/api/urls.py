"""Addresses of the API of files."""

from django.urls import path

from pmo_portal.documents.api.views import FileContentViewSet, FileViewSet

urlpatterns = [
    path("files/", FileViewSet.as_view({"get": "list"}), name="api-files"),
    path("files/<int:pk>/content/", FileContentViewSet.as_view({"get": "content"}), name="api-file-content"),
]
