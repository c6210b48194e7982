"""Help of the library beside the fields and steps it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from pmo_portal.common.guidance import BY_CODE, Place
from portfolio.choices import LabelKind
from portfolio.models import KnowledgeLabel, KnowledgeVersion
from portfolio.models.knowledge import LIVE


@dataclass(frozen=True)
class Guidance:
    """A place with the published items that help there, in the reader's language where there is one."""

    place: Place
    versions: tuple[KnowledgeVersion, ...]


def guidance_for(user: Any, places: Iterable[Place]) -> list[Guidance]:
    """Return the places that have help the person may read, in their order. One query."""
    codes = [place.code for place in places]
    sight = KnowledgeVersion.objects.within_sight(user).filter(state__in=LIVE)
    labels = KnowledgeLabel.objects.filter(kind=LabelKind.PLACE, value__in=codes, version__in=sight)
    found: dict[str, dict[str, KnowledgeVersion]] = {code: {} for code in codes}
    own = (get_language() or "en")[:2]
    for label in labels.select_related("version__item").order_by("version__item__language", "pk"):
        item = label.version.item
        if item.code not in found[label.value] or item.language == own:
            found[label.value][item.code] = label.version
    return [
        Guidance(BY_CODE[code], tuple(sorted(items.values(), key=lambda row: row.title_key)))
        for code, items in found.items()
        if items
    ]


def place_titles(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the names of places, those that no longer exist left out."""
    return tuple(str(BY_CODE[code].title) for code in codes if code in BY_CODE)
