"""Reviews of gates for the permission matrix, and the checklist a kill opened."""

from typing import Any

from portfolio.models import ClosingItem, GateReview, MethodologyVersion
from portfolio.models.gate import checksum_of
from projects.models import Project


def review_of(project: Project, **columns: Any) -> GateReview:
    evidence = {"quorum": 1, "percent": "100", "threshold": "80", "failed": [], "lines": []}
    return GateReview.objects.create(
        project=project,
        gate="G0",
        version_followed=MethodologyVersion.objects.get(),
        evidence=evidence,
        checksum=checksum_of(evidence),
        **columns,
    )


def closing_items(world: Any, **columns: Any) -> list[int]:
    """Return the key of a line of the closing checklist of each project, owned by Bob."""
    given = {"number": 1, "text": {"en": "Own"}, "owner": world.bob, **columns}
    return [ClosingItem.objects.create(project=project, **given).pk for project in (world.own, world.foreign)]
