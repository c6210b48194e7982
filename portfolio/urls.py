"""Addresses of the portfolio."""

from django.urls import path

from portfolio.views import table_imports

app_name = "portfolio"

urlpatterns = [
    path("portfolio/import/", table_imports.import_new, name="import_new"),
    path("portfolio/import/<int:pk>/", table_imports.import_detail, name="import_detail"),
    path("portfolio/import/<int:pk>/match/", table_imports.import_match, name="import_match"),
    path("portfolio/import/<int:pk>/confirm/", table_imports.import_confirm, name="import_confirm"),
    path("portfolio/import/<int:pk>/discard/", table_imports.import_discard, name="import_discard"),
]
