"""What the portal knows of a project on a day, as text for its documents."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.formats import date_format, number_format

from portfolio.rollup.document import MISSING, DocumentContent, Section, SectionRule, fill
from portfolio.selectors.governance import governance_of
from projects.choices import TaskKind
from projects.models import Project
from projects.selectors.members import leads_of
from projects.selectors.money import money_totals
from projects.selectors.plan_dates import shown_finish

MILESTONES = (TaskKind.START_MILESTONE, TaskKind.FINISH_MILESTONE)
MOST_MILESTONES = 20


def filled_sections(
    content: DocumentContent, project: Project, *, today: date, language: str, sees_money: bool
) -> tuple[Section, ...]:
    """
    Return the sections of a template filled with the values of a day. At most 14 queries.

    A section of money stays empty for who may not see money, and so does one that is an empty form.
    """
    facts = document_facts(project, today=today, language=language, sees_money=sees_money)
    return tuple(
        Section(
            code=rule.code,
            title=rule.title.text(language),
            text="" if is_hidden or rule.is_form(rule.text.text(language)) else _text(rule, facts, language),
            is_money=rule.is_money,
        )
        for rule in content.sections
        for is_hidden in (rule.is_money and not sees_money,)
    )


def suggestion(
    content: DocumentContent,
    code: str,
    project: Project,
    *,
    today: date,
    language: str,
    sees_money: bool,
) -> str:
    """Return the text a section would begin with today: what is known, or its empty form."""
    rule = content.section(code)
    if rule is None or (rule.is_money and not sees_money):
        return ""
    facts = document_facts(project, today=today, language=language, sees_money=sees_money)
    return _text(rule, facts, language)


def _text(rule: SectionRule, facts: dict[str, str], language: str) -> str:
    return fill(rule.text.text(language), facts, missing=MISSING.text(language))


def document_facts(project: Project, *, today: date, language: str, sees_money: bool) -> dict[str, str]:
    """Return the placeholders with their values; what is not known is absent. At most 14 queries."""
    with translation.override(language):
        facts = {**_project_facts(project, today), **_plan_facts(project, today), **_method(project, today)}
        if sees_money:
            facts |= _money_facts(project)
    return {name: value for name, value in facts.items() if value}


def _project_facts(project: Project, today: date) -> dict[str, str]:
    leads = leads_of(project, today=today)
    return {
        "project.code": project.code,
        "project.name": project.name,
        "project.description": project.description,
        "project.category": project.category,
        "project.unit": project.org_unit.name if project.org_unit else "",
        "project.tier": str(project.get_tier_display()),
        "project.state": str(project.get_state_display()),
        "project.currency": project.currency,
        "project.manager": ", ".join(user.name for user in leads.managers),
        "project.sponsor": ", ".join(user.name for user in leads.sponsors),
        "document.date": _day(today),
    }


def _plan_facts(project: Project, today: date) -> dict[str, str]:
    stops = project.tasks.filter(kind__in=MILESTONES, planned_finish__isnull=False)
    rows = stops.order_by("planned_finish", "pk")[:MOST_MILESTONES]
    return {
        "plan.start": _day(project.planned_start),
        "plan.finish": _day(project.planned_finish),
        "plan.must_finish_by": _day(project.must_finish_by),
        "plan.data_date": _day(project.data_date),
        "plan.milestones": "; ".join(
            f"{row.name} ({_day(shown_finish(row.planned_finish))})" for row in rows
        ),
    }


def _method(project: Project, today: date) -> dict[str, str]:
    known = governance_of(project, today)
    if known is None:
        return {}
    language = translation.get_language() or "en"
    return {"method.name": known.content.name.text(language), "method.version": known.version.version}


def _money_facts(project: Project) -> dict[str, str]:
    totals = money_totals(project)
    if totals.budget is None:
        return {}
    amounts = {
        "budget.total": totals.budget,
        "budget.at_completion": totals.bac,
        "budget.contingency": totals.contingency,
        "budget.management_reserve": totals.management_reserve,
        "cost.actual": totals.actual,
        "cost.committed": totals.open_commitments,
        "cost.forecast": totals.forecast,
    }
    return {name: _amount(amount, totals.currency) for name, amount in amounts.items() if amount is not None}


def _amount(amount: Decimal, currency: str) -> str:
    return f"{number_format(amount, 2, use_l10n=True, force_grouping=True)} {currency}"


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def open_sections(sections: Iterable[Section]) -> list[Section]:
    """Return the sections nobody wrote yet."""
    return [section for section in sections if not section.is_written]
