"""The result of an assessment on paper, with gap plan and comparison over the years (NEED-2, MAT-3)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.templatetags.common import dash, index2, number1, percent0
from pmo_portal.documents.services.pdf import render_pdf
from portfolio.models import Assessment
from portfolio.selectors.assessment_words import perspective_names
from portfolio.selectors.assessments import Result, former_of, history_of
from portfolio.selectors.maturity_page import action_rows, maturity_history, profile_view
from portfolio.selectors.need_page import NeedView, history_rows, need_view

Table = dict[str, Any]


def assessment_pdf(found: Result, *, address: str, now: datetime, today: date) -> bytes:
    """
    Return the result of a round as PDF, in the language of the moment.

    Parameters
    ----------
    address : str
        Where the round stands in the portal.
    now : datetime
        When it is printed; stands in its properties.
    today : date
        Actions due before it are late.
    """
    language = (get_language() or "en")[:2]
    data = report_data(found, address=address, today=today)
    return render_pdf("portfolio/assessments/report.typ", data, language=language, made_at=now)


def report_data(found: Result, *, address: str, today: date) -> dict[str, Any]:
    """Return what the paper says, in words."""
    assessment = found.assessment
    parts = _need(found) if found.need else _maturity(found, today)
    return {
        "sender": organization_node().title,
        "title": assessment.title,
        "subtitle": _subtitle(assessment),
        "foot": _("Found at %(address)s") % {"address": address},
        "pages": _("Page {page} of {pages}"),
        "facts": [
            [_("As of"), _day(assessment.held_on)],
            [_("State"), str(assessment.get_state_display())],
            [_("Asked"), str(found.asked)],
            [_("Answered"), str(found.answered)],
        ],
        "note": _("The round is open; the result is provisional.") if assessment.is_open else "",
        **parts,
    }


def _subtitle(assessment: Assessment) -> str:
    scope = f" · {assessment.get_scope_display()}" if assessment.scope else ""
    unit = str(assessment.org_unit) if assessment.org_unit else _("The whole organization")
    return f"{assessment.get_kind_display()}{scope} · {unit}"


def _need(found: Result) -> dict[str, Any]:
    assert found.need is not None
    view = need_view(found.need)
    verdict = view.mandate or _("Not enough answers")
    said = [view.meaning, *view.distances] if view.mandate else []
    if view.advise_program_office:
        said.append(_("Hard projects in a small organization: set up a temporary program office for them."))
    tables = [
        *(_factors(view), _decided(view), _changing(view)),
        *(_differing(view), _need_years(found.assessment)),
    ]
    return {
        "verdict": verdict,
        "figure": _("Need %(index)s of 100") % {"index": number1(view.index)} if view.mandate else "",
        "said": said,
        "tables": [table for table in tables if table["rows"]],
    }


def _factors(view: NeedView) -> Table:
    spread = [_("Spread")] if view.has_several else []
    head = [_("Factor"), _("Score"), *spread, _("Answered"), _("Weight"), _("Adds to the need")]
    rows = [
        [
            *(row.name, number1(row.score), *([row.spread] if spread else [])),
            *(f"{row.answered} / {row.asked}", percent0(row.weight), str(dash(row.points))),
        ]
        for row in view.factors
    ]
    return _table(_("How it comes about"), head, rows)


def _decided(view: NeedView) -> Table:
    rows = [[rule, effect] for rule, _moved, effect in view.decided]
    return _table(_("What decided"), [_("Rule"), _("Effect")], rows, wide=2)


def _changing(view: NeedView) -> Table:
    head = [_("one factor alone, the others as they are")]
    return _table(_("What would change it"), head, [[change] for change in view.changes], wide=1)


def _differing(view: NeedView) -> Table:
    rows = [[f"{row.code} {row.text}", f"{row.low} – {row.high}"] for row in view.disagreements]
    return _table(_("Where respondents differ"), [_("Question"), _("Answers")], rows, wide=1)


def _need_years(assessment: Assessment) -> Table:
    head = [_("As of"), _("Complexity"), _("Size"), _("Maturity"), _("Need"), _("Recommendation")]
    rows = [
        [
            *(_day(row.assessment.held_on), number1(row.complexity), number1(row.size)),
            *(number1(row.maturity), number1(row.index), row.mandate),
        ]
        for row in history_rows(history_of(assessment.kind))
    ]
    return _table(_("Over the years"), head, rows)


def _maturity(found: Result, today: date) -> dict[str, Any]:
    assessment = found.assessment
    history = history_of(assessment.kind, assessment.scope)
    view = profile_view(found, former_of(assessment, history))
    head = [_("Perspective"), _("Level"), _("Continuous value"), _("Before"), _("Target"), _("Unanswered")]
    rows = [
        [
            *(row.name, f"{row.level} {row.level_name}", index2(row.continuous)),
            *(str(dash(row.former_level)), str(dash(row.target)), str(row.unanswered)),
        ]
        for row in view.perspectives
    ]
    tables = [
        _table(_("Profile"), head, rows),
        _gap_plan(assessment, today),
        _maturity_years(assessment),
    ]
    return {
        "verdict": _("Level %(level)s: %(name)s") % {"level": view.level, "name": view.level_name},
        "figure": _("continuous %(value)s") % {"value": index2(view.continuous)},
        "said": [_("The organization stands where its lowest perspective stands.")],
        "profile": [
            {"name": row.name, "level": row.level, "former": row.former_level, "target": row.target}
            for row in view.perspectives
        ],
        "legend": [_("Now"), _("Before"), _("Target")],
        "tables": [table for table in tables if table["rows"]],
    }


def _gap_plan(assessment: Assessment, today: date) -> Table:
    head = [_("Priority"), _("Perspective"), _("Action"), _("Owner"), _("Due"), _("Effort"), _("State")]
    rows = [
        [
            *(str(row.priority), row.perspective, row.action or row.statement, row.owner or "–"),
            *(_day(row.due), row.effort or "–", _("overdue") if row.is_overdue else row.state_title),
        ]
        for row in action_rows(assessment, today=today)
    ]
    return _table(_("Gap plan"), head, rows, wide=3)


def _maturity_years(assessment: Assessment) -> Table:
    head = [_("As of"), pgettext("maturity", "Level"), *perspective_names().values()]
    rows = [
        [_day(row.assessment.held_on), str(row.level), *(str(dash(each)) for each in row.perspectives)]
        for row in maturity_history(history_of(assessment.kind, assessment.scope))
    ]
    return _table(_("Over the years"), head, rows)


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, wide: int = 0) -> Table:
    """Return a table; ``wide`` is the number of the widest column, counted from 1."""
    widths = [3 if place == wide else 1 for place in range(1, len(head) + 1)]
    return {"title": title, "head": list(head), "rows": [list(row) for row in rows], "widths": widths}


def _day(day: date | None) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT") if day else "–"
