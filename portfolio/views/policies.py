"""The health policy: read it, publish a new version."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.scopes import holds
from pmo_portal.common.errors import DomainError
from portfolio.forms.policy import PolicyForm
from portfolio.selectors.policies import policy_in_force, policy_versions
from portfolio.selectors.policy_page import policy_page
from portfolio.services.policies import PolicyFaultyError, publish_policy
from portfolio.views.page import posted


@require_permission("policy.view")
@require_safe
def policy_detail(request: HttpRequest) -> HttpResponse:
    """The rules that make colors, in words and numbers."""
    versions = policy_versions()
    page = policy_page(versions, request.GET.get("version", ""), today=timezone.localdate())
    may_edit = holds(request.user, "policy.edit")
    return render(request, "portfolio/policy/detail.html", {"page": page, "may_edit": may_edit})


@require_permission("policy.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def policy_edit(request: HttpRequest) -> HttpResponse:
    """A new version from the present one; a faulty one is refused with the fault beside its field."""
    today = timezone.localdate()
    form = PolicyForm(posted(request), rules=policy_in_force(None, today).rules, today=today)
    if request.method == "POST" and form.is_valid() and _publishes(request, form):
        messages.success(request, _("The new policy is published. It counts from the next roll-up on."))
        return redirect("portfolio:policy_detail")
    return render(request, "portfolio/policy/form.html", {"form": form}, status=422 if form.is_bound else 200)


def _publishes(request: HttpRequest, form: Any) -> bool:
    given = form.cleaned_data
    try:
        publish_policy(
            actor=request.user,
            document=form.document,
            reason=given["reason"],
            effective_from=given["effective_from"],
        )
    except PolicyFaultyError as refused:
        form.refuse(refused.faults)
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return not form.errors
