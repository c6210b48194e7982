"""Make, move and rename nodes of the tree of scopes."""

from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat, Substr
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.models.scope import UNNAMED
from pmo_portal.accounts.services.emergency import end_accesses_to
from pmo_portal.common.errors import DomainError
from pmo_portal.common.insertions import Insertion

MAX_DEPTH = 10


class ScopeCycle(DomainError):
    """A node would lie below itself."""

    code = "CYCLE"


@transaction.atomic
def organization_node() -> ScopeNode:
    """Return the root of the tree, made on first use."""
    root = ScopeNode.objects.filter(kind=ScopeKind.ORGANIZATION).order_by("pk").first()
    return root or _create(kind=ScopeKind.ORGANIZATION, parent=None, title=UNNAMED)


@transaction.atomic
def create_node(
    *, kind: str, parent: ScopeNode | None, title: str, is_confidential: bool = False
) -> ScopeNode:
    """Return a new node below ``parent`` (below the organization when None)."""
    return _create(
        kind=kind, parent=parent or organization_node(), title=title, is_confidential=is_confidential
    )


def save_nodes(nodes: Insertion[ScopeNode], *, parent: ScopeNode) -> None:
    """Save new nodes below one parent. One write for the rows and one for their paths."""
    _require_room(parent)
    for node in nodes.rows:
        node.parent = parent
    nodes.write()
    ScopeNode.objects.filter(parent=parent, path__isnull=True).update(
        path=Concat(Value(str(parent.path)), Cast(F("pk"), CharField()), Value("/"))
    )
    for node in nodes.rows:
        node.path = f"{parent.path}{node.pk}/"


def _require_room(parent: ScopeNode | None) -> None:
    if parent is not None and (parent.path or "").count("/") >= MAX_DEPTH + 2:
        raise DomainError(_("The tree may not be deeper than 10 levels."), code="TOO_DEEP")


def _create(*, kind: str, parent: ScopeNode | None, title: str, is_confidential: bool = False) -> ScopeNode:
    _require_room(parent)
    node = ScopeNode.objects.create(
        kind=kind, parent=parent, title=title[:250], is_confidential=is_confidential
    )
    node.path = f"{parent.path if parent else ''}{node.pk}/"
    node.save(update_fields=["path"])
    return node


@transaction.atomic
def move_node(node: ScopeNode, *, parent: ScopeNode | None) -> None:
    """
    Hang the node and all below it under another parent. Three queries.

    Raises
    ------
    ScopeCycle
        If ``parent`` is the node itself or lies below it.
    """
    target = ScopeNode.objects.select_for_update().get(pk=(parent or organization_node()).pk)
    moved = ScopeNode.objects.select_for_update().get(pk=node.pk)
    old_path, new_path = str(moved.path), f"{target.path}{moved.pk}/"
    if str(target.path).startswith(old_path):
        raise ScopeCycle(_("This would put it below itself. Choose another place."), field="parent")
    ScopeNode.objects.filter(pk=moved.pk).update(parent=target)
    ScopeNode.objects.filter(path__startswith=old_path).update(
        path=Concat(Value(new_path), Substr(F("path"), len(old_path) + 1))
    )
    node.refresh_from_db()


@transaction.atomic
def rename_node(node: ScopeNode, *, title: str, is_confidential: bool | None = None) -> None:
    """
    Keep the node's title (and secrecy) like the portfolio, program or project it stands for.

    Emergency access that did not ask for a confidential project ends when the project becomes one.
    """
    node.title = title[:250]
    if is_confidential is not None:
        if is_confidential and not node.is_confidential:
            end_accesses_to(node=node)
        node.is_confidential = is_confidential
    node.save(update_fields=["title", "is_confidential"])
