"""Addresses of sign-in and of the pages about oneself; of allauth only what the portal offers."""

from allauth.account import views as allauth_views
from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods
from django.views.generic import TemplateView

from pmo_portal.accounts.views import emergency, grants, own, people, units

# allauth's pages answer PUT like POST; these do not.
form_page = require_http_methods(["GET", "HEAD", "POST"])

administration_pages = [
    path("people/", people.person_list, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/invite/", people.person_invite, name="person_invite"),
    path("people/<int:pk>/end/", people.person_end, name="person_end"),
    path("people/<int:pk>/restore/", people.person_restore, name="person_restore"),
    path("sessions/<int:pk>/end/", people.session_end, name="session_end"),
    path("units/", units.unit_list, name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:pk>/", units.unit_edit, name="unit_edit"),
    path("grants/", grants.grant_list, name="grants"),
    path("grants/new/", grants.grant_new, name="grant_new"),
    path("grants/<int:pk>/end/", grants.grant_end, name="grant_end"),
    path("emergency/", emergency.access_list, name="emergency"),
    path("emergency/new/", emergency.access_new, name="emergency_new"),
    path("emergency/<int:pk>/end/", emergency.access_end, name="emergency_end"),
    path("emergency/<int:pk>/confirm/", emergency.access_confirm, name="emergency_confirm"),
    path("permissions/", grants.permission_matrix, name="permissions"),
]
own_pages = [
    path("profile/", own.profile, name="profile"),
    path("sessions/", own.session_list, name="sessions"),
    path("sessions/end-others/", own.session_end_others, name="session_end_others"),
    path("sessions/<int:pk>/end/", own.session_end, name="session_end"),
    path("calendar/", own.calendar, name="calendar"),
    path("tokens/", own.token_list, name="tokens"),
    re_path(r"^tokens/(?P<prefix>[0-9a-f]{8,32})/revoke/$", own.token_revoke, name="token_revoke"),
]

account_pages = [
    path("login/", form_page(allauth_views.login), name="account_login"),
    path("logout/", form_page(allauth_views.logout), name="account_logout"),
    path("password/change/", form_page(allauth_views.password_change), name="account_change_password"),
    path("password/reset/", form_page(allauth_views.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/",
        TemplateView.as_view(template_name="account/password_reset_done.html"),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[0-9A-Za-z-]{1,120})/$",
        form_page(allauth_views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        TemplateView.as_view(template_name="account/password_reset_from_key_done.html"),
        name="account_reset_password_from_key_done",
    ),
    path("language/", own.language, name="set_language"),
    path("", include((own_pages, "accounts"))),
]
urlpatterns = [
    path("accounts/", include(account_pages)),
    path("administration/", include((administration_pages, "administration"))),
]
