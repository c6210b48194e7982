"""Imports into a plan as steps of it: what each changed, and what happened since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo_portal.audit.models import AuditEntry
from projects import actions
from projects.models import PlanChange, Project, Task
from projects.selectors.activity import Happening, activity_of, happenings

SHOWN = 20
# How a file knows a row; nobody calls that a change.
KNOWN_BY = {"source_uid", "source_guid"}
SINCE = 50
# They change nothing an import wrote.
HARMLESS = (actions.PLAN_EXPORTED, actions.PROGRESS_EXPORTED, actions.IMPORT_TAKEN_BACK)


@dataclass(frozen=True)
class TakenImport:
    """An import that was written; ``words`` say what it changed."""

    number: int
    source: str
    title: str
    file_name: str
    by: str
    at: datetime
    words: str
    is_own: bool
    is_undone: bool


def imports_into(project: Project, *, user: Any, source: str) -> list[TakenImport]:
    """Return the last imports of a kind into a plan, newest first. One query."""
    rows = PlanChange.objects.filter(project=project, source=source, undoes__isnull=True)
    return [taken_import(row, user=user) for row in rows.select_related("actor").order_by("-number")[:SHOWN]]


def taken_import(row: PlanChange, *, user: Any) -> TakenImport:
    """Return one import in words; its actor must be loaded."""
    return TakenImport(
        number=row.number,
        source=row.source,
        title=row.file_name or str(row.get_source_display()),
        file_name=row.file_name,
        by=row.actor.name if row.actor else "",
        at=row.at,
        words=changed_words(row.touched),
        is_own=row.actor_id == user.pk,
        is_undone=row.is_undone,
    )


def changed_words(touched: Mapping[str, Any]) -> str:
    """Return "3 rows added, 2 changed, 1 link added" of what a step touched."""
    rows = touched["tasks"].values()
    came = sum(row["before"] is None for row in rows)
    went = sum(row["after"] is None for row in rows)
    links = len(touched["links"])
    said = sum(len(table) for table in touched["hanging"].values())
    beside = sum(len(table) for table in touched.get("owned", {}).values())
    changed = sum(_is_changed(row) for row in rows)
    parts = (
        (came, ngettext("%(count)s row added", "%(count)s rows added", came)),
        (changed, ngettext("%(count)s row changed", "%(count)s rows changed", changed)),
        (went, ngettext("%(count)s row removed", "%(count)s rows removed", went)),
        (links, ngettext("%(count)s link", "%(count)s links", links)),
        (said, ngettext("%(count)s entry at rows", "%(count)s entries at rows", said)),
        (beside, ngettext("%(count)s entry beside the plan", "%(count)s entries beside the plan", beside)),
    )
    named = [words % {"count": count} for count, words in parts if count]
    return ", ".join(named) or _("nothing")


def _is_changed(row: Mapping[str, Any]) -> bool:
    """Whether more of a row differs than by which number the file knows it."""
    return row["before"] is not None and row["after"] is not None and bool(row["before"].keys() - KNOWN_BY)


def happened_since(project: Project, row: PlanChange, *, user: Any, shows_amounts: bool) -> list[Happening]:
    """Return what the trail says of the project after an import, newest first. One query."""
    entries = AuditEntry.objects.filter(node=project.node_id, sequence__gt=row.effect.get("trail", 0))
    entries = entries.exclude(action__in=HARMLESS).order_by("-sequence")
    readable = activity_of(project, user=user)
    tasks = Q(object_type=Task._meta.label_lower)
    shown = entries.filter(Q(pk__in=readable.values("pk")) | tasks)[:SINCE]
    return happenings(shown, shows_amounts=shows_amounts)
