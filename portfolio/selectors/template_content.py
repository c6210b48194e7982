"""What a project would be as a template: its plan without dates, people as roles, money as shares."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.text import slugify

from pmo_portal.accounts.choices import Role
from portfolio.models import TemplateUse
from portfolio.rollup.methodology import Words
from portfolio.rollup.project_template import (
    HALF_DAY,
    HUNDRED,
    RESERVES,
    LinkKind,
    RowKind,
    Technique,
    TemplateContent,
    TemplateLine,
    TemplateLink,
    TemplateRole,
    TemplateRow,
    TemplateStep,
)
from portfolio.selectors.governance import Governance, governance_of
from portfolio.selectors.template_duties import Duties, duties_of
from projects.choices import ConstraintType, EvTechnique, ResourceKind, TaskKind, TimeKind
from projects.models import Assignment, BudgetLine, Link, Project, Task

MINUTES_PER_HOUR = 60
LONGEST_KEY = 20
PERCENT = Decimal("0.01")
HOLDABLE = frozenset(technique.value for technique in Technique)


@dataclass(frozen=True)
class Omission:
    """Something of a plan that a template does not hold: the code of a sentence, and how often."""

    code: str
    count: int


@dataclass(frozen=True)
class ProjectAsTemplate:
    """The content, and what did not come along."""

    content: TemplateContent
    omissions: tuple[Omission, ...]


def project_as_template(project: Project, *, with_money: bool, today: date) -> ProjectAsTemplate:
    """
    Return the plan of a project as content of a template. At most sixteen queries.

    Rows that came from a template keep their keys, so that the next version knows them again. The methodology
    the project follows comes along, with what its responsibilities say beside the proposal of it.

    Parameters
    ----------
    with_money : bool
        Whether budget lines come along, as shares of the total.
    """
    tasks = list(Task.objects.filter(project=project, is_active=True).in_order())
    use = TemplateUse.objects.select_related("version").filter(project=project).first()
    former = use.version.content if use else None
    keys = _keys(tasks, use)
    kept = (
        {title: role for role in former.roles for title in (role.title.en, role.title.de)} if former else {}
    )
    roles, worked = _roles(keys, kept)
    day = int(project.calendar.hours_per_day * MINUTES_PER_HOUR)
    known = {row.key: row for row in former.rows} if former else {}
    links = list(Link.objects.filter(project=project, predecessor__is_active=True, successor__is_active=True))
    summaries = {task.pk for task in tasks if task.kind == TaskKind.SUMMARY}
    bound = [link for link in links if not {link.predecessor_id, link.successor_id} & summaries]
    followed = governance_of(project, today)
    duties = duties_of(project, followed, keys, former.duties if former else ()) if followed else Duties()
    content = TemplateContent(
        name=former.name if former else Words(project.name),
        summary=former.summary if former else Words(project.description[:500]),
        methodology=_methodology(followed, former),
        tier=project.tier,
        category=project.category,
        roles=tuple(roles.values()),
        rows=tuple(_row(task, keys, worked, known, day=day) for task in tasks),
        links=tuple(_link(link, keys, tasks, day=day) for link in bound),
        lines=_lines(project) if with_money else (),
        risks=former.risks if former else (),
        meetings=former.meetings if former else (),
        duties=duties.rows,
    )
    left_out = _omissions(project, tasks, links, summaries)
    named = (Omission("NAMED_PEOPLE", duties.people),) if duties.people else ()
    return ProjectAsTemplate(content, (*left_out, *named))


def _methodology(followed: Governance | None, former: TemplateContent | None) -> str:
    if followed is not None:
        return str(followed.version.methodology.code)
    return former.methodology if former else ""


def _keys(tasks: Sequence[Task], use: TemplateUse | None) -> dict[int, str]:
    """Return the key of each row, by its primary key: the one it came with, else its WBS code."""
    came = {uid: key for key, uid in use.rows.items()} if use else {}
    taken = {came[task.uid] for task in tasks if task.uid in came}
    keys = {}
    for task in tasks:
        key = came.get(task.uid) or task.wbs
        if task.uid not in came and (not key or len(key) > LONGEST_KEY or key in taken):
            key = f"R{task.uid}"
        taken.add(key)
        keys[task.pk] = key
    return keys


def _roles(
    keys: Mapping[int, str], kept: Mapping[str, TemplateRole]
) -> tuple[dict[str, TemplateRole], dict[int, tuple[str, Decimal]]]:
    """Return roles by code, and the first role on each row; people count as members of the team."""
    roles: dict[str, TemplateRole] = {}
    worked: dict[int, tuple[str, Decimal]] = {}
    kinds = [ResourceKind.ROLE, ResourceKind.PERSON]
    rows = Assignment.objects.filter(task_id__in=keys, resource__kind__in=kinds)
    for row in rows.select_related("resource").order_by("pk"):
        is_role = row.resource.kind == ResourceKind.ROLE
        title = row.resource.name if is_role else str(Role.TEAM_MEMBER.label)
        code = (slugify(title).replace("-", "_").upper() or "ROLE")[:LONGEST_KEY]
        role = kept.get(title) or TemplateRole(code, Words(title))
        roles.setdefault(role.code, role)
        worked.setdefault(row.task_id, (role.code, row.units_percent))
    return roles, worked


def _row(
    task: Task,
    keys: Mapping[int, str],
    worked: Mapping[int, tuple[str, Decimal]],
    known: Mapping[str, TemplateRow],
    *,
    day: int,
) -> TemplateRow:
    key = keys[task.pk]
    former = known.get(key)
    is_same = former is not None and task.name in (former.title.en, former.title.de)
    role, units = worked.get(task.pk, ("", HUNDRED))
    kind = RowKind(task.kind)
    technique, steps = _technique(task)
    if former and _are_same(steps, former.steps):
        steps = former.steps
    return TemplateRow(
        key=key,
        title=former.title if former and is_same else Words(task.name),
        kind=kind,
        parent=keys.get(task.parent_id or 0, ""),
        days=_days(task.duration, day) if kind is RowKind.TASK else Decimal(0),
        role=role,
        units=units,
        technique=technique,
        steps=steps,
        notes=Words(task.notes) if task.notes else Words(),
        is_key=task.is_key_milestone,
    )


def _are_same(steps: Sequence[TemplateStep], former: Sequence[TemplateStep]) -> bool:
    """Whether steps are those of the template, in whichever of its languages."""
    return [step.weight for step in steps] == [step.weight for step in former] and all(
        now.title.en in (then.title.en, then.title.de) for now, then in zip(steps, former, strict=True)
    )


def _days(minutes: int, day: int) -> Decimal:
    halves = (Decimal(minutes) / day / HALF_DAY).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return max(halves * HALF_DAY, HALF_DAY)


def _technique(task: Task) -> tuple[Technique, tuple[TemplateStep, ...]]:
    """Return the technique a template can hold; percent complete stands in for the others."""
    if task.kind != TaskKind.TASK or task.ev_technique not in HOLDABLE:
        return Technique.PERCENT_COMPLETE, ()
    technique = Technique(task.ev_technique)
    if technique is not Technique.WEIGHTED_MILESTONES:
        return technique, ()
    steps = tuple(
        TemplateStep(Words(step.get("name", "")), Decimal(step["weight"]))
        for step in (task.ev_details or {}).get("milestones", [])
    )
    return (technique, steps) if steps else (Technique.PERCENT_COMPLETE, ())


def _link(link: Link, keys: Mapping[int, str], tasks: Sequence[Task], *, day: int) -> TemplateLink:
    minutes = Decimal(link.lag)
    if link.lag_percent is not None:
        length = next(task.duration for task in tasks if task.pk == link.predecessor_id)
        minutes = length * link.lag_percent / HUNDRED
    return TemplateLink(
        keys[link.predecessor_id],
        keys[link.successor_id],
        LinkKind(link.type),
        (minutes / day).quantize(PERCENT, rounding=ROUND_HALF_UP).normalize() + 0,
    )


def _lines(project: Project) -> tuple[TemplateLine, ...]:
    """Return budget lines of one kind together, as shares of the budget at completion."""
    sums: dict[tuple[str, str, str], Decimal] = {}
    for line in BudgetLine.objects.filter(project=project, currency=project.currency).order_by("pk"):
        title = line.name if line.task_id is None and line.name else str(line.get_category_display())
        key = (title, line.category, line.cost_type)
        sums[key] = sums.get(key, Decimal(0)) + line.amount
    total = sum((amount for key, amount in sums.items() if key[1] not in RESERVES), Decimal(0))
    if not total:
        return ()
    shares = {
        key: (amount * HUNDRED / total).quantize(PERCENT, rounding=ROUND_HALF_UP)
        for key, amount in sums.items()
        if amount
    }
    inside = [key for key in shares if key[1] not in RESERVES]
    largest = max(inside, key=lambda key: shares[key])
    shares[largest] += HUNDRED - sum((shares[key] for key in inside), Decimal(0))
    return tuple(
        TemplateLine(Words(title), category, cost_type, percent=shares[title, category, cost_type])
        for title, category, cost_type in shares
    )


def _omissions(
    project: Project, tasks: Iterable[Task], links: Iterable[Link], summaries: Iterable[int]
) -> tuple[Omission, ...]:
    """Return what a template does not hold of this plan."""
    rows, leaves = list(tasks), set(summaries)
    counts: dict[str, int] = {
        "INACTIVE": Task.objects.filter(project=project, is_active=False).count(),
        "CONSTRAINTS": sum(row.constraint_type != ConstraintType.ASAP for row in rows),
        "DEADLINES": sum(row.deadline is not None for row in rows),
        "CALENDARS": sum(row.calendar_id is not None for row in rows),
        "TECHNIQUES": sum(_loses_technique(row) for row in rows),
        "ELAPSED": sum(link.lag_kind == TimeKind.ELAPSED and bool(link.lag) for link in links),
        "SUMMARY_LINKS": sum(bool({link.predecessor_id, link.successor_id} & leaves) for link in links),
    }
    return tuple(Omission(code, count) for code, count in counts.items() if count)


def _loses_technique(row: Task) -> Any:
    is_plain = row.kind != TaskKind.TASK or row.ev_technique == EvTechnique.PERCENT_COMPLETE
    return not is_plain and _technique(row)[0] is Technique.PERCENT_COMPLETE
