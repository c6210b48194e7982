"""Content of project templates: scaling, amounts, what makes no project."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portfolio.rollup.methodology import Words
from portfolio.rollup.project_template import (
    LinkKind,
    RowKind,
    Technique,
    TemplateContent,
    TemplateFault,
    TemplateLine,
    TemplateLink,
    TemplateRole,
    TemplateRow,
    TemplateStep,
    faults_of_template,
    line_amounts,
    scaled_days,
)

DIG = TemplateRow("A", Words("Dig"), days=Decimal(3), role="CREW", parent="P")
SOUND = TemplateContent(
    name=Words("Trench", "Graben"),
    roles=(TemplateRole("CREW", Words("Crew", "Trupp")),),
    rows=(
        TemplateRow("P", Words("Works"), RowKind.SUMMARY),
        DIG,
        TemplateRow("M", Words("Done"), RowKind.MILESTONE, "P"),
    ),
    links=(TemplateLink("A", "M"),),
    lines=(TemplateLine(Words("Labor"), "LABOUR", percent=Decimal(100)),),
)


@pytest.mark.parametrize(
    ("days", "factor", "scaled"),
    [
        (8, "0.5", "4"),
        (3, "0.5", "1.5"),
        (5, "0.5", "2.5"),
        (1, "0.1", "0.5"),
        (3, "1.25", "4"),
        (3, "1", "3"),
    ],
)
def test_durations_scale_to_the_half_day(days: int, factor: str, scaled: str) -> None:
    """STD-12, EX-STD-4: 1.2 is 4 d, 1.3 is 1.5 d, 2.4 is 2.5 d at factor 0.5; never below half a day."""
    assert scaled_days(Decimal(days), Decimal(factor)) == Decimal(scaled)


def test_shares_add_up_to_the_total_exactly() -> None:
    """STD-9: the missing cent goes to the largest; reserves stand beside the total."""
    lines = [
        TemplateLine(Words("a"), "LABOUR", percent=Decimal("33.40")),
        TemplateLine(Words("b"), "OTHER", percent=Decimal("33.30")),
        TemplateLine(Words("c"), "TRAVEL", percent=Decimal("33.30")),
        TemplateLine(Words("r"), "CONTINGENCY", percent=Decimal(10)),
    ]

    assert line_amounts(lines, total=Decimal("0.99"), cost_factor=Decimal(1)) == [
        Decimal("0.33"),
        Decimal("0.33"),
        Decimal("0.33"),
        Decimal("0.10"),
    ]
    assert line_amounts(lines, total=None, cost_factor=Decimal(1)) == [None] * 4


def test_fixed_amounts_follow_the_cost_factor_and_shares_do_not() -> None:
    """STD-9."""
    lines = [
        TemplateLine(Words("a"), "LABOUR", amount=Decimal("1000.01")),
        TemplateLine(Words("b"), "OTHER", percent=Decimal(50)),
    ]

    assert line_amounts(lines, total=Decimal(400), cost_factor=Decimal("1.5")) == [
        Decimal("1500.02"),
        Decimal("200.00"),
    ]


def test_sound_content_has_no_faults_and_survives_storage() -> None:
    """The document is the content."""
    assert faults_of_template(SOUND) == []
    assert TemplateContent.from_dict(SOUND.to_dict()) == SOUND


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": Words()}, TemplateFault("NO_NAME", "name")),
        ({"rows": (), "links": ()}, TemplateFault("NO_ROWS", "rows")),
        ({"rows": (*SOUND.rows, DIG)}, TemplateFault("KEY_TWICE", "A")),
        ({"rows": (*SOUND.rows, replace(DIG, key="B", parent="A"))}, TemplateFault("NO_PARENT", "B", "A")),
        (
            {"rows": (*SOUND.rows, TemplateRow("Q", Words("Q"), RowKind.SUMMARY))},
            TemplateFault("EMPTY_SUMMARY", "Q"),
        ),
        ({"rows": (*SOUND.rows, replace(DIG, key="B", days=Decimal(0)))}, TemplateFault("NO_DURATION", "B")),
        (
            {"rows": (*SOUND.rows, TemplateRow("N", Words("N"), RowKind.MILESTONE, days=Decimal(1)))},
            TemplateFault("DURATION", "N"),
        ),
        ({"rows": (*SOUND.rows, replace(DIG, key="B", role="X"))}, TemplateFault("NO_ROLE", "B", "X")),
        (
            {"rows": (*SOUND.rows, replace(DIG, key="B", technique=Technique.WEIGHTED_MILESTONES))},
            TemplateFault("WEIGHTS", "B"),
        ),
        (
            {
                "rows": (
                    *SOUND.rows,
                    replace(
                        DIG,
                        key="B",
                        technique=Technique.WEIGHTED_MILESTONES,
                        steps=(TemplateStep(Words("half"), Decimal(60)),),
                    ),
                )
            },
            TemplateFault("WEIGHTS", "B"),
        ),
        ({"links": (TemplateLink("A", "X"),)}, TemplateFault("NO_END", "A FS X")),
        (
            {"links": (TemplateLink("P", "M", LinkKind.SS),)},
            TemplateFault("SUMMARY_LINK", "P SS M"),
        ),
        ({"links": (TemplateLink("A", "M"), TemplateLink("M", "A"))}, TemplateFault("RING", "A, M")),
        ({"lines": (TemplateLine(Words("L"), "OTHER"),)}, TemplateFault("LINE_AMOUNT", "1")),
        (
            {"lines": (*SOUND.lines, TemplateLine(Words("L"), "OTHER", percent=Decimal(1)))},
            TemplateFault("SHARES", "lines", "101"),
        ),
    ],
)
def test_what_makes_no_project_is_named(change: dict[str, object], fault: TemplateFault) -> None:
    """Each fault with its place; nothing else is complained about."""
    assert faults_of_template(replace(SOUND, **change)) == [fault]
