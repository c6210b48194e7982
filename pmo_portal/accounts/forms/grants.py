"""Forms about roles and tokens."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.forms.people import BareForm, DateInput
from pmo_portal.accounts.models import ScopeNode, User

INDENT = "\u2003"


class PersonChoice(forms.ModelChoiceField):
    """People by name and address."""

    def label_from_instance(self, obj: User) -> str:
        """Two people may have the same name."""
        return f"{obj.name} <{obj.email}>"


class ScopeChoice(forms.ModelChoiceField):
    """Places in the tree, indented by depth."""

    def label_from_instance(self, obj: ScopeNode) -> str:
        """Depth by indentation, kind in brackets."""
        depth = (obj.path or "").count("/") - 1
        title, kind = str(obj), obj.get_kind_display()
        return INDENT * depth + (title if title == kind else f"{title} ({kind})")


class GrantForm(BareForm, forms.Form):
    """A role for a person on a scope; only what the actor may give is offered."""

    user = PersonChoice(label=_("Person"), queryset=User.objects.none(), empty_label=_("Choose a person"))
    node = ScopeChoice(
        label=_("Where"),
        queryset=ScopeNode.objects.none(),
        empty_label=_("Choose a place"),
        help_text=_("The role holds here and everywhere below."),
    )
    role = forms.ChoiceField(label=_("Role"))
    valid_from = forms.DateField(label=_("From"), required=False, widget=DateInput())
    valid_to = forms.DateField(label=_("Until"), required=False, widget=DateInput())
    is_deputy = forms.BooleanField(
        label=_("Deputy"), required=False, help_text=_("Stands in for the person who holds the role.")
    )

    def __init__(
        self,
        *args: Any,
        people: QuerySet[User],
        nodes: QuerySet[ScopeNode],
        roles: frozenset[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people
        self.fields["node"].queryset = nodes
        self.fields["role"].choices = [(role, label) for role, label in Role.choices if role in roles]


class TokenForm(BareForm, forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What the token is for, such as “Nightly report”.")
    )
    scope = forms.ChoiceField(label=pgettext_lazy("right", "May"))
    days = forms.TypedChoiceField(label=_("Expires in"), coerce=int, initial=90)

    def __init__(self, *args: Any, may_write: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = [("READ", _("read")), ("WRITE", _("read and write"))]
        self.fields["scope"].choices = scopes if may_write else scopes[:1]
        self.fields["days"].choices = [
            (days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days})
            for days in (7, 30, 90, 180, 365)
        ]
