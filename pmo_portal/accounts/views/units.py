"""Administration of the organization chart."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.forms.people import UnitForm
from pmo_portal.accounts.forms.refusals import save_or_refuse
from pmo_portal.accounts.models import OrgUnit
from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.accounts.selectors.people import unit_rows
from pmo_portal.accounts.services import units
from pmo_portal.accounts.views.paging import refused


@require_safe
@require_permission("user.view")
def unit_list(request: HttpRequest) -> HttpResponse:
    """Show the chart as an indented list."""
    may_edit = "user.edit" in held_permissions(request.user, ["user.edit"])
    context = {"rows": unit_rows(), "may_edit": may_edit}
    return render(request, "administration/units/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("user.edit")
def unit_new(request: HttpRequest) -> HttpResponse:
    """Add a unit, below another when the address names one."""
    parent = OrgUnit.objects.filter(code=request.GET.get("parent", "")).first()
    form = UnitForm(request.POST or None, initial={"parent": parent})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in units.FIELDS}
        unit = save_or_refuse(form, lambda: units.create_unit(actor=request.user, values=values))
        if unit is not None:
            messages.success(request, _("%(name)s was added.") % {"name": unit.name})
            return redirect("administration:units")
    context = {"form": form, "title": _("Add a unit")}
    return render(request, "administration/units/form.html", context, status=refused(request))


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("user.edit")
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or move a unit."""
    unit = get_object_or_404(OrgUnit, pk=pk)
    title, kept = unit.name, OrgUnit(pk=unit.pk)
    form = UnitForm(request.POST or None, instance=unit, initial={"version": unit.version})
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in units.FIELDS}
        version = form.cleaned_data["version"] or 0
        saved = save_or_refuse(
            form, lambda: units.edit_unit(actor=request.user, unit=kept, version=version, changes=changes)
        )
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("administration:units")
    context = {"form": form, "unit": unit, "title": title}
    return render(request, "administration/units/form.html", context, status=refused(request))
