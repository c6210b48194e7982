"""Addresses of the inbox."""

from django.urls import path

from pmo_portal.notifications.views import inbox

app_name = "notifications"
urlpatterns = [
    path("", inbox.notification_list, name="list"),
    path("read/", inbox.notification_read_all, name="read_all"),
    path("<int:pk>/read/", inbox.notification_read, name="read"),
    path("preference/", inbox.preference, name="preference"),
]
