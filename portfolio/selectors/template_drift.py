"""How projects differ from the template they were made from (STD-11)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

from portfolio.models import ProjectTemplate, TemplateUse
from portfolio.rollup.project_template import TemplateContent, TemplateRow, scaled_days
from projects.choices import MILESTONES, TaskKind
from projects.models import Link, Project, Task

MINUTES_PER_HOUR = 60
TENTH = Decimal("0.1")
MOST_ADDED = 10


@dataclass(frozen=True)
class RowChange:
    """A row of the plan and a difference: ``what`` is the code of a sentence, values as text."""

    what: str
    key: str
    name: str
    before: str = ""
    after: str = ""
    uid: int | None = None


@dataclass(frozen=True)
class Drift:
    """What was removed, added and changed in a project since it was made."""

    removed: tuple[RowChange, ...]
    added: tuple[RowChange, ...]
    changed: tuple[RowChange, ...]
    kept: int

    @property
    def count(self) -> int:
        """How many differences there are."""
        return len(self.removed) + len(self.added) + len(self.changed)


@dataclass(frozen=True)
class RowFate:
    """What the users of a template did to one of its rows, in how many of its projects."""

    key: str
    name: str
    removed: int
    renamed: int
    longer: int
    shorter: int
    relinked: int
    typical_days: Decimal | None
    days: Decimal

    @property
    def touched(self) -> int:
        """How often the row was changed or removed."""
        return self.removed + self.renamed + self.longer + self.shorter + self.relinked


@dataclass(frozen=True)
class Experience:
    """What users of a template changed most often: of its rows, and which rows they added."""

    projects: int
    rows: tuple[RowFate, ...]
    added: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Row:
    uid: int
    name: str
    kind: str
    duration: int
    parent_uid: int | None


@dataclass(frozen=True)
class _Plan:
    """The plan of one project as it is now."""

    rows: Mapping[int, _Row]
    links: frozenset[tuple[int, int, str]]
    day: int


def project_drift(use: TemplateUse, *, language: str) -> Drift:
    """Return how the plan of a project differs from the version it was made from. Two queries."""
    plan = _plans([use.project])[use.project_id]
    return _drift(use, use.version.content, plan, language)


def template_experience(template: ProjectTemplate, *, user: Any, language: str) -> Experience:
    """
    Return what the users of a template did to it, over the projects the person sees. Three queries.

    A row is shown as the newest version had it in whose projects it was changed.

    Parameters
    ----------
    language : str
        Of the names of rows.
    """
    seen = Project.objects.visible_to(user, "task.view").values("pk")
    uses = list(
        TemplateUse.objects.filter(version__template=template, project__in=seen)
        .select_related("version__template", "project__calendar")
        .order_by("pk")
    )
    plans = _plans([use.project for use in uses])
    contents = {use.version_id: use.version.content for use in uses}
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    lengths: dict[str, list[Decimal]] = defaultdict(list)
    added: Counter[str] = Counter()
    rows: dict[str, TemplateRow] = {}
    for use in uses:
        drift = _drift(use, contents[use.version_id], plans[use.project_id], language)
        for change in (*drift.removed, *drift.changed):
            fates[change.key][change.what] += 1
            rows |= {row.key: row for row in contents[use.version_id].rows if row.key == change.key}
            if change.what in {"LONGER", "SHORTER"}:
                lengths[change.key].append(Decimal(change.after) / use.duration_factor)
        added.update(change.name for change in drift.added)
    found = [_fate(rows[key], counts, lengths[key], language) for key, counts in fates.items() if key in rows]
    found.sort(key=lambda fate: (-fate.touched, fate.key))
    return Experience(len(uses), tuple(found), tuple(added.most_common(MOST_ADDED)))


def _fate(row: TemplateRow, counts: Counter[str], lengths: Sequence[Decimal], language: str) -> RowFate:
    return RowFate(
        key=row.key,
        name=row.title.text(language),
        removed=counts["REMOVED"],
        renamed=counts["RENAMED"],
        longer=counts["LONGER"],
        shorter=counts["SHORTER"],
        relinked=counts["LINKS"],
        typical_days=median(lengths).quantize(TENTH, rounding=ROUND_HALF_UP) if lengths else None,
        days=row.days,
    )


def _plans(projects: Iterable[Project]) -> dict[int, _Plan]:
    """Return the plans of projects by their key. Two queries, whatever their number."""
    found = {project.pk: project for project in projects}
    rows: dict[int, dict[int, _Row]] = {pk: {} for pk in found}
    links: dict[int, set[tuple[int, int, str]]] = {pk: set() for pk in found}
    tasks = Task.objects.filter(project__in=found, is_active=True)
    columns = ("project_id", "uid", "name", "kind", "duration", "parent__uid")
    for pk, uid, name, kind, duration, parent in tasks.order_by("pk").values_list(*columns):
        rows[pk][uid] = _Row(uid, name, kind, duration, parent)
    ends = Link.objects.filter(project__in=found).order_by("pk")
    for pk, first, second, kind in ends.values_list(
        "project_id", "predecessor__uid", "successor__uid", "type"
    ):
        links[pk].add((first, second, kind))
    return {
        pk: _Plan(rows[pk], frozenset(links[pk]), int(project.calendar.hours_per_day * MINUTES_PER_HOUR))
        for pk, project in found.items()
    }


def _drift(use: TemplateUse, content: TemplateContent, plan: _Plan, language: str) -> Drift:
    uids: Mapping[str, int] = use.rows
    keys = {uid: key for key, uid in uids.items()}
    wanted: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for link in content.links:
        wanted[link.successor].add((link.predecessor, link.kind.value))
    present: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for first, second, kind in plan.links:
        if second in keys:
            present[keys[second]].add((keys.get(first, f"#{first}"), kind))
    removed, changed = [], []
    for row in content.rows:
        name = row.title.text(use.language)
        now = plan.rows.get(uids.get(row.key, -1))
        if now is None:
            removed.append(RowChange("REMOVED", row.key, row.title.text(language)))
            continue
        if now.name != name:
            changed.append(RowChange("RENAMED", row.key, name, name, now.name, now.uid))
        changed += _length(row, now, use, plan.day)
        if keys.get(now.parent_uid or -1, "") != row.parent:
            changed.append(RowChange("MOVED", row.key, now.name, row.parent, uid=now.uid))
        if wanted[row.key] != present[row.key]:
            words = (_links(wanted[row.key]), _links(present[row.key]))
            changed.append(RowChange("LINKS", row.key, now.name, *words, now.uid))
    added = [
        RowChange("ADDED", "", now.name, uid=uid)
        for uid, now in plan.rows.items()
        if uid not in keys and now.kind != TaskKind.SUMMARY
    ]
    touched = {change.key for change in changed}
    kept = len(content.rows) - len(removed) - len(touched)
    return Drift(tuple(removed), tuple(added), tuple(changed), kept)


def _length(row: TemplateRow, now: _Row, use: TemplateUse, day: int) -> list[RowChange]:
    """Return the change of kind or of length; working days."""
    if row.is_work != (now.kind == TaskKind.TASK):
        if now.kind == TaskKind.SUMMARY:
            return [RowChange("DIVIDED", row.key, now.name, uid=now.uid)]
        if now.kind in MILESTONES or now.kind == TaskKind.TASK:
            return [RowChange("KIND", row.key, now.name, row.kind.value, now.kind, now.uid)]
        return []
    if not row.is_work:
        return []
    before, after = scaled_days(row.days, use.duration_factor), Decimal(now.duration) / day
    if before == after:
        return []
    what = "LONGER" if after > before else "SHORTER"
    return [RowChange(what, row.key, now.name, f"{before.normalize():f}", f"{after.normalize():f}", now.uid)]


def _links(links: Iterable[tuple[str, str]]) -> str:
    return ", ".join(key if kind == "FS" else f"{key} {kind}" for key, kind in sorted(links)) or "–"
