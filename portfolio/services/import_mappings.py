"""Mappings of tables, remembered by name; those that ship with the product."""

import json
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from portfolio import actions, interchange
from portfolio.interchange.mapping import MappingFault, TableMapping
from portfolio.models import ImportMapping

SHIPPED_FOLDER = Path(interchange.__file__).parent / "mappings"


class UnknownMapping(DomainError):
    """No mapping has this name."""

    code = "UNKNOWN_MAPPING"


def shipped_mappings() -> dict[str, TableMapping]:
    """Return the mappings of the product by name."""
    return {
        path.stem: TableMapping.from_dict(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(SHIPPED_FOLDER.glob("*.json"))
    }


def mapping_named(name: str) -> TableMapping:
    """
    Return a mapping by its name; one that people remembered wins over a shipped one.

    Raises
    ------
    UnknownMapping
        With the names there are.
    """
    remembered = ImportMapping.objects.filter(name=name).values_list("document", flat=True).first()
    if remembered is not None:
        return TableMapping.from_dict(remembered)
    shipped = shipped_mappings()
    if name in shipped:
        return shipped[name]
    names = sorted({*shipped, *ImportMapping.objects.values_list("name", flat=True)})
    raise UnknownMapping(
        _("There is no mapping called “%(name)s”. Known are: %(names)s.")
        % {"name": name, "names": ", ".join(names)},
        field="mapping",
    )


def known_name(name: str) -> str:
    """Return the name if a mapping is called so, else ""."""
    return name if name in shipped_mappings() or ImportMapping.objects.filter(name=name).exists() else ""


def series_of(mapping_name: str, mapping: TableMapping) -> str:
    """Return what tables of one kind share: the name of their mapping, else a digest of its columns."""
    if mapping_name:
        return mapping_name
    columns = json.dumps(mapping.to_dict()["columns"], sort_keys=True)
    return f"columns-{sha256(columns.encode()).hexdigest()[:16]}"


@transaction.atomic
def remember_mapping(*, actor: User | None, name: str, mapping: TableMapping) -> ImportMapping:
    """Keep a mapping under a name; an older one of the same name is replaced."""
    if name in shipped_mappings():
        raise DomainError(
            _("“%(name)s” is a mapping of the product. Choose another name.") % {"name": name}, field="name"
        )
    found = ImportMapping.objects.select_for_update().filter(name=name).first()
    before = found.document if found else None
    kept = found or ImportMapping(name=name)
    kept.title, kept.document, kept.updated_by = mapping.title, mapping.to_dict(), actor
    kept.version += 1 if found else 0
    kept.full_clean()
    kept.save()
    audit.record(
        actor=actor,
        action=actions.MAPPING_SAVED,
        target=kept,
        before={"document": before} if before else None,
        after={"document": kept.document},
    )
    return kept


__all__ = [
    "MappingFault",
    "UnknownMapping",
    "known_name",
    "mapping_named",
    "remember_mapping",
    "series_of",
    "shipped_mappings",
]
