"""Search the trail, and read one entry."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.dateparse import parse_date

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.scopes import within_reach
from pmo_portal.audit.models import AuditEntry
from pmo_portal.audit.models.entry import AuditEntryQuerySet
from pmo_portal.common.action_titles import action_title

LONGEST_WORD = 200
LONGEST_NUMBER = 18
SCOPES_SHOWN = 200


@dataclass(frozen=True)
class EntryQuery:
    """What to look for; empty fields do not filter. Dates are inclusive local days, as ISO text."""

    q: str = ""
    actor: str = ""
    action: str = ""
    type: str = ""
    object: str = ""
    scope: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "EntryQuery":
        """Return the query of an address or of a job; too long words are cut."""
        names = cls.__dataclass_fields__
        return cls(**{name: str(values.get(name, "")).strip()[:LONGEST_WORD] for name in names})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return not any(asdict(self).values())

    def as_arguments(self) -> dict[str, str]:
        """Return the fields that filter, for a job."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class FieldChange:
    """One line of the comparison before and after."""

    name: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        """``added``, ``removed``, ``changed`` or ``same``."""
        if self.before == self.after:
            return "same"
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def entries_found(user: Any, query: EntryQuery) -> AuditEntryQuerySet:
    """Return the entries the person may read that fit, newest first; a senseless filter fits none."""
    found = AuditEntry.objects.visible_to(user).select_related("node")
    if query.q:
        found = found.filter(
            Q(object_label__icontains=query.q)
            | Q(action__icontains=query.q)
            | Q(reason__icontains=query.q)
            | Q(actor_label__icontains=query.q)
            | Q(request_id=query.q)
        )
    if query.actor:
        found = found.filter(actor_label__icontains=query.actor)
    for column, value in (("action", query.action), ("object_type", query.type), ("object_id", query.object)):
        if value:
            found = found.filter(**{column: value})
    if query.scope:
        found = _within(found, query.scope)
    return _between(found, query).order_by("-sequence")


def _within(found: AuditEntryQuerySet, scope: str) -> AuditEntryQuerySet:
    if not scope.isdecimal() or len(scope) > LONGEST_NUMBER:
        return found.none()
    path = ScopeNode.objects.filter(pk=int(scope)).values_list("path", flat=True).first()
    return found.filter(node__path__startswith=path) if path else found.none()


def _between(found: AuditEntryQuerySet, query: EntryQuery) -> AuditEntryQuerySet:
    for text, column, days in ((query.since, "at__gte", 0), (query.until, "at__lt", 1)):
        if not text:
            continue
        day = _day(text)
        if day is None:
            return found.none()
        found = found.filter(**{column: _start_of(day + timedelta(days=days))})
    return found


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and 1970 <= day.year <= 9000 else None


def _start_of(day: date) -> datetime:
    """Return the first moment of a local day of the organization, in UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


def changes_of(entry: AuditEntry) -> list[FieldChange]:
    """Return the values before and after, line by line, those that differ first."""
    before, after = entry.before or {}, entry.after or {}
    rows = [
        FieldChange(name=name, before=_text(before, name), after=_text(after, name))
        for name in sorted({*before, *after})
    ]
    return sorted(rows, key=lambda row: (row.kind == "same", row.name))


def _text(values: Mapping[str, Any], name: str) -> str | None:
    if name not in values or values[name] is None:
        return None
    value = values[name]
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    return str(value)


def action_choices(user: Any) -> list[tuple[str, str]]:
    """Return the actions that occur in what the person may read. One query."""
    codes = AuditEntry.objects.visible_to(user).order_by("action").values_list("action", flat=True).distinct()
    return sorted(((code, action_title(code)) for code in codes), key=lambda choice: (choice[1], choice[0]))


def type_choices(user: Any) -> list[tuple[str, str]]:
    """Return the types of objects that occur in what the person may read. One query."""
    found = AuditEntry.objects.visible_to(user).order_by("object_type")
    return [(code, code) for code in found.values_list("object_type", flat=True).distinct()]


def scope_choices(user: Any) -> list[tuple[str, str]]:
    """Return the portfolios and programs whose trail the person may read. One query."""
    wide = (ScopeKind.ORGANIZATION, ScopeKind.PORTFOLIO, ScopeKind.PROGRAM)
    nodes = ScopeNode.objects.filter(within_reach(user, "audit.view_business", node=""), kind__in=wide)
    return [(str(node.pk), str(node)) for node in nodes.order_by("path")[:SCOPES_SHOWN]]


EXPORT_COLUMNS = (
    "Number",
    "Time (UTC)",
    "Who",
    "What",
    "Object type",
    "Object id",
    "Object",
    "Scope",
    "Before",
    "After",
    "Reason",
    "Request",
)


def export_rows(found: AuditEntryQuerySet) -> Iterator[tuple[Any, ...]]:
    """Return the cells of the export, in the order of `EXPORT_COLUMNS`."""
    for entry in found.iterator(chunk_size=1000):
        yield (
            entry.sequence,
            entry.at.astimezone(UTC).replace(tzinfo=None),
            entry.actor_label,
            entry.action,
            entry.object_type,
            entry.object_id,
            entry.object_label,
            str(entry.node) if entry.node else "",
            json.dumps(entry.before, ensure_ascii=False, sort_keys=True) if entry.before else "",
            json.dumps(entry.after, ensure_ascii=False, sort_keys=True) if entry.after else "",
            entry.reason,
            entry.request_id,
        )
