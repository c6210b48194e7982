"""Training: one's own, that of everybody, certificates."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import holds
from pmo_portal.common.export import csv_response, download, xlsx_response
from pmo_portal.common.navigation import lies_under
from pmo_portal.documents.services.pdf import PDF_TYPE
from portfolio.access import certificate_for, course_for
from portfolio.models import Certificate, Enrolment
from portfolio.selectors.required_training import standings, sums_of
from portfolio.selectors.training_page import (
    TrainingQuery,
    export_headings,
    export_rows,
    training_page,
    unit_of,
)
from portfolio.services import certificates
from portfolio.services import training as services
from portfolio.views.page import Refusal, act_small, typed

EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}


@require_permission("library.view")
@require_safe
def my_training(request: HttpRequest) -> HttpResponse:
    """What one has to take, has begun and has passed."""
    return render(request, "portfolio/training/mine.html", _training_of(request.user))


def _training_of(user: Any) -> dict[str, Any]:
    today = timezone.localdate()
    rows = standings(today=today, users=[user.pk])
    certificates = Certificate.objects.filter(attempt__enrolment__user=user)
    return {
        "person": user,
        "today": today,
        "required": [row for row in rows if row.is_required],
        "others": [row for row in rows if not row.is_required],
        "total": sums_of(rows, today),
        "overdue": sum(row.is_overdue for row in rows),
        "certificates": list(certificates.order_by("-issued_on", "-pk")),
    }


@require_permission("training.view")
@require_safe
def training(request: HttpRequest) -> HttpResponse:
    """Training compliance of everybody, by person, unit and course."""
    today = timezone.localdate()
    asked = TrainingQuery.read(request.GET)
    page = training_page(today=today, asked=asked)
    may_export = holds(request.user, "export.run")
    context = {"page": page, "unit": asked.unit, "today": today, "kinds": EXPORTS if may_export else ()}
    return render(request, "portfolio/training/compliance.html", context)


@require_permission("training.view")
@require_safe
def training_export(request: HttpRequest, kind: str) -> HttpResponse:
    """A line for each person and course."""
    if kind not in EXPORTS or not holds(request.user, "export.run"):
        raise Http404
    today = timezone.localdate()
    page = training_page(today=today, asked=TrainingQuery.read(request.GET))
    name = "-".join((_("training"), today.isoformat()))
    return EXPORTS[kind](f"{name}.{kind}", export_headings(), export_rows(page))


@require_permission("training.view")
@require_safe
def training_person(request: HttpRequest, pk: int) -> HttpResponse:
    """The training of somebody, with what the PMO can do about it."""
    return _show_person(request, pk)


def _show_person(request: HttpRequest, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    """Show the training of somebody; what was refused stands in its form (422)."""
    lies_under(request, "portfolio:training")
    user = get_object_or_404(User.objects.select_related("person__org_unit"), pk=pk)
    may_act = holds(request.user, "training.edit") and user.pk != request.user.pk
    context = {**_training_of(user), "unit": unit_of(user), "may_act": may_act, "refusal": refusal}
    return render(request, "portfolio/training/person.html", context, status=422 if refusal else 200)


def _act(request: HttpRequest, pk: int, act: Any, done: str, form: str) -> HttpResponse:
    """Run one service and go back to the person; what a field refuses stands in its form, as typed."""

    def back() -> str:
        return reverse("portfolio:training_person", args=[pk])

    return act_small(
        request, act, done, back=back, show=partial(_show_person, request, pk), form=form, name="reason"
    )


@require_permission("training.edit")
@require_POST
def training_reset(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Give somebody new attempts, or end an exemption."""
    found = get_object_or_404(Enrolment, user_id=pk, course__code=code)
    about = {"enrolment": found, "reason": typed(request, "reason"), "today": timezone.localdate()}
    act = lambda: services.reset_attempts(actor=request.user, **about)  # noqa: E731 - run by the page
    return _act(request, pk, act, _("The person can try again."), f"reset-{code}")


@require_permission("training.edit")
@require_POST
def training_exempt(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Say that somebody need not take a course."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    about = {"course": course_for(request.user, code), "reason": typed(request, "reason")}
    about |= {"user": user, "today": timezone.localdate()}
    act = lambda: services.exempt(actor=request.user, **about)  # noqa: E731 - run by the page
    return _act(request, pk, act, _("The person is exempt from this course."), f"exempt-{code}")


@require_permission("library.view")
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a certificate holds: for whoever has its number."""
    found = certificate_for(request.user, number)
    today = timezone.localdate()
    is_own = found.attempt.enrolment.user_id == request.user.pk
    context = {
        "certificate": found,
        "holds": found.expires_on is None or found.expires_on >= today,
        "may_fetch": is_own or holds(request.user, "training.view"),
    }
    return render(request, "portfolio/training/certificate.html", context)


@require_permission("library.view")
@require_safe
def certificate_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate on paper: for its holder, and for people who see all training."""
    found = certificate_for(request.user, number, own=True)
    address = request.build_absolute_uri(found.get_absolute_url())
    content = certificates.certificate_pdf(found, address=address)
    name = "-".join((_("certificate"), found.number))
    return download(f"{name}.pdf", content, PDF_TYPE)
