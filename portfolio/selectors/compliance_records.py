"""Compliance of projects on a day, with the requirements behind the figure (HG1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language

from portfolio.models import MethodologyBinding
from portfolio.rollup.compliance import SCORES, ItemStatus
from portfolio.rollup.facts import RecordRef
from portfolio.rollup.methodology import Content
from portfolio.selectors.governance import Governance

LISTED = 5
REQUIREMENT = "requirement"
KEPT_LANGUAGE = "en"


@dataclass(frozen=True)
class ComplianceFigure:
    """The compliance in percent, and the requirements that are due and not fully met, heaviest first."""

    percent: Decimal
    records: tuple[RecordRef, ...] = ()


def compliance_figures(known: Mapping[int, Governance], day: date) -> dict[int, ComplianceFigure]:
    """Return the figure of the projects where anything is due. No query."""
    found = {pk: (governance, governance.compliance(day).percent) for pk, governance in known.items()}
    return {
        pk: ComplianceFigure(percent, _short_of(governance, day))
        for pk, (governance, percent) in found.items()
        if percent is not None
    }


def in_reader_language(
    records: Iterable[RecordRef], *, project_code: str, day: date
) -> tuple[RecordRef, ...]:
    """Return the records with requirements called as the reader says it. One query for other than English."""
    given = tuple(records)
    language = get_language() or KEPT_LANGUAGE
    if language.startswith(KEPT_LANGUAGE) or all(each.kind != REQUIREMENT for each in given):
        return given
    rows = MethodologyBinding.objects.filter(project__code=project_code, made_on__lte=day)
    binding = rows.select_related("version").order_by("-made_on", "-pk").first()
    if binding is None:
        return given
    content = binding.version.content
    return tuple(
        replace(each, label=_label(content, each.id, language) or each.label)
        if each.kind == REQUIREMENT
        else each
        for each in given
    )


def requirement_address(project_code: str, code: str) -> str:
    """Return where a requirement stands on the page of its project."""
    return f"{reverse('portfolio:governance', args=[project_code])}#requirement-{code}"


def _short_of(known: Governance, day: date) -> tuple[RecordRef, ...]:
    short = [
        item
        for item in known.items(day)
        if not item.is_own and item.status in SCORES and item.status != ItemStatus.MET
    ]
    short.sort(key=lambda item: -item.weight * (1 - SCORES[item.status]))
    return tuple(
        RecordRef(REQUIREMENT, item.code, _label(known.content, item.code, KEPT_LANGUAGE))
        for item in short[:LISTED]
    )


def _label(content: Content, code: str, language: str) -> str:
    row = content.requirement(code)
    return f"{code} {row.title.text(language)}" if row else ""
