"""Adoption as pages, exports and the API show it: snapshots the person may see, and their sums (KNO-10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo_portal.accounts.models import User
from portfolio.models import Course, Portfolio, ProjectAdoption
from portfolio.models.adoption import ProjectAdoptionQuerySet
from portfolio.rollup.adoption import (
    INSUFFICIENT_DATA,
    NOT_APPLICABLE,
    AdoptionSum,
    Facts,
    Part,
    adoption_sum,
    shares,
)
from portfolio.rollup.numbers import rounded
from portfolio.selectors.adoption_facts import required_courses
from portfolio.selectors.board_charts import Chart, ChartRow, close_label
from portfolio.selectors.required_training import course_titles
from projects.models import Project

MONTHS_SHOWN = 12
SORTS = ("percent", "code", "templates", "lessons", "training", "compliance")


@dataclass(frozen=True)
class PartCell:
    """A part of adoption: its figure, what it was counted from, and the records behind it."""

    part: Part
    title: str
    percent: Decimal | None
    share: Decimal | None
    why: str
    reason: str
    url: str


@dataclass(frozen=True)
class AdoptionRow:
    """A project with its figure and the four parts; ``change`` is against the month before."""

    project: Project
    as_of: date
    percent: Decimal | None
    facts: Facts
    parts: tuple[PartCell, ...]
    change: Decimal | None

    @property
    def reason(self) -> str:
        """Why there is no figure; empty when there is one."""
        return INSUFFICIENT_DATA if self.percent is None else ""

    @property
    def url(self) -> str:
        """Address of the project's own page about it."""
        return reverse("portfolio:project_adoption", args=[self.project.code])


@dataclass(frozen=True)
class AdoptionPoint:
    """Mean and median of a day."""

    as_of: date
    total: AdoptionSum


@dataclass(frozen=True)
class AdoptionPage:
    """All of the page; ``as_of`` None while nothing was measured."""

    as_of: date | None
    rows: tuple[AdoptionRow, ...]
    total: AdoptionSum
    trend: tuple[AdoptionPoint, ...]

    @property
    def change(self) -> Decimal | None:
        """Mean against the month before."""
        return _difference(self.total.mean, self.trend[-2].total.mean) if len(self.trend) > 1 else None


def adoption_page(
    user: Any, *, day: date, portfolio: Portfolio | None = None, sort: str = "percent"
) -> AdoptionPage:
    """Return the newest figures up to a day of what the person may see. Three queries."""
    seen = seen_adoption(user, portfolio)
    days = month_days(seen, day)
    if not days:
        return AdoptionPage(None, (), adoption_sum(()), ())
    trend = _trend(seen, days)
    former = dict(seen.filter(as_of=days[-2]).values_list("project", "percent")) if len(days) > 1 else {}
    rows = seen.filter(as_of=days[-1]).select_related("project").order_by("project__code")
    shown = [adoption_row(row, former.get(row.project_id)) for row in rows]
    return AdoptionPage(days[-1], tuple(_sorted(shown, sort)), trend[-1].total, trend)


def seen_adoption(user: Any, portfolio: Portfolio | None = None) -> ProjectAdoptionQuerySet:
    """Return the figures of projects the person may see, of a portfolio and those below it."""
    found = ProjectAdoption.objects.visible_to(user)
    if portfolio is not None:
        found = found.filter(project__node__path__startswith=portfolio.node.path or "")
    return found


def month_days(rows: ProjectAdoptionQuerySet, day: date) -> list[date]:
    """Return the last day with figures of each of the last twelve months up to a day. One query."""
    days = rows.filter(as_of__lte=day).order_by("-as_of").values_list("as_of", flat=True).distinct()
    newest: dict[tuple[int, int], date] = {}
    for each in days:
        newest.setdefault((each.year, each.month), each)
        if len(newest) > MONTHS_SHOWN:
            break
    return sorted(newest.values())[-MONTHS_SHOWN:]


def project_adoption(project: Project, *, day: date) -> tuple[AdoptionRow | None, tuple[AdoptionPoint, ...]]:
    """Return the newest figure of a project with the months before it. Two queries."""
    own = ProjectAdoption.objects.filter(project=project)
    days = month_days(own, day)
    rows = list(own.filter(as_of__in=days).order_by("as_of"))
    if not rows:
        return None, ()
    newest = rows[-1]
    newest.project = project
    former = rows[-2].percent if len(rows) > 1 else None
    points = tuple(AdoptionPoint(row.as_of, adoption_sum([row.percent])) for row in rows)
    return adoption_row(newest, former), points


@dataclass(frozen=True)
class CourseMissing:
    """A course that is due for a role of the project and not passed, or not any more."""

    user_id: int
    name: str
    title: str
    due: date

    @property
    def url(self) -> str:
        """Address of the training of the person."""
        return reverse("portfolio:training_person", args=[self.user_id])


def courses_missing(project: Project, *, day: date) -> tuple[CourseMissing, ...]:
    """Return the courses that keep the training of a project below 100 %. At most eight queries."""
    required = required_courses([project.pk], day)[project.pk]
    missing = {who: row for who, row in required.items() if row.is_due(day) and not row.holds(day)}
    names = dict(User.objects.filter(pk__in={user for user, _course in missing}).values_list("pk", "name"))
    codes = dict(
        Course.objects.filter(pk__in={course for _user, course in missing}).values_list("pk", "code")
    )
    titles = course_titles() if missing else {}
    lines = [
        CourseMissing(user, names[user], titles.get(codes[course], codes[course]), row.due)
        for (user, course), row in missing.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.due, line.name, line.title)))


def newest_percent(project: Project, *, day: date) -> ProjectAdoption | None:
    """Return the newest figure of a project up to a day. One query."""
    return ProjectAdoption.objects.filter(project=project, as_of__lte=day).order_by("-as_of").first()


def adoption_row(row: ProjectAdoption, former: Decimal | None) -> AdoptionRow:
    """Return a figure as pages show it; its project is loaded."""
    facts, code = row.facts, row.project.code
    weights = shares(facts.parts)
    parts = tuple(_cell(part, value, weights.get(part), facts, code) for part, value in facts.parts.items())
    return AdoptionRow(row.project, row.as_of, row.percent, facts, parts, _difference(row.percent, former))


def part_titles() -> dict[Part, str]:
    """Return the names of the parts."""
    return {
        Part.TEMPLATES: _("Template use"),
        Part.LESSONS: _("Lesson review"),
        Part.TRAINING: _("Training"),
        Part.COMPLIANCE: _("Compliance"),
    }


def trend_chart(trend: Sequence[AdoptionPoint], *, is_project: bool = False) -> Chart | None:
    """Return the chart of some months with its table; None for fewer than two."""
    if len(trend) < 2:
        return None
    labels = [close_label(point.as_of) for point in trend]
    mean = [_plain(point.total.mean) for point in trend]
    first: dict[str, Any] = {"name": _("Adoption") if is_project else _("Mean"), "values": mean}
    series = [first]
    columns: tuple[str, ...] = (_("Month"), first["name"])
    rows: list[tuple[Any, ...]] = [(label, value) for label, value in zip(labels, mean, strict=True)]
    if not is_project:
        median = [_plain(point.total.median) for point in trend]
        series.append({"name": _("Median"), "values": median, "style": "dashed"})
        columns = (*columns, _("Median"), _("Projects"))
        rows = [
            (*row, value, point.total.projects) for row, value, point in zip(rows, median, trend, strict=True)
        ]
    data = {"labels": labels, "unit": "%", "min": 0, "max": 100, "series": series}
    return Chart(data, columns, tuple(ChartRow(row) for row in rows))


def export_headings() -> list[str]:
    """Return the headings of the exported table."""
    return [
        *(_("Project"), _("Name"), _("As of"), _("Adoption in %"), _("Change against the month before")),
        *(_("Template use in %"), _("Documents from the template in force"), _("Documents")),
        *(_("Lesson review in %"), _("Lessons marked"), _("Lessons proposed")),
        *(_("Training in %"), _("Courses passed"), _("Courses due"), _("Compliance in %")),
    ]


def export_rows(page: AdoptionPage) -> Iterator[list[Any]]:
    """Return a line for each project, in the order of the page."""
    for row in page.rows:
        facts, parts = row.facts, row.facts.parts
        yield [
            *(row.project.code, row.project.name, row.as_of, _shown(row.percent), _shown(row.change)),
            *(_shown(parts[Part.TEMPLATES]), facts.from_template, facts.documents),
            *(_shown(parts[Part.LESSONS]), facts.marked, facts.proposed),
            *(_shown(parts[Part.TRAINING]), facts.passed, facts.due),
            _shown(parts[Part.COMPLIANCE]),
        ]


def _trend(seen: ProjectAdoptionQuerySet, days: Sequence[date]) -> tuple[AdoptionPoint, ...]:
    values: dict[date, list[Decimal | None]] = {day: [] for day in days}
    for day, value in seen.filter(as_of__in=days).order_by().values_list("as_of", "percent"):
        values[day].append(value)
    return tuple(AdoptionPoint(day, adoption_sum(values[day])) for day in days)


def _sorted(rows: Sequence[AdoptionRow], sort: str) -> list[AdoptionRow]:
    """Return rows in an order; projects without a figure stand last."""
    is_descending, name = sort.startswith("-"), sort.removeprefix("-")
    if name == "code" or name not in SORTS:
        return sorted(rows, key=lambda row: row.project.code, reverse=is_descending)

    def value(row: AdoptionRow) -> Decimal | None:
        if name == "percent":
            return row.percent
        return next(cell.percent for cell in row.parts if cell.part == name.upper())

    sign = -1 if is_descending else 1
    return sorted(rows, key=lambda row: (value(row) is None, sign * (value(row) or 0), row.project.code))


def _cell(part: Part, value: Decimal | None, share: Decimal | None, facts: Facts, code: str) -> PartCell:
    done, of = {
        Part.TEMPLATES: (facts.from_template, facts.documents),
        Part.LESSONS: (facts.marked, facts.proposed),
        Part.TRAINING: (facts.passed, facts.due),
        Part.COMPLIANCE: (0, 0),
    }[part]
    page = {
        Part.TEMPLATES: "portfolio:documents",
        Part.LESSONS: "portfolio:project_lessons",
        Part.TRAINING: "portfolio:project_adoption",
        Part.COMPLIANCE: "portfolio:governance",
    }[part]
    return PartCell(
        part=part,
        title=part_titles()[part],
        percent=value,
        share=share,
        why=_nothing(part) if value is None else _counted(part, done, of),
        reason=NOT_APPLICABLE if value is None else "",
        url=reverse(page, args=[code]),
    )


def _counted(part: Part, done: int, of: int) -> str:
    values = {"done": done, "of": of}
    if part == Part.TEMPLATES:
        return (
            ngettext(
                "%(done)s of %(of)s document was made from the template in force.",
                "%(done)s of %(of)s documents were made from the template in force.",
                of,
            )
            % values
        )
    if part == Part.LESSONS:
        return (
            ngettext(
                "%(done)s of %(of)s proposed lesson was marked.",
                "%(done)s of %(of)s proposed lessons were marked.",
                of,
            )
            % values
        )
    if part == Part.TRAINING:
        return (
            ngettext(
                "%(done)s of %(of)s course due for the roles of the project is passed and valid.",
                "%(done)s of %(of)s courses due for the roles of the project are passed and valid.",
                of,
            )
            % values
        )
    return _("Weighted share of the requirements due that are met.")


def _nothing(part: Part) -> str:
    return {
        Part.TEMPLATES: _("No document yet; leaves the mean."),
        Part.LESSONS: _("No lesson was proposed; leaves the mean."),
        Part.TRAINING: _("No course is due for the roles of the project; leaves the mean."),
        Part.COMPLIANCE: _("Nothing is due; leaves the mean."),
    }[part]


def _difference(value: Decimal | None, former: Decimal | None) -> Decimal | None:
    return None if value is None or former is None else value - former


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(rounded(value, 1))


def _shown(value: Decimal | None) -> Decimal | None:
    return None if value is None else rounded(value, 1)
