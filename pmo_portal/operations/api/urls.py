"""Addresses of the API of jobs."""

from rest_framework.routers import SimpleRouter

from pmo_portal.operations.api.views import JobViewSet

router = SimpleRouter()
router.register("jobs", JobViewSet, basename="api-job")
urlpatterns = router.urls
