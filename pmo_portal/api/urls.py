"""Addresses of the API's own endpoints; the apps above add theirs under the same prefix."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from pmo_portal.api.views.docs import docs, schema
from pmo_portal.api.views.emergency import EmergencyAccessViewSet
from pmo_portal.api.views.own import MeView, TokenViewSet
from pmo_portal.api.views.people import GrantViewSet, OrgUnitViewSet, PersonViewSet

router = SimpleRouter()
router.register("tokens", TokenViewSet, basename="api-token")
router.register("people", PersonViewSet, basename="api-person")
router.register("org-units", OrgUnitViewSet, basename="api-org-unit")
router.register("grants", GrantViewSet, basename="api-grant")
router.register("emergency-accesses", EmergencyAccessViewSet, basename="api-emergency-access")

urlpatterns = [
    path("me/", MeView.as_view(), name="api-me"),
    path("schema/", schema, name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("", include(router.urls)),
]
