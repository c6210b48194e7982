"""The organization chart (ORG-1)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import OrgUnit, User
from pmo_portal.common import trail
from pmo_portal.common.errors import DomainError, StaleObject

MAX_DEPTH = 10
FIELDS = ("code", "name", "kind", "parent", "manager", "currency", "valid_from", "valid_to")


class UnitCycle(DomainError):
    """A unit would belong to itself."""

    code = "CYCLE"


@transaction.atomic
def create_unit(*, actor: User | None, values: Mapping[str, Any]) -> OrgUnit:
    """Add a unit; ``values`` are fields of `OrgUnit` by name."""
    unit = OrgUnit(**{field: values[field] for field in FIELDS if field in values})
    unit.code = unit.code.strip().upper()
    _require_place(unit)
    unit.full_clean()
    unit.save()
    trail.record(actor=actor, action="org_unit.created", target=unit, after=_values(unit))
    return unit


@transaction.atomic
def edit_unit(*, actor: User | None, unit: OrgUnit, version: int, changes: Mapping[str, Any]) -> OrgUnit:
    """
    Change or move a unit.

    Raises
    ------
    UnitCycle
        If it would belong to itself or to a unit below it.
    StaleObject
        If somebody else saved the unit after ``version``.
    """
    locked = (
        OrgUnit.objects.select_for_update(of=("self",)).select_related("parent", "manager").get(pk=unit.pk)
    )
    if locked.version != version:
        raise StaleObject(_("Somebody else changed this unit in between. Load the page again."))
    before = _values(locked)
    for field in FIELDS:
        if field in changes:
            setattr(locked, field, changes[field])
    locked.code = locked.code.strip().upper()
    locked.version += 1
    _require_place(locked)
    locked.full_clean()
    locked.save()
    trail.record(actor=actor, action="org_unit.edited", target=locked, before=before, after=_values(locked))
    return locked


def _require_place(unit: OrgUnit) -> None:
    """Lock the chart, then refuse rings and depths over 10 levels (ORG-1). One query."""
    rows = OrgUnit.objects.select_for_update().order_by("pk").values_list("pk", "parent_id")
    parents: dict[int | None, int | None] = dict(rows)
    above = 0
    place = unit.parent_id
    while place is not None:
        if place == unit.pk:
            raise UnitCycle(
                _("This would make the unit belong to itself. Choose another place."), field="parent"
            )
        above += 1
        if above > MAX_DEPTH:
            break
        place = parents.get(place)
    if above + _height(unit.pk, parents) > MAX_DEPTH:
        raise DomainError(_("The chart may not be deeper than 10 levels."), code="TOO_DEEP", field="parent")


def _height(root: int | None, parents: Mapping[int | None, int | None]) -> int:
    """Return the number of levels from the unit down, itself counted."""
    height = 1
    level: set[int | None] = {root} if root is not None else set()
    while level and height <= MAX_DEPTH:
        level = {pk for pk, parent in parents.items() if parent in level and pk != parent}
        height += bool(level)
    return height


def _values(unit: OrgUnit) -> dict[str, Any]:
    values = {field: getattr(unit, field) for field in FIELDS}
    return values | {
        "parent": unit.parent.code if unit.parent else None,
        "manager": unit.manager.name if unit.manager else None,
    }
