"""The result of a need assessment as its page shows it (NEED-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pmo_portal.common.templatetags.common import DASH, number1
from portfolio.choices import PmoMandate
from portfolio.models import Assessment
from portfolio.rollup.need import BANDS, LADDER, WEIGHTS, Change, Factor, Mandate, Need, Spread
from portfolio.selectors.assessment_words import FACTORS, MEANINGS, RULES, question_texts
from portfolio.selectors.assessments import decimal_of

WIDE_SPREAD = 2
WIDTH = 100


@dataclass(frozen=True)
class FactorRow:
    """A factor with what it adds to the index."""

    name: str
    score: Decimal | None
    answered: int
    asked: int
    weight: Decimal
    points: Decimal | None
    spread: str


@dataclass(frozen=True)
class Band:
    """A band of the scale, in percent of its width."""

    name: str
    start: int
    width: int
    is_hit: bool

    @property
    def range(self) -> str:
        """Which values belong to it, in words."""
        end = self.start + self.width
        if not self.start:
            return _("below %(end)s") % {"end": end}
        if end == WIDTH:
            return _("from %(start)s") % {"start": self.start}
        return _("%(start)s to below %(end)s") % {"start": self.start, "end": end}


@dataclass(frozen=True)
class SpreadRow:
    """A question on which respondents differ by two answers or more."""

    code: str
    text: str
    low: int
    high: int


@dataclass(frozen=True)
class NeedView:
    """Everything the result shows, in words."""

    factors: tuple[FactorRow, ...]
    index: Decimal | None
    mandate: str
    mandate_code: str
    meaning: str
    bands: tuple[Band, ...]
    distances: tuple[str, ...]
    decided: tuple[tuple[str, bool, str], ...]
    changes: tuple[str, ...]
    disagreements: tuple[SpreadRow, ...]
    has_several: bool
    advise_program_office: bool

    @property
    def mark(self) -> str:
        """The place of the index on the scale."""
        return f"{self.index}%"


@dataclass(frozen=True)
class HistoryRow:
    """A closed assessment in the comparison over years."""

    assessment: Assessment
    index: Decimal | None
    complexity: Decimal | None
    size: Decimal | None
    maturity: Decimal | None
    mandate: str
    delta: Decimal | None


def need_view(need: Need) -> NeedView:
    """Return the result in the words of the reader."""
    return NeedView(
        factors=tuple(_factor_rows(need)),
        index=decimal_of(need.index),
        mandate=name_of(need.mandate),
        mandate_code=need.mandate or "",
        meaning=str(MEANINGS[need.mandate]) if need.mandate else "",
        bands=tuple(_bands(need)),
        distances=tuple(_distances(need)),
        decided=tuple(
            (
                str(RULES[each.rule]),
                each.moved,
                _("%(before)s becomes %(after)s")
                % {"before": name_of(each.before), "after": name_of(each.after)}
                if each.moved
                else _("It holds, but changes nothing here."),
            )
            for each in need.rulings
        ),
        changes=tuple(_change(each) for each in need.changes),
        disagreements=tuple(_disagreements(need)),
        has_several=need.respondents > 1,
        advise_program_office=need.advise_program_office,
    )


def name_of(mandate: str | None) -> str:
    """Return a recommendation in the words of the reader."""
    return str(PmoMandate(mandate).label) if mandate else ""


def history_rows(history: Sequence[Assessment]) -> list[HistoryRow]:
    """Return the comparison over the years, the newest first."""
    rows = []
    for place, each in enumerate(history):
        index = _kept(each, "index")
        before = _kept(history[place + 1], "index") if place + 1 < len(history) else None
        rows.append(
            HistoryRow(
                each,
                index,
                _kept(each, Factor.COMPLEXITY.value),
                _kept(each, Factor.SIZE.value),
                _kept(each, Factor.MATURITY.value),
                name_of(each.result.get("mandate")),
                index - before if index is not None and before is not None else None,
            )
        )
    return rows


def _kept(assessment: Assessment, key: str) -> Decimal | None:
    value: Any = assessment.result.get(key)
    return None if value is None else Decimal(value)


def _factor_rows(need: Need) -> list[FactorRow]:
    rows = []
    for each in need.factors:
        counted = None if each.score is None else each.score
        if counted is not None and each.factor is Factor.MATURITY:
            counted = 100 - counted
        rows.append(
            FactorRow(
                str(FACTORS[each.factor]),
                decimal_of(each.score),
                each.answered,
                each.asked,
                decimal_of(WEIGHTS[each.factor] * 100, 0) or Decimal(0),
                None if counted is None else decimal_of(WEIGHTS[each.factor] * counted, 2),
                _spread(each.spread),
            )
        )
    return rows


def _spread(spread: Spread | None) -> str:
    """Return the lowest and highest score of a single respondent in words."""
    if spread is None:
        return DASH
    if not spread.width:
        return _("none")
    return f"{number1(decimal_of(spread.low))} – {number1(decimal_of(spread.high))}"


def _bands(need: Need) -> list[Band]:
    starts = [BANDS[mandate] for mandate in LADDER]
    ends = [*starts[1:], WIDTH]
    return [
        Band(name_of(mandate), start, end - start, mandate == need.band)
        for mandate, start, end in zip(LADDER, starts, ends, strict=True)
    ]


def _distances(need: Need) -> list[str]:
    if need.band is None:
        return []
    place = LADDER.index(need.band)
    told = []
    if need.mandate != need.band:
        told.append(_("By the need alone: %(band)s. A floor or cap decided.") % {"band": name_of(need.band)})
    if need.to_upper is not None:
        told.append(
            _distance(_("%(points)s points below the band %(band)s"), need.to_upper, LADDER[place + 1])
        )
    if need.to_lower is not None:
        told.append(
            _distance(_("%(points)s points above the band %(band)s"), need.to_lower, LADDER[place - 1])
        )
    return told


def _distance(sentence: str, points: Any, mandate: Mandate) -> str:
    return sentence % {"points": number1(decimal_of(points)), "band": name_of(mandate)}


def _change(change: Change) -> str:
    sentences: dict[tuple[bool, bool], str | Promise] = {
        (True, False): _("%(factor)s reaches %(score)s: %(mandate)s"),
        (True, True): _("%(factor)s rises above %(score)s: %(mandate)s"),
        (False, False): _("%(factor)s falls to %(score)s: %(mandate)s"),
        (False, True): _("%(factor)s falls below %(score)s: %(mandate)s"),
    }
    return str(sentences[change.is_rise, change.is_beyond]) % {
        "factor": FACTORS[change.factor],
        "score": number1(decimal_of(change.score)),
        "mandate": name_of(change.mandate),
    }


def _disagreements(need: Need) -> list[SpreadRow]:
    texts = question_texts()
    wide: list[tuple[str, Spread]] = [
        (code, spread) for code, spread in need.questions.items() if spread.width >= WIDE_SPREAD
    ]
    wide.sort(key=lambda pair: (-pair[1].width, pair[0]))
    return [SpreadRow(code, texts[code], int(each.low), int(each.high)) for code, each in wide]
