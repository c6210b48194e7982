"""Compliance across the projects a person sees: by project, by requirement, over time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from portfolio.choices import MethodologyState
from portfolio.models import MethodologyVersion
from portfolio.rollup.compliance import Compliance, ItemStatus
from portfolio.rollup.numbers import divide
from portfolio.selectors.governance import Governance, governance_address, load_governance
from portfolio.selectors.governance_page import status_title
from portfolio.selectors.methodologies import said
from projects.models import Project

MONTHS_SHOWN = 6
LACKING = frozenset({ItemStatus.PARTLY, ItemStatus.NOT_MET, ItemStatus.WAIVED})


@dataclass(frozen=True)
class ProjectCompliance:
    """A project with its version and compliance."""

    code: str
    name: str
    url: str
    method: str
    version: str
    is_behind: bool
    tier: str
    compliance: Compliance
    own: Compliance


@dataclass(frozen=True)
class LackingProject:
    """A project that does not meet a requirement, and how it counts there."""

    code: str
    name: str
    status: str
    url: str


@dataclass(frozen=True)
class RequirementCompliance:
    """A requirement across projects: how many meet it, and which do not."""

    code: str
    title: str
    method: str
    met: int
    partly: int
    not_met: int
    waived: int
    lacking: tuple[LackingProject, ...] = ()

    @property
    def due(self) -> int:
        """In how many projects it is due."""
        return self.met + self.partly + self.not_met + self.waived


@dataclass(frozen=True)
class MonthCompliance:
    """The mean of the projects where anything was due on a day; null where nowhere was."""

    day: date
    percent: Decimal | None
    projects: int


@dataclass(frozen=True)
class Follower:
    """A live project, and where it chooses a version or goes on to the one in force."""

    code: str
    name: str
    url: str


@dataclass(frozen=True)
class Followers:
    """The live projects that run one version of a methodology."""

    version: str
    is_behind: bool
    projects: tuple[Follower, ...]


@dataclass(frozen=True)
class CompliancePage:
    """All of the page."""

    projects: tuple[ProjectCompliance, ...]
    requirements: tuple[RequirementCompliance, ...]
    months: tuple[MonthCompliance, ...]
    drift: tuple[Followers, ...]
    without: tuple[Follower, ...]

    @property
    def lacked(self) -> tuple[RequirementCompliance, ...]:
        """The requirements some project lacks, the least met first."""
        return tuple(row for row in self.requirements if row.lacking)

    @property
    def met_by_all(self) -> tuple[RequirementCompliance, ...]:
        """The requirements every project meets where they are due."""
        return tuple(row for row in self.requirements if not row.lacking)

    @property
    def waived_too_often(self) -> tuple[ProjectCompliance, ...]:
        """Projects in which more than a fifth is waived, the most first (STD-6)."""
        rows = [row for row in self.projects if row.compliance.is_waived_too_often]
        return tuple(sorted(rows, key=lambda row: (-(row.compliance.waiver_rate or 0), row.code)))


def compliance_page(user: Any, *, today: date, portfolio: str = "") -> CompliancePage:
    """Return compliance of the live projects a person sees. As many queries for one as for all."""
    seen = Project.objects.visible_to(user, "rollup.view").active()
    if portfolio:
        seen = seen.filter(component__portfolio__code=portfolio)
    projects = {row.pk: row for row in seen.order_by("code")}
    known = load_governance(list(projects), today)
    rows = [_project(projects[pk], governance, today) for pk, governance in known.items()]
    rows.sort(key=lambda row: (row.compliance.percent is None, row.compliance.percent or 0, row.code))
    return CompliancePage(
        projects=tuple(rows),
        requirements=tuple(_requirements({projects[pk]: found for pk, found in known.items()}, today)),
        months=tuple(_month(list(projects), day) for day in month_ends(today)),
        drift=_drift((row, known[pk]) for pk, row in projects.items() if pk in known),
        without=tuple(_follower(row) for pk, row in projects.items() if pk not in known),
    )


def _drift(followed: Iterable[tuple[Project, Governance]]) -> tuple[Followers, ...]:
    """Return who runs which version, by methodology and version."""
    found: dict[MethodologyVersion, list[Follower]] = {}
    for project, governance in followed:
        found.setdefault(governance.version, []).append(_follower(project))
    ordered = sorted(found.items(), key=lambda pair: (pair[0].methodology.code, pair[0].rank))
    return tuple(
        Followers(str(version), version.state == MethodologyState.SUPERSEDED, tuple(rows))
        for version, rows in ordered
    )


def _follower(project: Project) -> Follower:
    return Follower(project.code, project.name, governance_address(project.code))


def month_ends(today: date) -> list[date]:
    """Return the last month ends before a day, oldest first, and the day itself."""
    days = [today]
    while len(days) <= MONTHS_SHOWN - 1:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]


def project_headings() -> list[Any]:
    """Return the headings of the file of projects."""
    return [
        *(_("Project"), _("Name"), _("Methodology"), _("Version"), _("Newer in force"), _("Tier")),
        *(_("Compliance %"), _("Due"), _("Late"), _("Waived"), _("Waived %"), _("Own %")),
    ]


def project_rows(page: CompliancePage) -> Iterator[list[Any]]:
    """Return a line for each project, in the order of the page."""
    for row in page.projects:
        found = row.compliance
        yield [
            *(row.code, row.name, row.method, row.version, row.is_behind, row.tier),
            *(found.percent, found.due, found.late, found.waived, found.waiver_rate, row.own.percent),
        ]


def requirement_headings() -> list[Any]:
    """Return the headings of the file of requirements."""
    return [
        *(_("Methodology"), _("Requirement"), _("Title"), _("Due"), _("Met"), _("Partly")),
        *(_("Not met"), _("Waived"), _("Projects that lack it")),
    ]


def requirement_rows(page: CompliancePage) -> Iterator[list[Any]]:
    """Return a line for each requirement, in the order of the page."""
    for row in page.requirements:
        lacking = ", ".join(project.code for project in row.lacking)
        yield [
            *(row.method, row.code, row.title, row.due, row.met, row.partly),
            *(row.not_met, row.waived, lacking),
        ]


def _project(project: Project, known: Governance, today: date) -> ProjectCompliance:
    return ProjectCompliance(
        code=project.code,
        name=project.name,
        url=governance_address(project.code),
        method=known.version.methodology.code,
        version=known.version.version,
        is_behind=known.version.state == "SUPERSEDED",
        tier=known.records.tier,
        compliance=known.compliance(today),
        own=known.own_compliance(today),
    )


def _requirements(known: Mapping[Project, Governance], today: date) -> list[RequirementCompliance]:
    """Return the requirements that are due somewhere, those least met first; no project's own ones."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    titles: dict[tuple[str, str], str] = {}
    lacking: dict[tuple[str, str], list[LackingProject]] = defaultdict(list)
    for project, governance in known.items():
        for item in governance.items(today):
            if item.is_own:
                continue
            method = governance.method_of(item.code)
            counts[(method, item.code)][item.status.value] += 1
            if item.status in LACKING:
                lacking[(method, item.code)].append(_lacking(project, item.status))
            row = governance.content.requirement(item.code)
            titles[(method, item.code)] = said(row.title) if row else ""
    rows = [
        RequirementCompliance(
            code=code,
            title=titles[(method, code)],
            method=method,
            met=count[ItemStatus.MET.value],
            partly=count[ItemStatus.PARTLY.value],
            not_met=count[ItemStatus.NOT_MET.value],
            waived=count[ItemStatus.WAIVED.value],
            lacking=tuple(lacking[(method, code)]),
        )
        for (method, code), count in counts.items()
    ]
    due = [row for row in rows if row.due]
    return sorted(due, key=lambda row: (-(row.not_met + row.partly + row.waived), row.code))


def _lacking(project: Project, status: ItemStatus) -> LackingProject:
    return LackingProject(project.code, project.name, status_title(status), governance_address(project.code))


def _month(project_ids: Sequence[int], day: date) -> MonthCompliance:
    found = [known.compliance(day).percent for known in load_governance(project_ids, day).values()]
    rated = [value for value in found if value is not None]
    mean = divide(sum(rated, Decimal(0)), Decimal(len(rated))) if rated else None
    return MonthCompliance(day, mean, len(rated))
