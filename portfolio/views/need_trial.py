"""The need assessment for anyone, before signing in; on the demo only, and nothing is kept."""

from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from portfolio.forms.assessments import NeedForm
from portfolio.rollup.need import assess_need
from portfolio.selectors.need_page import need_view
from portfolio.views.page import posted


@require_http_methods(["GET", "HEAD", "POST"])
def need_trial(request: HttpRequest) -> HttpResponse:
    """The questions, and the result of what was sent."""
    if not settings.IS_DEMO_ALLOWED:
        raise Http404
    refused = ratelimit.consume_or_429(request, action="try_need")
    if refused is not None:
        return refused
    form = NeedForm(posted(request))
    view = need_view(assess_need([form.answers])) if form.is_valid() else None
    context = {"form": form, "view": view, "is_wide": True}
    return render(request, "portfolio/assessments/trial.html", context, status=422 if form.errors else 200)
