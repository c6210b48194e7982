"""Pages about oneself: profile, sessions, tokens."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from pmo_portal.accounts.forms.grants import TokenForm
from pmo_portal.accounts.forms.people import ProfileForm
from pmo_portal.accounts.forms.refusals import save_or_refuse
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services import feeds, people, sessions, tokens
from pmo_portal.accounts.views.paging import refused


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Change the own name, language and theme."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in people.OWN_FIELDS}
        user = save_or_refuse(form, lambda: people.edit_own_profile(actor=request.user, changes=changes))
        if user is not None:
            with translation.override(user.language or translation.get_language()):
                messages.success(request, _("Your profile was saved."))
            return redirect("accounts:profile")
    return render(request, "account/profile.html", {"form": form, "tab": "profile"}, status=refused(request))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language: kept with the person, or in a cookie for strangers."""
    response = set_language(request)
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        people.edit_own_profile(actor=request.user, changes={"language": chosen})
    return response


@require_safe
@login_required
def session_list(request: HttpRequest) -> HttpResponse:
    """Show where the person is signed in."""
    context = {
        "sessions": list(sessions.open_sessions(request.user)),
        "current_key": request.session.session_key,
        "idle_minutes": sessions.idle_limit(request.user) // 60,
        "tab": "sessions",
    }
    return render(request, "account/sessions.html", context)


@require_POST
@login_required
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the own sessions."""
    session = get_object_or_404(sessions.open_sessions(request.user), pk=pk)
    sessions.end_session(actor=request.user, session=session)
    messages.success(request, _("The session was ended."))
    return redirect("accounts:sessions")


@require_POST
@login_required
def session_end_others(request: HttpRequest) -> HttpResponse:
    """End all own sessions but this one."""
    sessions.end_other_sessions(actor=request.user, current_key=request.session.session_key or "")
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:sessions")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """Make, renew and end the secret address of one's own calendar; the address is shown this once."""
    address = ""
    if request.method == "POST" and request.POST.get("do") == "end":
        feeds.end_feed(actor=request.user)
        messages.success(request, _("The address was ended."))
        return redirect("accounts:calendar")
    if request.POST.get("do") == "make":
        made = feeds.make_feed(actor=request.user, now=timezone.now())
        address = request.build_absolute_uri(reverse("projects:calendar_feed", args=[made.secret]))
    context = {"feed": feeds.feed_of(request.user), "address": address, "tab": "calendar"}
    return render(request, "account/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def token_list(request: HttpRequest) -> HttpResponse:
    """Show the own tokens; make one, whose secret is shown this once."""
    form = TokenForm(request.POST or None, may_write=tokens.may_write_by_token(request.user))
    made = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = save_or_refuse(
            form, lambda: tokens.create_token(actor=request.user, user=request.user, **values)
        )
    if made is not None:
        form = TokenForm(may_write=tokens.may_write_by_token(request.user))
    context = {"form": form, "made": made, "tokens": list(tokens.tokens_of(request.user)), "tab": "tokens"}
    status = 200 if made else refused(request)
    return render(request, "account/tokens.html", context, status=status)


@require_POST
@login_required
def token_revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    """Revoke one of the own tokens."""
    token = get_object_or_404(tokens.tokens_of(request.user), token_key=prefix)
    tokens.revoke_token(actor=request.user, token=token)
    messages.success(request, _("The token was revoked."))
    return redirect("accounts:tokens")
