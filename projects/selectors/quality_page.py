"""The checks of one plan as pages, files and the API show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from pmo_portal.common.percentages import with_percent
from projects.choices import CYCLE_DAYS, ReportCycle
from projects.engine.schedule_quality.policy import VERSION_1, Comparison, Threshold
from projects.engine.schedule_quality.practices import BY_PRACTICE, BY_QUALITY
from projects.engine.schedule_quality.vocabulary import Check, Finding, Grade, Unit, Verdict
from projects.engine.schedule_quality.waiving import Judgment
from projects.models import Project, ScheduleAssessment, Task
from projects.selectors.check_waivers import WaiverRow, judgment_of, waiver_rows
from projects.selectors.quality_words import (
    FLAWS,
    FOUND,
    MEANINGS,
    NOT_CHECKED,
    PRACTICES,
    QUALITIES,
    TITLES,
    VERDICTS,
    reason_of,
)

HISTORY = 12
_DIGITS = {Unit.PERCENT: 1, Unit.COUNT: 0, Unit.RATIO: 2, Unit.WORKING_DAYS: 1, Unit.DAYS: 0}


@dataclass(frozen=True)
class NamedTask:
    """A task of the plan in a list."""

    uid: int
    wbs: str
    name: str


@dataclass(frozen=True)
class OffenderRow:
    """A task, or a link by its two tasks, that a check stumbles over; ``note`` says what is wrong."""

    task: NamedTask
    before: NamedTask | None
    note: str


@dataclass(frozen=True)
class CheckRow:
    """One check or finding; numbers are texts in the reader's language."""

    code: str
    number: str
    title: str | Promise
    meaning: str | Promise
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    shown_value: str
    shown_count: str
    threshold: str
    verdict: str
    verdict_title: str | Promise
    reason_code: str
    reason: str | Promise
    subject: NamedTask | None
    offenders: tuple[OffenderRow, ...]
    offenders_total: int
    waiver: WaiverRow | None = None

    @property
    def offenders_left_out(self) -> int:
        """How many are not listed."""
        return self.offenders_total - len(self.offenders)


@dataclass(frozen=True)
class GroupRow:
    """A practice or quality with the checks that speak of it."""

    code: str
    title: str | Promise
    verdict: str
    verdict_title: str | Promise
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True)
class FormerScore:
    """The score of an earlier day."""

    as_of: date
    score: Decimal | None
    grade: str
    grade_title: str
    passed: int
    applicable: int


@dataclass(frozen=True)
class QualityPage:
    """
    All that was found about one plan; without ``as_of`` it was never checked.

    ``reason`` says in words why there is no score; ``is_outdated`` whether the project changed since.
    """

    as_of: date | None = None
    assessed_at: datetime | None = None
    data_date: date | None = None
    policy_version: int = VERSION_1.version
    score: Decimal | None = None
    grade: str = ""
    grade_title: str = ""
    reason_code: str = "NOT_CHECKED"
    reason: str | Promise = NOT_CHECKED
    passed: int = 0
    applicable: int = 0
    is_outdated: bool = False
    checks: tuple[CheckRow, ...] = ()
    findings: tuple[CheckRow, ...] = ()
    practices: tuple[GroupRow, ...] = ()
    qualities: tuple[GroupRow, ...] = ()
    history: tuple[FormerScore, ...] = ()
    waivers: tuple[WaiverRow, ...] = ()
    wanted: str = ""
    wanted_title: str = ""
    judgment: Judgment | None = None

    @property
    def is_good_enough(self) -> bool:
        """Whether the plan may become a baseline, waived checks left out."""
        return not self.wanted or (
            self.judgment is not None and self.judgment.is_at_least(Grade(self.wanted))
        )


def quality_page(project: Project, *, today: date) -> QualityPage:
    """Return what was found about the plan by a day, with the offenders kept, and waivers. Three queries."""
    rows = list(
        ScheduleAssessment.objects.filter(project=project, as_of__lte=today)
        .defer("input_hash")
        .order_by("-as_of")[:HISTORY]
    )
    waivers = waiver_rows(project, today=today)
    held = {row.code: row for row in waivers if row.is_in_force}
    rules: dict[str, Any] = {
        "waivers": tuple(waivers),
        "wanted": project.baseline_grade,
        "wanted_title": project.get_baseline_grade_display(),
        "judgment": judgment_of(rows[0] if rows else None, set(held)),
    }
    if not rows:
        return QualityPage(**rules)
    newest = rows[0]
    found = [*newest.result.get("checks", ()), *newest.result.get("findings", ())]
    names = _names(project, found)
    results = {item["code"]: _row(item, names, project, today) for item in found}
    return QualityPage(
        as_of=newest.as_of,
        assessed_at=newest.assessed_at,
        data_date=newest.data_date,
        policy_version=newest.policy_version,
        score=newest.score,
        grade=newest.grade,
        grade_title=newest.get_grade_display(),
        reason_code=newest.reason,
        reason=reason_of("", newest.reason),
        passed=newest.passed,
        applicable=newest.applicable,
        is_outdated=project.updated_at > newest.assessed_at,
        checks=tuple(replace(results[code], waiver=held.get(code)) for code in Check if code in results),
        findings=tuple(results[code] for code in Finding if code in results),
        practices=_groups(BY_PRACTICE, PRACTICES, results),
        qualities=_groups(BY_QUALITY, QUALITIES, results),
        history=tuple(
            FormerScore(row.as_of, row.score, row.grade, row.get_grade_display(), row.passed, row.applicable)
            for row in rows
        ),
        **rules,
    )


def _names(project: Project, found: Iterable[Mapping[str, Any]]) -> dict[int, NamedTask]:
    """Return the tasks the results name, by key. One query."""
    keys = set()
    for item in found:
        keys.add(item["subject"])
        for task, before, _flaw, _days in item["offenders"]:
            keys |= {task, before}
    rows = Task.objects.filter(project=project, pk__in=keys - {None}).values_list("pk", "uid", "wbs", "name")
    return {pk: NamedTask(uid, wbs, name) for pk, uid, wbs, name in rows}


def _row(
    item: Mapping[str, Any],
    names: Mapping[int, NamedTask],
    project: Project,
    today: date,
) -> CheckRow:
    code = item["code"]
    is_check = code in set(Check)
    threshold = VERSION_1.checks[Check(code)] if is_check else VERSION_1.findings[Finding(code)]
    value, numerator, denominator = (_number(item[name]) for name in ("value", "numerator", "denominator"))
    verdict, reason = item["verdict"], item["reason"]
    if code == Finding.OLD_DATA_DATE:
        threshold = Threshold(Decimal(CYCLE_DAYS[ReportCycle(project.report_cycle)]), unit=Unit.DAYS)
        if value is not None and project.data_date is not None:
            value = Decimal((today - project.data_date).days)
            verdict = Verdict.PASS if threshold.is_kept_by(value) else Verdict.FAIL
    return CheckRow(
        code=code,
        number=str(list(Check).index(Check(code)) + 1) if is_check else code,
        title=TITLES[code],
        meaning=MEANINGS[code],
        value=value,
        numerator=numerator,
        denominator=denominator,
        shown_value="" if value is None else shown_value(value, threshold.unit),
        shown_count=_shown_count(numerator, denominator),
        threshold=shown_threshold(threshold),
        verdict=verdict,
        verdict_title=(VERDICTS if is_check else FOUND)[verdict],
        reason_code=reason or "",
        reason=reason_of(code, reason),
        subject=names.get(item["subject"]),
        offenders=tuple(
            OffenderRow(names[task], names.get(before), _note(code, flaw, days))
            for task, before, flaw, days in item["offenders"]
            if task in names
        ),
        offenders_total=item["offenders_total"],
    )


def shown_number(number: Decimal, digits: int) -> str:
    """Return a number rounded half up (CON-1), in the reader's language."""
    rounded = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return str(number_format(rounded, decimal_pos=digits, use_l10n=True, force_grouping=True))


def shown_value(value: Decimal, unit: Unit) -> str:
    """Return a value with its unit."""
    digits = 0 if value == value.to_integral_value() and unit is Unit.WORKING_DAYS else _DIGITS[unit]
    number = shown_number(value, digits)
    if unit is Unit.PERCENT:
        return with_percent(number)
    if unit is Unit.WORKING_DAYS:
        return gettext("%(days)s wd") % {"days": number}
    if unit is Unit.DAYS:
        return ngettext("%(days)s day", "%(days)s days", int(value)) % {"days": number}
    return number


def shown_threshold(threshold: Threshold) -> str:
    """Return what a value has to keep, in words."""
    digits = 2 if threshold.unit is Unit.RATIO else 0
    limit = shown_number(threshold.limit, digits)
    if threshold.unit is Unit.PERCENT:
        limit = with_percent(limit)
    elif threshold.unit is not Unit.RATIO and threshold.unit is not Unit.COUNT:
        limit = shown_value(threshold.limit, threshold.unit)
    if threshold.comparison is Comparison.AT_LEAST:
        return gettext("at least %(limit)s") % {"limit": limit}
    if threshold.comparison is Comparison.WITHIN:
        tolerance = shown_number(threshold.tolerance, 0)
        return gettext("%(limit)s, give or take %(tolerance)s") % {"limit": limit, "tolerance": tolerance}
    return gettext("none") if threshold.limit == 0 else gettext("at most %(limit)s") % {"limit": limit}


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _shown_count(numerator: Decimal | None, denominator: Decimal | None) -> str:
    """Return what a value was made from; working days with a decimal where they are not whole."""
    if numerator is None or denominator is None:
        return ""
    part, whole = (
        shown_number(number, 0 if number == number.to_integral_value() else 1)
        for number in (numerator, denominator)
    )
    return gettext("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def _note(code: str, flaw: str, days: str | None) -> str:
    """Return what is wrong with one offender."""
    said = str(FLAWS[flaw]) if flaw else ""
    if days is None:
        return said
    number = Decimal(days)
    shown = shown_value(abs(number) if code == Check.MISSED_TASKS else number, Unit.WORKING_DAYS)
    return f"{said}, {shown}" if said else shown


def _groups(
    members: Mapping[Any, tuple[Check | Finding, ...]],
    titles: Mapping[str, str | Promise],
    results: Mapping[str, CheckRow],
) -> tuple[GroupRow, ...]:
    """Return groups with the worst of their verdicts."""
    found = []
    for group, codes in members.items():
        checks = tuple(results[code] for code in codes if code in results)
        verdicts = {check.verdict for check in checks}
        verdict = next(
            (one for one in (Verdict.FAIL, Verdict.PASS) if one in verdicts), Verdict.NOT_APPLICABLE
        )
        found.append(GroupRow(str(group), titles[group], verdict, VERDICTS[verdict], checks))
    return tuple(found)


def export_headings() -> list[str]:
    """Return the columns of the export."""
    return [
        *(gettext("Number"), gettext("Check"), gettext("Value"), gettext("Numerator")),
        *(gettext("Denominator"), gettext("Threshold"), gettext("Result"), gettext("Reason")),
        *(gettext("WBS"), gettext("Task"), gettext("Predecessor"), gettext("Note")),
    ]


def export_rows(page: QualityPage) -> Iterable[list[Any]]:
    """Return a line for each offender, and one for each check without any."""
    for row in (*page.checks, *page.findings):
        check = [row.number, str(row.title), row.value, row.numerator, row.denominator, row.threshold]
        check += [str(row.verdict_title), str(row.reason)]
        if not row.offenders:
            yield [*check, "", "", "", ""]
        for one in row.offenders:
            before = one.before.name if one.before else ""
            yield [*check, one.task.wbs, one.task.name, before, one.note]
