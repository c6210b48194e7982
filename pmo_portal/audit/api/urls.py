"""Addresses of the API of the trail."""

from rest_framework.routers import SimpleRouter

from pmo_portal.audit.api.views import AuditViewSet

router = SimpleRouter()
router.register("audit", AuditViewSet, basename="api-audit")
urlpatterns = router.urls
