"""Project templates as the pages show them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from pmo_portal.accounts.scopes import holds
from portfolio.choices import TemplateState
from portfolio.models import ProjectTemplate, TemplateUse, TemplateVersion
from portfolio.rollup.methodology import Words
from portfolio.rollup.project_template import (
    LinkKind,
    RowKind,
    TemplateContent,
    TemplateLink,
    TemplateRow,
    faults_of_template,
)
from portfolio.selectors.template_duties import DutyLine, duty_lines
from portfolio.selectors.template_words import KINDS, RHYTHMS, fault_sentence
from projects.choices import CostCategory, CostType, EvTechnique
from projects.models import Project


@dataclass(frozen=True)
class TemplateCard:
    """A template in the list: its published version, and what waits."""

    code: str
    name: str
    summary: str
    methodology: str
    tier: str
    category: str
    version: str
    published_at: datetime | None
    days: Decimal
    tasks: int
    milestones: int
    links: int
    uses: int
    draft: TemplateVersion | None
    url: str


@dataclass(frozen=True)
class RowLine:
    """A row of the plan of a template; ``level`` 0 is the top of the outline."""

    key: str
    name: str
    kind: str
    kind_title: str
    level: int
    days: Decimal | None
    role: str
    technique: str
    after: str
    is_key: bool


@dataclass(frozen=True)
class BudgetRow:
    """A budget line: a share of the total in percent, or an amount."""

    name: str
    category: str
    cost_type: str
    percent: Decimal | None
    amount: Decimal | None
    is_reserve: bool


@dataclass(frozen=True)
class RiskRow:
    """A risk that projects of this kind have met."""

    name: str
    probability: int
    impact: int


@dataclass(frozen=True)
class TemplatePage:
    """All of a version, in the language of the moment."""

    name: str
    summary: str
    methodology: str
    tier: str
    category: str
    rows: tuple[RowLine, ...]
    lines: tuple[BudgetRow, ...]
    risks: tuple[RiskRow, ...]
    meetings: tuple[tuple[str, str], ...]
    duties: tuple[DutyLine, ...]
    roles: tuple[str, ...]
    tasks: int
    milestones: int
    links: int
    faults: tuple[str, ...]


def template_versions(user: Any) -> QuerySet[TemplateVersion]:
    """Return the versions a person may read: drafts only who proposes or keeps templates; oldest first."""
    rows = TemplateVersion.objects.select_related("template", "proposed_by", "published_by")
    if not holds(user, "template.view"):
        rows = rows.none()
    elif not holds(user, "template.propose"):
        rows = rows.lasting()
    return rows.order_by("template__code", "rank")


def template_cards(user: Any) -> list[TemplateCard]:
    """Return the templates with the published version, or the newest without one. Four queries."""
    by_code: dict[str, list[TemplateVersion]] = defaultdict(list)
    for version in template_versions(user):
        by_code[version.template.code].append(version)
    seen = Project.objects.visible_to(user).values("pk")
    uses = TemplateUse.objects.filter(project__in=seen)
    counts = Counter(uses.order_by().values_list("version__template_id", flat=True))
    cards = [_card(versions, counts) for versions in by_code.values()]
    return [card for card in cards if card is not None]


def current_of(versions: Iterable[TemplateVersion]) -> TemplateVersion:
    """Return the published version, or the newest without one."""
    rows = list(versions)
    return next((row for row in rows if row.state == TemplateState.PUBLISHED), rows[-1])


def published_of(version: TemplateVersion) -> TemplateVersion | None:
    """Return the version that makes projects now; the same one while it does. At most one query."""
    if version.state == TemplateState.PUBLISHED:
        return version
    rows = TemplateVersion.objects.filter(template=version.template_id, state=TemplateState.PUBLISHED)
    return rows.select_related("template").first()


def versions_of(template: ProjectTemplate, *, user: Any) -> list[TemplateVersion]:
    """Return the versions of a template, newest first. Three queries."""
    return list(template_versions(user).filter(template=template).order_by("-rank"))


def template_page(version: TemplateVersion) -> TemplatePage:
    """Return what the page of a version shows. At most one query."""
    content = version.content
    is_draft = version.state == TemplateState.DRAFT
    faults = faults_of_template(content) if is_draft else []
    return TemplatePage(
        name=said(content.name),
        summary=said(content.summary),
        methodology=content.methodology,
        tier=content.tier,
        category=content.category,
        rows=_rows(content),
        lines=tuple(
            BudgetRow(
                said(line.title),
                str(CostCategory(line.category).label),
                str(CostType(line.cost_type).label),
                line.percent,
                line.amount,
                line.is_reserve,
            )
            for line in content.lines
        ),
        risks=tuple(RiskRow(said(risk.title), risk.probability, risk.impact) for risk in content.risks),
        meetings=tuple((said(row.title), str(RHYTHMS[row.rhythm])) for row in content.meetings),
        duties=duty_lines(content),
        roles=tuple(said(role.title) for role in content.roles),
        tasks=_count(content, RowKind.TASK),
        milestones=_count(content, RowKind.MILESTONE) + _count(content, RowKind.START_MILESTONE),
        links=len(content.links),
        faults=tuple(fault_sentence(fault) for fault in faults),
    )


def said(words: Words) -> str:
    """Return a text in the language of the moment."""
    return words.text(get_language() or "en")


def longest_chain(content: TemplateContent) -> Decimal:
    """Return the working days of the longest chain of work; lags count, other links than FS as FS."""
    days = {row.key: row.days for row in content.rows}
    before: dict[str, list[TemplateLink]] = defaultdict(list)
    for link in content.links:
        before[link.successor].append(link)
    ends: dict[str, Decimal] = {}

    def end_of(key: str) -> Decimal:
        if key not in ends:
            ends[key] = Decimal(0)
            start = max((end_of(link.predecessor) + link.lag for link in before[key]), default=Decimal(0))
            ends[key] = start + days.get(key, Decimal(0))
        return ends[key]

    return max((end_of(key) for key in days), default=Decimal(0))


def _card(versions: list[TemplateVersion], counts: Counter[int]) -> TemplateCard | None:
    shown = current_of(versions)
    if shown.state == TemplateState.WITHDRAWN:
        return None
    content = shown.content
    drafts = [row for row in versions if row.state == TemplateState.DRAFT and row.pk != shown.pk]
    return TemplateCard(
        code=shown.template.code,
        name=said(content.name),
        summary=said(content.summary),
        methodology=content.methodology,
        tier=content.tier,
        category=content.category,
        version=shown.version,
        published_at=shown.published_at if shown.state == TemplateState.PUBLISHED else None,
        days=longest_chain(content),
        tasks=_count(content, RowKind.TASK),
        milestones=_count(content, RowKind.MILESTONE) + _count(content, RowKind.START_MILESTONE),
        links=len(content.links),
        uses=counts[shown.template_id],
        draft=drafts[-1] if drafts else None,
        url=shown.template.get_absolute_url(),
    )


def _count(content: TemplateContent, kind: RowKind) -> int:
    return sum(row.kind is kind for row in content.rows)


def _rows(content: TemplateContent) -> tuple[RowLine, ...]:
    levels: dict[str, int] = {}
    after: dict[str, list[str]] = defaultdict(list)
    for link in content.links:
        after[link.successor].append(_link(link))
    lines = []
    for row in content.rows:
        levels[row.key] = levels[row.parent] + 1 if row.parent in levels else 0
        lines.append(_row(content, row, levels[row.key], ", ".join(after[row.key])))
    return tuple(lines)


def _row(content: TemplateContent, row: TemplateRow, level: int, after: str) -> RowLine:
    role = content.role(row.role)
    return RowLine(
        key=row.key,
        name=said(row.title),
        kind=row.kind.value,
        kind_title=str(KINDS[row.kind]),
        level=level,
        days=row.days if row.is_work else None,
        role=said(role.title) if role else "",
        technique=str(EvTechnique(row.technique.value).label) if row.is_work else "",
        after=after,
        is_key=row.is_key,
    )


def _link(link: TemplateLink) -> str:
    """Return a link the way planners write it: ``1.2``, ``1.2 SS +2 d``."""
    kind = "" if link.kind is LinkKind.FS and not link.lag else f" {link.kind.value}"
    lag = f" {link.lag.normalize():+f} d" if link.lag else ""
    return f"{link.predecessor}{kind}{lag}"
