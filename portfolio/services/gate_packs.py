"""The gate pack on paper: what the forum reads before it decides (domain 2.10)."""

from datetime import date, datetime
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from pmo_portal.common.templatetags.common import money, percent1
from pmo_portal.documents.services.pdf import render_pdf
from portfolio.choices import GatePart
from portfolio.models import GateReview, ProjectHealth
from portfolio.selectors.gate_funds import Funds
from portfolio.selectors.gate_page import GateLine, GatePage
from portfolio.selectors.wording import dimension_name
from projects.choices import Rag
from projects.models import Project
from projects.selectors.members import leads_of

TONES = {"green": "good", "amber": "watch", "red": "bad", "": "neutral"}
RAG_TONES = {Rag.GREEN: "good", Rag.BLUE: "info", Rag.AMBER: "watch", Rag.RED: "bad", Rag.GREY: "neutral"}


def gate_pack_pdf(
    shown: GatePage, project: Project, *, address: str, funds: Funds | None, now: datetime
) -> bytes:
    """
    Return the pack of a review as PDF, in the language of the moment; frozen evidence once it is requested.

    Parameters
    ----------
    address : str
        Where the review stands in the portal.
    funds : Funds, optional
        What gates released; None for a reader who sees no totals of money: then amounts are left out.
    now : datetime
        When it is printed; stands in its properties.
    """
    day = shown.review.requested_on if shown.review and shown.review.requested_on else now.date()
    data = {
        "title": _("Gate pack %(gate)s: %(project)s") % {"gate": shown.stand.label, "project": project.name},
        "subtitle": shown.question,
        "foot": _("Found at %(address)s") % {"address": address},
        "pages": _("Page {page} of {pages}"),
        "facts": _facts(shown, project, day),
        "readiness": _readiness(shown),
        "tables": _tables(shown),
        "health": _health(project, day, may_see_money=funds is not None),
        "funds": _funds(funds),
        "request": _request(shown, funds),
        "seal": _("Seal of the evidence: %(checksum)s") % {"checksum": shown.review.checksum}
        if shown.review and shown.review.checksum
        else _("Not requested yet: this shows how the gate stands today."),
    }
    language = get_language() or "en"
    return render_pdf("portfolio/gates/pack.typ", data, language=language[:2], made_at=now)


def _facts(shown: GatePage, project: Project, day: date) -> list[list[str]]:
    leads = leads_of(project, today=day)
    review = shown.review
    return [
        [_("Project"), f"{project.code} {project.name}"],
        [_("State"), str(project.get_state_display())],
        [_("Sponsor"), ", ".join(person.name for person in leads.sponsors) or "–"],
        [_("Project manager"), ", ".join(person.name for person in leads.managers) or "–"],
        [_("Tier"), str(review.evidence["tier"]) if review and review.evidence else project.tier],
        [_("Methodology"), str(review.evidence["methodology"]) if review and review.evidence else "–"],
        [_("Planned for"), _day(shown.stand.day)],
        [_("Requested on"), _day(review.requested_on if review else None)],
        [_("Decided by"), shown.deciders],
        [_("Quorum"), str(shown.quorum)],
    ]


def _readiness(shown: GatePage) -> dict[str, Any]:
    found = shown.readiness
    percent = "—" if found.percent is None else str(percent1(found.percent))
    return {
        "title": _("Readiness"),
        "text": _("%(percent)s, passed from %(threshold)s")
        % {"percent": percent, "threshold": percent1(shown.threshold)},
        "verdict": _("ready") if found.is_ready else _("not ready"),
        "tone": "good" if found.is_ready else "bad",
        "note": shown.limits,
    }


def _tables(shown: GatePage) -> list[dict[str, Any]]:
    head = [_("Code"), _("What is asked"), pgettext("noun", "Answer"), _("Why")]
    tables = [
        (_("Checklist"), shown.lines),
        (_("Evidence: artefacts due here"), shown.artefacts),
    ]
    return [
        {"title": title, "head": head, "rows": [_line(line) for line in lines]}
        for title, lines in tables
        if lines
    ]


def _line(line: GateLine) -> dict[str, str]:
    marks = [_("knock-out")] if line.is_knock_out else []
    marks += [_("waived")] if line.is_waived else []
    text = f"{line.text} ({', '.join(marks)})" if marks else line.text
    note = f" “{line.note}”" if line.note else ""
    return {
        "code": line.code,
        "text": text,
        "answer": line.answer_title,
        "tone": TONES[line.tone],
        "why": f"{line.reason}{note}",
    }


def _health(project: Project, day: date, *, may_see_money: bool) -> dict[str, Any]:
    """Return forecast and health as they were known on the day; both may be unknown."""
    row = ProjectHealth.objects.filter(project=project, as_of__lte=day).order_by("-as_of").first()
    title = _("Forecast and health")
    if row is None:
        return {"title": title, "facts": [], "colors": [], "note": _("The project was not rated yet.")}
    facts = [
        [_("Rated on"), _day(row.as_of)],
        [_("Forecast finish"), _day(row.forecast_finish)],
        [_("Slip in working days"), "—" if row.slip_wd is None else str(row.slip_wd)],
        ["CPI", "—" if row.cpi is None else formats.number_format(row.cpi, 2)],
    ]
    if may_see_money:
        facts += [
            [_("Budget"), _amount(row.budget, row.currency)],
            [_("Forecast cost"), _amount(row.forecast, row.currency)],
        ]
    colors = [
        {"name": str(dimension_name(code)), "color": str(Rag(color).label), "tone": RAG_TONES[Rag(color)]}
        for code, color in row.dimension_colors.items()
    ]
    return {"title": title, "facts": facts, "colors": colors, "note": ""}


def _funds(funds: Funds | None) -> dict[str, Any]:
    """Return what gates released against budget and spending; nothing to show without sight of it."""
    if funds is None or not funds.releases:
        return {"facts": [], "rows": []}
    currency = funds.money.currency
    facts = [
        (_("Budget"), funds.money.budget),
        (_("Released"), funds.released),
        (_("Not released yet"), funds.left),
        (_("Spent or promised"), funds.money.spoken_for),
        (_("Released and free"), funds.free),
    ]
    return {
        "title": _("Money released at gates"),
        "facts": [[label, _amount(value, currency)] for label, value in facts],
        "head": [_("Gate"), _("For"), _("Decided on"), _("Released")],
        "rows": [
            [row.gate, row.phase, _day(row.decided_on), _amount(row.amount, currency)]
            if not row.is_lapsed
            else [row.gate, row.phase, _day(row.decided_on), _("lapsed")]
            for row in funds.releases
        ],
    }


def _request(shown: GatePage, funds: Funds | None) -> dict[str, Any]:
    """Return what is asked of the forum, its votes, and the decision once there is one."""
    review = shown.review
    decided = []
    if review is not None and review.decision:
        decided = [
            [_("Decision"), str(review.get_decision_display())],
            [_("Decided on"), _day(review.decided_on)],
            [_("Chair"), _chair(shown, review)],
            [_("Valid until"), _day(review.valid_until)],
        ]
        if funds is not None and review.released_amount is not None:
            decided.append([_("Released"), _amount(review.released_amount, funds.money.currency)])
        if funds is not None and review.cost_hold_id is not None:
            decided.append([_("Costs still booked during the hold"), ", ".join(shown.closing_lines) or "–"])
    choices = [f"{choice.title}: {choice.effect}" for choice in shown.decisions]
    titles = [_("Decision")] * bool(decided) + [_("What can be decided")] * bool(choices)
    return {
        "title": next(iter(titles), ""),
        "choices": choices,
        "members": {
            "title": _("Forum"),
            "head": [_("Name"), _("Part"), _("Vote"), _("Reason")],
            "rows": [
                [row.user.name, str(row.get_part_display()), str(row.get_vote_display()) or "—", row.reason]
                for row in shown.members
            ],
        },
        "decided": decided,
        "reason": review.reason if review and review.decision else "",
        "conditions": {
            "title": _("Conditions"),
            "head": [_("Condition"), _("Owner"), _("Due"), _("State")],
            "rows": [
                [row.text, row.owner.name, _day(row.due), str(row.get_state_display())]
                for row in shown.conditions
            ],
        },
        "dissent": [
            _("Dissent of %(name)s (%(vote)s): %(reason)s")
            % {"name": row.name, "vote": row.vote, "reason": row.reason}
            for row in shown.dissent
        ],
    }


def _chair(shown: GatePage, review: GateReview) -> str:
    """Return who decided; for decisions nobody signed in made, who chaired the forum."""
    if review.decided_by:
        return review.decided_by.name
    return next((row.user.name for row in shown.members if row.part == GatePart.CHAIR), "–")


def _day(day: date | None) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else "—"


def _amount(amount: Any, currency: str) -> str:
    return "—" if amount is None else str(money(amount, currency))
