"""The tree of scopes: organization, portfolio, program, project."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import ScopeKind

UNNAMED = "Organization"
"""Title of the root until somebody names the organization."""


class ScopeNode(models.Model):
    """
    A place in the tree on which role grants sit.

    ``path`` holds the ids from the root down to this node, each followed by a slash
    (``"1/7/42/"``): whatever starts with the path lies below the node. It is derived from the
    parent link and written by `accounts.services.scopes` only.
    """

    kind = models.CharField(max_length=12, choices=ScopeKind.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=255, unique=True, null=True, editable=False)
    title = models.CharField(max_length=250)
    is_confidential = models.BooleanField(_("confidential"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="ORGANIZATION", parent__isnull=True)
                | (~Q(kind="ORGANIZATION") & Q(parent__isnull=False)),
                name="scope_only_organization_is_root",
            ),
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(kind="PROJECT"), name="scope_only_project_confidential"
            ),
        ]

    def __str__(self) -> str:
        """Return the title; an organization nobody named is called so in the language of the reader."""
        return self.get_kind_display() if self.title == UNNAMED else self.title
