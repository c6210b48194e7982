"""Addresses of the API of the inbox."""

from rest_framework.routers import SimpleRouter

from pmo_portal.notifications.api.views import NotificationViewSet

router = SimpleRouter()
router.register("notifications", NotificationViewSet, basename="api-notification")
urlpatterns = router.urls
