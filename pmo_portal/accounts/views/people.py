"""Administration of people."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.choices import Discipline
from pmo_portal.accounts.forms.people import NewPersonForm, PersonForm
from pmo_portal.accounts.forms.refusals import save_or_refuse
from pmo_portal.accounts.models import OrgUnit, Person, UserSession
from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.accounts.selectors.grants import grants_visible_to
from pmo_portal.accounts.selectors.people import people_found, people_visible_to
from pmo_portal.accounts.services import people, sessions
from pmo_portal.accounts.views.paging import page_number, refused, version_of

PER_PAGE = 50


@require_safe
@require_permission("user.view")
def person_list(request: HttpRequest) -> HttpResponse:
    """List people, filtered by the address. Fixed number of queries."""
    asked = {name: request.GET.get(name, "") for name in ("unit", "state", "discipline", "sort")}
    found = people_found(request.user, search=request.GET.get("q", "").strip(), **asked)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(page_number(request)),
        "filters": _filters(asked),
        "may_edit": "user.edit" in held_permissions(request.user, ["user.edit"]),
        "is_filtered": any([request.GET.get("q"), asked["unit"], asked["state"], asked["discipline"]]),
    }
    return render(request, "administration/people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("user.edit")
def person_new(request: HttpRequest) -> HttpResponse:
    """Write a new person down, and invite them."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in people.FIELDS}
        person = save_or_refuse(form, lambda: people.create_person(actor=request.user, **values))
        if person is not None:
            if form.cleaned_data["is_invited"]:
                people.invite_person(actor=request.user, person=person, origin=_origin(request))
            messages.success(request, _("%(name)s was added.") % {"name": person.name})
            return redirect("administration:people")
    context = {"form": form, "title": _("Add a person")}
    return render(request, "administration/people/form.html", context, status=refused(request))


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("user.edit")
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person; shows the roles and sessions they have."""
    person = get_object_or_404(people_visible_to(request.user), pk=pk)
    form = PersonForm(request.POST or None, instance=person, initial={"version": person.version})
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in people.FIELDS}
        version = form.cleaned_data["version"] or 0
        kept = Person(pk=person.pk)
        saved = save_or_refuse(
            form,
            lambda: people.edit_person(actor=request.user, person=kept, version=version, changes=changes),
        )
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("administration:person_edit", pk=pk)
    context = {"form": form, "person": person, "title": person.name, **_belongings(request, person)}
    return render(request, "administration/people/form.html", context, status=refused(request))


@require_POST
@require_permission("user.edit")
def person_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the person a link to set a password."""
    person = get_object_or_404(people_visible_to(request.user), pk=pk)
    people.invite_person(actor=request.user, person=person, origin=_origin(request))
    messages.success(
        request, _("A link to set a password is on its way to %(email)s.") % {"email": person.email}
    )
    return redirect("administration:person_edit", pk=pk)


@require_POST
@require_permission("user.edit")
def person_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End the person's access at once."""
    person = get_object_or_404(people_visible_to(request.user), pk=pk)
    people.end_access(
        actor=request.user,
        person=person,
        version=version_of(request),
        today=timezone.localdate(),
        reason=request.POST.get("reason", "")[:500],
    )
    messages.success(request, _("%(name)s cannot sign in any more.") % {"name": person.name})
    return redirect("administration:person_edit", pk=pk)


@require_POST
@require_permission("user.edit")
def person_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the person sign in again."""
    person = get_object_or_404(people_visible_to(request.user), pk=pk)
    people.restore_access(actor=request.user, person=person, version=version_of(request))
    messages.success(request, _("%(name)s can sign in again.") % {"name": person.name})
    return redirect("administration:person_edit", pk=pk)


@require_POST
@require_permission("user.edit")
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a session of somebody."""
    session = get_object_or_404(UserSession.objects.select_related("user__person"), pk=pk)
    sessions.end_session(actor=request.user, session=session)
    messages.success(request, _("The session was ended."))
    person = Person.objects.filter(user=session.user_id).first()
    return (
        redirect("administration:person_edit", pk=person.pk) if person else redirect("administration:people")
    )


def _belongings(request: HttpRequest, person: Person) -> dict[str, object]:
    """Return the roles the reader may see and the open sessions of a person. Two queries."""
    if person.user is None:
        return {"grants": [], "sessions": []}
    grants = grants_visible_to(request.user).filter(user=person.user).order_by("node__path", "role", "pk")
    return {"grants": list(grants), "sessions": list(sessions.open_sessions(person.user))}


def _filters(asked: dict[str, str]) -> list[dict[str, object]]:
    units = OrgUnit.objects.order_by("name", "pk").values_list("code", "name")
    return [
        {"name": "unit", "label": _("Unit"), "choices": list(units), "value": asked["unit"]},
        {"name": "state", "label": _("Sign-in"), "choices": _states(), "value": asked["state"]},
        {
            "name": "discipline",
            "label": _("Discipline"),
            "choices": Discipline.choices,
            "value": asked["discipline"],
        },
    ]


def _states() -> list[tuple[str, str]]:
    return [("active", _("Can sign in")), ("none", _("No sign-in")), ("ended", _("Access ended"))]


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
